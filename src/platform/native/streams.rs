//! Lines from a file or standard input, and answers to a file or standard output.
//!
//! A thread reads ahead of whoever takes the lines, by one parcel: reading may wait for a slow writer or disk
//! while searches and Ctrl-C go on. A parcel is what one read brought, or a line that is longer.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::thread;
use std::vec;

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use tokio::sync::mpsc;

use crate::cli::{Extent, Line, Lines, Output};

/// Bytes that one read asks for.
const READ_BYTES: usize = 64 << 10;

/// Lines on their way from the thread that reads them.
struct Threaded {
    parcels: mpsc::Receiver<io::Result<Vec<Line>>>,
    parcel: vec::IntoIter<Line>,
}

/// The lines of a file, or of standard input for `-`, of at most `line_bytes_max` bytes each.
///
/// # Errors
/// Where the file cannot be opened.
pub fn read_lines(path: &Path, line_bytes_max: usize) -> io::Result<Box<dyn Lines>> {
    let text: Box<dyn Read + Send> =
        if path.as_os_str() == "-" { Box::new(io::stdin()) } else { Box::new(File::open(path)?) };
    let (send, parcels) = mpsc::channel(1);
    let text = BufReader::with_capacity(READ_BYTES, text);
    // It ends with the text, or at its next line once nobody takes them.
    thread::Builder::new().name("lines".to_owned()).spawn(move || pump(text, line_bytes_max, &send))?;
    Ok(Box::new(Threaded { parcels, parcel: Vec::new().into_iter() }))
}

impl Lines for Threaded {
    fn next(&mut self) -> LocalBoxFuture<'_, io::Result<Option<Line>>> {
        async {
            loop {
                if let Some(line) = self.parcel.next() {
                    return Ok(Some(line));
                }
                match self.parcels.recv().await {
                    Some(parcel) => self.parcel = parcel?.into_iter(),
                    None => return Ok(None),
                }
            }
        }
        .boxed_local()
    }
}

fn pump<R: Read>(mut text: BufReader<R>, line_bytes_max: usize, send: &mpsc::Sender<io::Result<Vec<Line>>>) {
    let (mut number, mut end) = (0, 0);
    loop {
        let mut parcel = Vec::new();
        let failed = loop {
            match next_line(&mut text, line_bytes_max) {
                Ok(Some((bytes, extent, length))) => {
                    (number, end) = (number + 1, end + length);
                    parcel.push(Line { number, bytes, end, extent });
                }
                Ok(None) => break Some(None),
                Err(error) => break Some(Some(error)),
            }
            // Whether there is more can only be told by waiting for it.
            if !text.buffer().contains(&b'\n') {
                break None;
            }
        };
        let is_lost = !parcel.is_empty() && send.blocking_send(Ok(parcel)).is_err();
        match failed {
            None if !is_lost => {}
            Some(Some(error)) => {
                // Who takes no lines any more needs no error either.
                let _ = send.blocking_send(Err(error));
                return;
            }
            _ => return,
        }
    }
}

/// A line, what there is of it, and the bytes that it took with its end.
fn next_line(text: &mut impl BufRead, most: usize) -> io::Result<Option<(Vec<u8>, Extent, u64)>> {
    let mut bytes = Vec::new();
    let read = text.by_ref().take(most as u64 + 1).read_until(b'\n', &mut bytes)?;
    if read == 0 {
        return Ok(None);
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        return Ok(Some((bytes, Extent::Whole, read as u64)));
    }
    if bytes.len() <= most {
        return Ok(Some((bytes, Extent::Open, read as u64)));
    }
    bytes.truncate(most);
    let rest = text.skip_until(b'\n')?;
    Ok(Some((bytes, Extent::Cut, (read + rest) as u64)))
}

/// A file to write to, which is locked against other processes of this kind.
struct Locked(File);

/// Standard output.
struct Stdout;

/// The file at `path`, which need not exist; or standard output.
///
/// # Errors
/// Where the file cannot be opened, or another process writes to it.
pub fn output(path: Option<&Path>) -> io::Result<Box<dyn Output>> {
    let Some(path) = path else { return Ok(Box::new(Stdout)) };
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    // Some network file systems know no locks: there, nothing is held.
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        return Err(io::Error::new(io::ErrorKind::ResourceBusy, "another process writes to it"));
    }
    Ok(Box::new(Locked(file)))
}

impl Output for Locked {
    fn bytes(&self) -> u64 {
        self.0.metadata().map_or(0, |found| found.len())
    }

    fn keep(&mut self, bytes: u64) -> io::Result<()> {
        if self.bytes() > bytes { self.0.set_len(bytes) } else { Ok(()) }
    }

    fn append(&mut self, lines: &str) -> io::Result<()> {
        self.0.write_all(lines.as_bytes())
    }
}

impl Output for Stdout {
    fn bytes(&self) -> u64 {
        0
    }

    fn keep(&mut self, _: u64) -> io::Result<()> {
        Ok(())
    }

    fn append(&mut self, lines: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(lines.as_bytes())?;
        stdout.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn lines(text: &str, most: usize) -> Vec<(u64, String, Extent, u64)> {
        let (send, mut parcels) = mpsc::channel(64);
        pump(BufReader::with_capacity(4, Cursor::new(text.to_owned())), most, &send);
        drop(send);
        let mut found = Vec::new();
        while let Some(parcel) = parcels.blocking_recv() {
            for line in parcel.expect("a text in memory can be read") {
                let text = String::from_utf8(line.bytes).expect("it was text");
                found.push((line.number, text, line.extent, line.end));
            }
        }
        found
    }

    #[test]
    fn lines_have_numbers_ends_and_extents() {
        let line = |number, text: &str, extent, end| (number, text.to_owned(), extent, end);
        assert_eq!(
            lines("a\n\nbcdef\nghijklm\nn", 5),
            [
                line(1, "a", Extent::Whole, 2),
                line(2, "", Extent::Whole, 3),
                line(3, "bcdef", Extent::Whole, 9),
                line(4, "ghijk", Extent::Cut, 17),
                line(5, "n", Extent::Open, 18),
            ]
        );
        assert_eq!(lines("", 5), []);
        assert_eq!(lines("abcdef", 5), [line(1, "abcde", Extent::Cut, 6)]);
    }
}
