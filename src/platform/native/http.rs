//! The HTTP server: a listener, connections with limits, and the end of both.
//!
//! Connections are served on the runtime's one thread; what takes long is done by the planning threads. A
//! connection that sends no request within a time limit is closed, and so is one whose peer does not read.
//! Above the most connections that there may be, a new one is closed at once.

#![expect(clippy::disallowed_methods, reason = "this is where connections are spawned")]

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

use super::pool::{Pool, PoolConfig};
use crate::cli::{ServeConfig, Storage};
use crate::platform::stop;
use crate::runtime::spans;
use crate::serve::{App, Host, router};
use crate::service::End;

/// How long a connection may take to send the head of a request, or be idle.
const HEAD_TIME_MAX: Duration = Duration::from_secs(10);

/// How long a peer may read nothing of what it is sent.
const UNREAD_TIME_MAX: Duration = Duration::from_secs(30);

/// Bytes that a connection may hold of what it reads and writes.
const BUFFER_BYTES_MAX: usize = 64 << 10;

/// Open connections at most, where the system lets a process have as many files.
const CONNECTIONS_MAX: u64 = 16_384;

/// Connections that may wait until they are accepted: a burst of them, while the machine is busy otherwise.
const BACKLOG: i32 = 4_096;

/// Files that the process needs beside its connections.
const FILES_BESIDE: u64 = 64;

/// How long requests under way may go on when the server ends, and how long their answers then take.
const DRAIN: Duration = Duration::from_secs(10);
const LAST_ANSWERS: Duration = Duration::from_secs(3);

/// How long the listener waits where the system has no more files.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// Serves until the process is asked to end. `say` is told where it listens, and what a person should know.
///
/// # Errors
/// Where it cannot listen, or where the threads cannot be started.
pub(super) async fn serve(config: &ServeConfig, say: &dyn Fn(Said)) -> io::Result<()> {
    let files = rlimit::increase_nofile_limit(CONNECTIONS_MAX + FILES_BESIDE).unwrap_or(256);
    let connections_max = files.saturating_sub(FILES_BESIDE).clamp(16, CONNECTIONS_MAX) as usize;
    let listener = TcpListener::bind(&config.listen).await?;
    SockRef::from(&listener).listen(BACKLOG)?;
    let address = listener.local_addr()?;
    let pool_config =
        PoolConfig { threads: config.threads, queue: config.queue, max_in_flight: config.max_in_flight };
    let folder = match &config.storage {
        Storage::Memory => None,
        Storage::Folder(folder) => Some(folder.as_path()),
    };
    let (pool, notices) = Pool::start(pool_config, folder)?;
    notices.into_iter().for_each(|notice| say(Said::Notice(notice)));
    let mut http = config.http.clone();
    http.only_local_names = address.ip().is_loopback();
    if !http.only_local_names && http.token.is_none() {
        let notice = format!("whoever reaches {address} may plan here; --token-file asks for a token");
        say(Said::Notice(notice));
    }
    let pool = Arc::new(pool);
    let app = App::new(Arc::clone(&pool) as Arc<dyn Host>, http);
    let mut server = Server {
        router: router(app.clone()),
        connections: JoinSet::new(),
        graceful: GracefulShutdown::new(),
    };
    say(Said::Listening(format!("http://{address}")));
    server.accept_until(&listener, connections_max, stop::asked()).await;
    drop(listener);
    app.end();
    say(Said::Ending);
    server.end(&pool).await;
    let ended = Arc::clone(&pool);
    tokio::task::spawn_blocking(move || ended.join()).await.map_err(io::Error::other)?;
    summarize(&pool);
    Ok(())
}

/// Says in the log what the server has done.
fn summarize(pool: &Pool) {
    let totals = pool.totals();
    let ms = |length: Option<Duration>| length.unwrap_or_default().as_secs_f64() * 1e3;
    let hits = pool.caches().into_iter().map(|(cache, counters)| {
        let asked = counters.hits + counters.misses;
        format!("{cache} {} of {asked}", counters.hits)
    });
    let ends = End::ALL.iter().filter(|end| totals.ended(**end) > 0);
    let ends = ends.map(|&end| format!("{} {}", end.name(), totals.ended(end)));
    let store = pool.store().unwrap_or_default();
    tracing::info!(
        name: spans::SUMMARY,
        target: "planscope::summary",
        answered = totals.answered(),
        ends = ends.collect::<Vec<_>>().join(", "),
        median_wait_ms = ms(totals.waits.quantile(0.5)),
        longest_wait_ms = ms(Some(totals.waits.longest)),
        slices = totals.slices.count,
        longest_slice_ms = ms(Some(totals.slices.longest)),
        cache_hits = hits.collect::<Vec<_>>().join(", "),
        store_changes = store.written,
        store_batches = store.batches,
        "ended"
    );
}

/// What the server has to say.
pub(super) enum Said {
    /// It listens there.
    Listening(String),
    /// A person should know this.
    Notice(String),
    /// It takes no more requests.
    Ending,
}

struct Server {
    router: Router,
    connections: JoinSet<()>,
    graceful: GracefulShutdown,
}

impl Server {
    async fn accept_until(&mut self, listener: &TcpListener, most: usize, asked: impl Future<Output = ()>) {
        let mut asked = pin!(asked);
        loop {
            tokio::select! {
                () = &mut asked => return,
                Some(_) = self.connections.join_next() => {}
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) if self.connections.len() < most => self.take(stream),
                    Ok(_) => tracing::debug!("a connection too many was closed"),
                    Err(error) => {
                        tracing::warn!(%error, "a connection was not accepted");
                        sleep(ACCEPT_AGAIN).await;
                    }
                }
            }
        }
    }

    fn take(&mut self, stream: TcpStream) {
        // Answers are written as a whole.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(UNREAD_TIME_MAX));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME_MAX)
            .max_buf_size(BUFFER_BYTES_MAX)
            .serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(self.router.clone()));
        let watched = self.graceful.watch(connection);
        self.connections.spawn(async move {
            // A connection that broke off has nobody to tell.
            let _ = watched.await;
        });
    }

    /// Lets requests under way go on for a while, then cancels them, and at last breaks off who does not read.
    async fn end(mut self, pool: &Pool) {
        let drained = async {
            self.graceful.shutdown().await;
            while pool.load().in_flight > 0 {
                sleep(ACCEPT_AGAIN).await;
            }
        };
        let mut drained = pin!(drained);
        let patience = async {
            // Whoever asks twice does not want to wait.
            let _ = timeout(DRAIN, stop::asked()).await;
        };
        let is_over = tokio::select! {
            () = &mut drained => true,
            () = patience => false,
        };
        if !is_over {
            pool.cancel();
            let _ = timeout(LAST_ANSWERS, drained).await;
        }
        self.connections.shutdown().await;
    }
}
