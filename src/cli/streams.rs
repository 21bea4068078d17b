//! Streams that a batch reads and writes, and its bar: what it needs of its platform beside [`super::Host`].

use std::io;

use futures::future::LocalBoxFuture;

/// Bytes of an answer's line at most, when it is read again.
pub const ANSWER_BYTES_MAX: usize = 1 << 30;

/// A line of a text that is read piece by piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Counts from 1.
    pub number: u64,
    /// Its bytes, without the line end.
    pub bytes: Vec<u8>,
    /// Bytes of the text up to the next line.
    pub end: u64,
    /// What there is of it.
    pub extent: Extent,
}

/// What there is of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it, a line end included.
    Whole,
    /// The text ends without a line end.
    Open,
    /// It is longer than the limit; what lies beyond was read and dropped.
    Cut,
}

/// Lines in the order of the text.
pub trait Lines {
    /// The next line; `None` at the end of the text.
    ///
    /// # Errors
    /// Where the text cannot be read.
    fn next(&mut self) -> LocalBoxFuture<'_, io::Result<Option<Line>>>;
}

/// Where answers go: a file that nobody else writes to meanwhile, or standard output.
pub trait Output {
    /// Bytes that the file has; of standard output zero.
    fn bytes(&self) -> u64;

    /// Drops what the file has beyond its first `bytes`.
    ///
    /// # Errors
    /// Where the file cannot be shortened.
    fn keep(&mut self, bytes: u64) -> io::Result<()>;

    /// Puts whole lines behind what is there, in one write, and flushes. A reader that went away is an error.
    ///
    /// # Errors
    /// Where they cannot be written.
    fn append(&mut self, lines: &str) -> io::Result<()>;
}

/// How far a batch has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Advance {
    /// Bytes of the batch file that are done with.
    pub bytes: u64,
    /// Answers that were written.
    pub answered: u64,
    /// Those of them with a plan.
    pub solved: u64,
}

/// A bar on standard error, where that is a terminal; it goes when it is dropped.
pub trait Bar {
    /// Shows how far the batch has come, with its rate and the time left.
    fn show(&self, advance: Advance);

    /// Goes on from here: what lies before was done by an earlier run, and does not count in the rate.
    fn skip_to(&self, bytes: u64);
}
