//! An entry as bytes, for a store outside of this process.

use serde::{Deserialize, Serialize};

use super::{
    Entry, Left, TRIES,
    sent_codes::{SentCode, SentCodes},
};
use crate::phone_step::keys::NumberId;

/// The fields. Most steps have one code, so the codes are a list.
#[derive(Serialize, Deserialize)]
struct Written {
    ends_at: u64,
    ahead: i64,
    number: NumberId,
    codes: Vec<SentCode>,
    seen: Left,
    next: Left,
    messages: u8,
    wrong: u8,
    checking: u8,
    unanswered: u8,
    has_changed: bool,
    is_done: bool,
}

impl Entry {
    /// The entry as bytes.
    pub(in super::super) fn encode(&self) -> Vec<u8> {
        let written = Written {
            ends_at: self.ends_at,
            ahead: self.ahead,
            number: self.number,
            codes: self.codes.to_vec(),
            seen: self.seen,
            next: self.next,
            messages: self.messages,
            wrong: self.wrong,
            checking: self.checking,
            unanswered: self.unanswered,
            has_changed: self.has_changed,
            is_done: self.is_done,
        };
        // Encoding such a struct into a vector does not fail.
        postcard::to_allocvec(&written).unwrap_or_default()
    }

    /// The reverse of [`encode`](Self::encode). `None` for other bytes.
    pub(in super::super) fn decode(bytes: &[u8]) -> Option<Self> {
        let written: Written = postcard::from_bytes(bytes).ok()?;
        Some(Self {
            ends_at: written.ends_at,
            ahead: written.ahead,
            number: written.number,
            codes: SentCodes::from_vec(written.codes),
            seen: written.seen,
            next: written.next,
            messages: written.messages,
            wrong: written.wrong.min(TRIES),
            checking: written.checking.min(TRIES),
            unanswered: written.unanswered,
            has_changed: written.has_changed,
            is_done: written.is_done,
        })
    }
}
