//! `export` and `import`: everything that is kept, documents and plans, as one file that browsers read and write too.

use std::fmt::Write;

use anyhow::{Context, Result};

use super::config::KeepConfig;
use super::{Exit, Host, render};
use crate::store::archive::{self, Archive, BYTES_MAX};
use crate::view::format::plural;

/// Writes everything that is kept to the file.
///
/// # Errors
/// Where standard output cannot be written.
pub async fn export(host: &dyn Host, config: &KeepConfig) -> Result<Exit> {
    let file = config.file.display();
    let kept = match host.kept(&config.storage) {
        Ok(kept) => kept,
        Err(why) => return Ok(refuse(host, &why)),
    };
    let packed = match archive::collect(&*kept.documents, &*kept.patterns).await {
        Ok(unpacked) => {
            for problem in &unpacked.problems {
                host.write_stderr(&render::harmless(&format!("note: {problem}\n")));
            }
            unpacked.archive.pack().map(|bytes| (unpacked.archive, bytes))
        }
        Err(error) => Err(error),
    };
    let (archive, bytes) = match packed {
        Ok(packed) => packed,
        Err(error) => return Ok(refuse(host, &format!("what is kept cannot be read: {error}"))),
    };
    if let Err(error) = host.write_file(&config.file, &bytes) {
        return Ok(refuse(host, &format!("cannot write {file}: {error}")));
    }
    let told = counts(archive.documents.len(), archive.patterns.len());
    host.write_stdout(&render::harmless(&format!("{told} written to {file}\n")))
        .context("standard output")?;
    Ok(Exit::Done)
}

/// Puts the contents of the file beside what is kept. Nothing that is there is written over by something else.
///
/// # Errors
/// Where standard output cannot be written.
pub async fn import(host: &dyn Host, config: &KeepConfig) -> Result<Exit> {
    let file = config.file.display();
    let bytes = match host.read_file(&config.file, BYTES_MAX as u64 + 1) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(refuse(host, &format!("cannot read {file}: {error}"))),
    };
    let unpacked = match Archive::unpack(&bytes) {
        Ok(unpacked) => unpacked,
        Err(error) => return Ok(refuse(host, &format!("{file} cannot be imported: {error}"))),
    };
    let kept = match host.kept(&config.storage) {
        Ok(kept) => kept,
        Err(why) => return Ok(refuse(host, &why)),
    };
    let restored = match archive::restore(unpacked, &*kept.documents, &*kept.patterns).await {
        Ok(restored) => restored,
        Err(error) => return Ok(refuse(host, &format!("what is kept cannot be read: {error}"))),
    };
    let mut told = format!("{} imported from {file}", counts(restored.documents, restored.patterns));
    if restored.copies > 0 {
        let copies = plural(restored.copies as u64, "document", "documents");
        // Writing to a text cannot fail.
        let _ = write!(told, "; {copies} under a name of their own, since what is kept differs");
    }
    if restored.known > 0 {
        let _ = write!(told, "; {} there already", plural(restored.known as u64, "document", "documents"));
    }
    if restored.patterns_left > 0 {
        let left = plural(restored.patterns_left as u64, "plan", "plans");
        let _ = write!(told, "; {left} left out, since those kept are as good");
    }
    for problem in &restored.problems {
        host.write_stderr(&render::harmless(&format!("error: {problem}\n")));
    }
    host.write_stdout(&render::harmless(&format!("{told}\n"))).context("standard output")?;
    Ok(if restored.problems.is_empty() { Exit::Done } else { Exit::InputError })
}

fn counts(documents: usize, patterns: usize) -> String {
    let documents = plural(documents as u64, "document", "documents");
    format!("{documents} and {}", plural(patterns as u64, "kept plan", "kept plans"))
}

fn refuse(host: &dyn Host, why: &str) -> Exit {
    host.write_stderr(&render::harmless(&format!("error: {why}\n")));
    Exit::InputError
}
