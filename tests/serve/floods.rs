//! Clients that mean no good, or know no better: the server stays up and answers the others.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::{Server, axe, endless, read, request, until};

const HEAD: &str = "POST /v1/plan HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

/// Whether the server has closed the connection.
fn is_closed(stream: &mut TcpStream) -> bool {
    stream.set_read_timeout(Some(Duration::from_millis(10))).expect("a timeout can be set");
    match stream.read(&mut [0; 4_096]) {
        Ok(0) => true,
        Ok(_) => false,
        Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

fn is_served(server: &Server) {
    let began = Instant::now();
    assert_eq!(server.post("/v1/plan", &json!({"goap": axe()})).status, 200);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[test]
fn connections_that_send_no_request_in_time_are_closed_and_others_are_answered() {
    let server = Server::start(&["--threads", "1"]);
    let mut silent: Vec<_> = (0..50).map(|_| server.connect()).collect();
    let mut slow: Vec<_> = (0..50).map(|_| server.connect()).collect();
    slow.iter_mut().for_each(|stream| stream.write_all(b"GET /healthz HTTP/1.1\r\nX-").expect("it listens"));
    let began = Instant::now();
    is_served(&server);
    // A letter now and then does not keep a connection.
    until(|| {
        slow.iter_mut().for_each(|stream| drop(stream.write_all(b"a")));
        std::thread::sleep(Duration::from_millis(300));
        silent.iter_mut().chain(&mut slow).all(is_closed)
    });
    assert!(began.elapsed() < Duration::from_secs(40), "{:?}", began.elapsed());
    is_served(&server);
}

#[test]
fn a_body_that_does_not_arrive_in_time_is_answered_with_408() {
    let server = Server::start(&["--threads", "1"]);
    let mut stream = server.connect();
    stream.write_all(format!("{HEAD}Content-Length: 100000\r\n\r\n{{").as_bytes()).expect("it listens");
    let began = Instant::now();
    let mut writer = stream.try_clone().expect("it can be shared");
    let feeding = std::thread::spawn(move || {
        while writer.write_all(b" ").is_ok() && began.elapsed() < Duration::from_secs(40) {
            std::thread::sleep(Duration::from_millis(500));
        }
    });
    let answer = read(&mut stream);
    assert_eq!(answer.error(), (408, "slow_body".to_owned()));
    assert!(began.elapsed() < Duration::from_secs(40), "{:?}", began.elapsed());
    drop(stream);
    feeding.join().expect("it ends");
    is_served(&server);
}

#[test]
fn thousands_of_open_connections_do_not_keep_others_from_being_answered() {
    let server = Server::start(&["--threads", "1"]);
    let mut open = Vec::new();
    while open.len() < 10_000 {
        // A machine that lets a process have fewer files is flooded as far as it goes.
        let Ok(stream) = TcpStream::connect(&server.address) else { break };
        open.push(stream);
    }
    assert!(open.len() > 500, "{} connections", open.len());
    // One more needs a file of this process too.
    open.truncate(open.len() - 10);
    is_served(&server);
    drop(open);
    is_served(&server);
}

#[test]
fn at_four_times_its_capacity_each_request_is_answered_once_and_nothing_grows() {
    let server = Server::start(&["--threads", "2", "--queue", "8", "--max-in-flight", "2"]);
    let hold =
        json!({"goap": endless()["goap"], "options": {"search": "bfs", "timeout_ms": 150}}).to_string();
    let hold = request("POST", "/v1/plan", &[("Content-Type", "application/json")], hold.as_bytes());
    let (mut answered, mut busy) = (0, 0);
    for _ in 0..4 {
        // Capacity is 2 × 2 in flight and 8 that wait.
        let mut streams: Vec<_> = (0..48).map(|_| server.connect()).collect();
        streams.iter_mut().for_each(|stream| stream.write_all(&hold).expect("it listens"));
        for stream in &mut streams {
            match read(stream).status {
                200 => answered += 1,
                429 => busy += 1,
                status => panic!("status {status}"),
            }
        }
    }
    assert_eq!(answered + busy, 192);
    assert!(answered >= 40 && busy >= 40, "{answered} answered, {busy} refused");
    let metrics = server.get("/metrics");
    let outcomes = format!("planscope_outcomes_total{{outcome=\"time_limit\"}} {answered}");
    assert!(metrics.text().lines().any(|line| line == outcomes), "{outcomes}: {}", metrics.text());
    let refused = format!("planscope_outcomes_total{{outcome=\"busy\"}} {busy}");
    assert!(metrics.text().lines().any(|line| line == refused), "{refused}: {}", metrics.text());
    for line in ["planscope_queue_length 0", "planscope_in_flight 0"] {
        assert!(metrics.text().lines().any(|known| known == line), "{line}: {}", metrics.text());
    }
}
