//! One entry of the file: a line with the time, the payload and a checksum, separated by blanks.
//!
//! The time is by the clock of the log, and decides when the entry is removed. The payload is
//! sealed text, so the file can be looked at with a pager.

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode, percent_encode};

/// The bytes that would break a line. A sealed payload has none of them, so it is written as it is.
const ESCAPED: &AsciiSet = &CONTROLS.add(b' ').add(b'%');

/// Two line ends, so that one damaged byte between two entries costs at most one of them.
const END: &[u8] = b"\n\n";

/// Appends the line of an entry. `time` is when the entry is appended, in seconds since 1970.
pub(super) fn write(to: &mut Vec<u8>, time: u64, payload: &[u8]) {
    let text = format!("{time} {}", percent_encode(payload, ESCAPED));
    let sum = checksum(text.as_bytes());
    to.extend([text.as_bytes(), b" ", sum.as_bytes(), END].concat());
}

/// The time and the payload of an undamaged entry, without the line end. `None` for any other line,
/// whatever its bytes are.
pub(super) fn read(line: &[u8]) -> Option<(u64, Bytes)> {
    // The checksum is the last word and the time the first. Neither contains a blank, so the
    // payload may.
    let end = memchr::memrchr(b' ', line)?;
    let (text, sum) = line.split_at_checked(end)?;
    if sum.get(1..)? != checksum(text).as_bytes() {
        return None;
    }
    let start = memchr::memchr(b' ', text)?;
    let (time, payload) = text.split_at_checked(start)?;
    let time = std::str::from_utf8(time).ok()?.parse().ok()?;
    let payload: Vec<u8> = percent_decode(payload.get(1..)?).collect();
    Some((time, payload.into()))
}

/// The first 64 bits of SHA-256, as 16 hexadecimal digits. The checksum finds accidents. Forgery is
/// found when the payload is opened.
fn checksum(text: &[u8]) -> String {
    let hash = digest(&SHA256, text);
    let short = hash.as_ref().first_chunk().copied();
    format!("{:016x}", u64::from_be_bytes(short.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_payload_is_read_as_it_was_written(time: u64, payload: Vec<u8>) {
            let mut written = Vec::new();
            write(&mut written, time, &payload);
            let line = written.strip_suffix(END).unwrap();
            prop_assert!(!line.contains(&b'\n'));
            prop_assert_eq!(read(line), Some((time, payload.into())));
        }

        #[test]
        fn no_line_of_any_bytes_panics(line: Vec<u8>) {
            prop_assert_eq!(read(&line), None);
        }

        #[test]
        fn a_changed_line_is_no_entry(payload: Vec<u8>, at: prop::sample::Index, flip in 1..=255_u8) {
            let mut written = Vec::new();
            write(&mut written, 1_800_000_000, &payload);
            let mut line = written.strip_suffix(END).unwrap().to_vec();
            let at = at.index(line.len());
            line[at] ^= flip;
            prop_assert_eq!(read(&line), None);
        }
    }
}
