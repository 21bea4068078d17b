//! The same work measured on every platform: what is measured, how, and what came of it.
//!
//! A [`Workload`] is seeded work with a name, a unit and limits. [`measure()`] repeats it in rounds on a platform that
//! lends a [`Lab`] and answers a [`Report`], which is read and written as `parity.json`; a [`Comparison`] lays the
//! reports of two platforms side by side. A round is many repetitions, as many as take some milliseconds, so that a
//! clock that steps by 0.1 ms is good enough. Between rounds the event loop has its turn; what takes longer than a
//! slice is worked on in slices, and only the slices count.

mod comparison;
mod computing;
mod figures;
mod lab;
mod lookups;
mod measure;
mod problems;
mod report;
mod requests;
mod rounds;
mod tables;
mod waits;
mod workload;

pub use comparison::{Comparison, MEAN_MAX, Pair, WORST_MAX};
pub use figures::Spread;
pub use lab::{Disk, Lab, Machine, Platform};
pub use measure::{Event, Options, UnknownWorkload, measure};
pub use report::{BYTES_MAX, FORMAT, ReadError, Report, Row, Skipped};
pub use tables::{markdown, table};
pub use workload::{ALL, Judged, Kind, Unit, Workload};
