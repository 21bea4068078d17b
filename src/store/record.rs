//! The byte format of everything that is stored: versioned, checksummed, little-endian, fixed-width.
//!
//! | offset | bytes | what |
//! |---|---|---|
//! | 0 | 4 | magic `PLSC` |
//! | 4 | 2 | format version |
//! | 6 | 2 | kind of record |
//! | 8 | 4 | length of the payload in bytes |
//! | 12 | 8 | XXH3-64 of the twelve bytes before it and XXH3-64 of the payload, mixed by [`hash::mix`] |
//! | 20 | n | payload: UTF-8 JSON; for a [`super::Document`] with two texts as said in `document` |
//!
//! The header and what the checksum covers stay as they are in every later version, so that an
//! older program can tell "newer" from "damaged". Nothing here knows where the bytes are kept.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use crate::hash;

/// First bytes of every record.
pub const MAGIC: [u8; 4] = *b"PLSC";

/// The version whose payload is JSON and nothing else.
pub const JSON: u16 = 1;

/// The newest version that is read. A record is written in the oldest version that can hold it, so that
/// older pages read what they can.
pub const VERSION: u16 = 2;

/// Bytes before the payload.
pub const HEADER_BYTES: usize = 20;

/// Bytes of the header that the checksum covers.
const COVERED_BYTES: usize = 12;

/// What a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Kind {
    /// A [`super::Document`].
    Document = 1,
    /// A [`crate::plan::Pattern`].
    Pattern = 2,
    /// The first record of an [`super::Archive`].
    Archive = 3,
}

/// The record of `value`.
///
/// # Errors
/// [`StoreError::Full`] for a payload over 4 GiB; [`StoreError::Damaged`] for a value that has no
/// JSON form.
pub fn encode<T: Serialize>(kind: Kind, value: &T) -> Result<Vec<u8>, StoreError> {
    seal(kind, JSON, &json(value)?)
}

/// A value's JSON.
pub(super) fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value)
        .map_err(|error| StoreError::Damaged { key: String::new(), detail: error.to_string() })
}

/// The record of a payload.
pub(super) fn seal(kind: Kind, version: u16, payload: &[u8]) -> Result<Vec<u8>, StoreError> {
    let length = u32::try_from(payload.len())
        .map_err(|_| StoreError::Full { detail: "a record holds at most 4 GiB".to_owned() })?;
    let mut bytes = Vec::with_capacity(HEADER_BYTES + payload.len());
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&version.to_le_bytes());
    bytes.extend_from_slice(&(kind as u16).to_le_bytes());
    bytes.extend_from_slice(&length.to_le_bytes());
    let sum = checksum(&bytes, payload);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes.extend_from_slice(payload);
    Ok(bytes)
}

/// The value of a record; `key` names the record in errors.
///
/// # Errors
/// [`StoreError::Damaged`] where anything is not as written; [`StoreError::TooNew`] for an intact
/// record of a later version.
pub fn decode<T: DeserializeOwned>(kind: Kind, key: &str, bytes: &[u8]) -> Result<T, StoreError> {
    let (_, payload) = open(kind, key, bytes)?;
    serde_json::from_slice(payload)
        .map_err(|error| StoreError::Damaged { key: key.to_owned(), detail: error.to_string() })
}

/// The first of the records that stand one behind another, and the bytes after it; `None` where they do not begin with
/// a whole one. Whether it is intact is not looked at.
pub(super) fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let header = bytes.get(..HEADER_BYTES)?;
    let length = u32_at(header, 8) as usize;
    (header[..4] == MAGIC).then(|| bytes.split_at_checked(HEADER_BYTES.checked_add(length)?)).flatten()
}

/// Version and payload of a record.
pub(super) fn open<'b>(kind: Kind, key: &str, bytes: &'b [u8]) -> Result<(u16, &'b [u8]), StoreError> {
    let damaged = |detail: String| StoreError::Damaged { key: key.to_owned(), detail };
    let (Some(header), Some(payload)) = (bytes.get(..HEADER_BYTES), bytes.get(HEADER_BYTES..)) else {
        return Err(damaged(format!("{} bytes are too few for a record", bytes.len())));
    };
    if header[..4] != MAGIC {
        return Err(damaged("it does not begin like a record".to_owned()));
    }
    if u32_at(header, 8) as usize != payload.len() {
        return Err(damaged(format!(
            "{} bytes were written, {} are there",
            u32_at(header, 8),
            payload.len()
        )));
    }
    if u64_at(header, COVERED_BYTES) != checksum(&header[..COVERED_BYTES], payload) {
        return Err(damaged("its checksum does not match".to_owned()));
    }
    if u16_at(header, 4) > VERSION {
        return Err(StoreError::TooNew);
    }
    if u16_at(header, 6) != kind as u16 {
        return Err(damaged(format!("it is of kind {}, not {}", u16_at(header, 6), kind as u16)));
    }
    Ok((u16_at(header, 4), payload))
}

fn checksum(covered: &[u8], payload: &[u8]) -> u64 {
    hash::mix(hash::checksum(covered), hash::checksum(payload))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_of_version_1_does_not_change() {
        let bytes = encode(Kind::Document, &"wood").unwrap();
        assert_eq!(&bytes[..12], b"PLSC\x01\0\x01\0\x06\0\0\0");
        assert_eq!(&bytes[20..], b"\"wood\"");
        assert_eq!(decode::<String>(Kind::Document, "k", &bytes).unwrap(), "wood");
    }

    #[test]
    fn a_record_of_another_kind_is_refused() {
        let bytes = encode(Kind::Pattern, &1).unwrap();
        assert!(matches!(decode::<u8>(Kind::Document, "k", &bytes), Err(StoreError::Damaged { .. })));
    }

    #[test]
    fn an_intact_record_of_a_later_version_is_too_new() {
        let mut bytes = encode(Kind::Document, &1).unwrap();
        bytes[4] = VERSION as u8 + 1;
        let sum = checksum(&bytes[..COVERED_BYTES], &bytes[HEADER_BYTES..]);
        bytes[COVERED_BYTES..HEADER_BYTES].copy_from_slice(&sum.to_le_bytes());
        assert_eq!(decode::<u8>(Kind::Document, "k", &bytes), Err(StoreError::TooNew));
    }
}
