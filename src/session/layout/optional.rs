//! The fields that a session may lack.

use bytes::{Buf, BufMut};

use super::times::{NEVER, later, moved, offset, seconds};
use crate::{
    clock::UnixTime,
    phone::PhoneAssurance,
    session::{id::ProviderSession, recheck::Checks, user::Known},
};

/// The two bits of an assurance that has a byte of its own, in place of a level.
const ASSURANCE: u8 = 0b11;
const PROVIDER_SESSION: u8 = 0b1000;
const KNOWN: u8 = 0b10_0000;
const ISSUED_AT: u8 = 0b100_0000;
const CHECKED: u8 = 0b1000_0000;
/// In place of the time of a confirmation that the session does not have. No [`offset`] is so low.
const UNCONFIRMED: i32 = i32::MIN;

/// The fields that are there if their flag is set.
pub(super) struct Optional {
    pub(super) assurance: PhoneAssurance,
    pub(super) confirmed_at: Option<UnixTime>,
    pub(super) issued_at: Option<UnixTime>,
    pub(super) provider_session: Option<ProviderSession>,
    pub(super) known: Known,
    pub(super) checks: Checks,
}

impl Optional {
    /// The flags of these fields, and the level of the assurance if it fits into two bits.
    pub(super) fn flags(&self) -> u8 {
        let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
        let level = level(self.assurance);
        let fits = level < ASSURANCE && self.confirmed_at.is_none();
        let assurance = if fits { level } else { ASSURANCE };
        assurance
            | flag(self.provider_session.is_some(), PROVIDER_SESSION)
            | flag(self.known != Known::default(), KNOWN)
            | flag(self.issued_at.is_some(), ISSUED_AT)
            | flag(self.checks != Checks::default(), CHECKED)
    }

    /// Writes the fields in the order of the layout. [`read`](Self::read) must read them in the
    /// same order.
    pub(super) fn write(&self, start: UnixTime, plain: &mut Vec<u8>) {
        if self.flags() & ASSURANCE == ASSURANCE {
            plain.put_u8(level(self.assurance));
            let confirmed = self.confirmed_at;
            plain.put_i32(confirmed.map_or(UNCONFIRMED, |confirmed| offset(start, confirmed)));
        }
        if let Some(issued) = self.issued_at {
            plain.put_i32(offset(start, issued));
        }
        if let Some(session) = &self.provider_session {
            plain.put_slice(session.as_bytes());
        }
        if self.known != Known::default() {
            plain.put_u64(self.known.subject);
            plain.put_u64(self.known.at_provider);
        }
        if self.checks != Checks::default() {
            for time in [self.checks.passed_at, self.checks.tried_at] {
                plain.put_u32(time.map_or(NEVER, |time| seconds(start, time)));
            }
        }
    }

    /// Reads the fields whose flag is set, and moves `plain` behind them. `None` if it ends too
    /// early.
    #[inline(always)]
    pub(super) fn read(flags: u8, start: UnixTime, plain: &mut &[u8]) -> Option<Self> {
        let has = |flag: u8| flags & flag == flag;
        let mut read = Self {
            assurance: assurance(flags & ASSURANCE),
            confirmed_at: None,
            issued_at: None,
            provider_session: None,
            known: Known::default(),
            checks: Checks::default(),
        };
        if has(ASSURANCE) {
            read.assurance = assurance(plain.try_get_u8().ok()?);
            let confirmed = plain.try_get_i32().ok()?;
            read.confirmed_at = (confirmed != UNCONFIRMED).then(|| moved(start, confirmed));
        }
        if has(ISSUED_AT) {
            read.issued_at = Some(moved(start, plain.try_get_i32().ok()?));
        }
        if has(PROVIDER_SESSION) {
            let (session, rest) = plain.split_first_chunk()?;
            *plain = rest;
            read.provider_session = Some(ProviderSession::from_bytes(*session));
        }
        if has(KNOWN) {
            read.known.subject = plain.try_get_u64().ok()?;
            read.known.at_provider = plain.try_get_u64().ok()?;
        }
        if has(CHECKED) {
            read.checks.passed_at = later(start, plain.try_get_u32().ok()?);
            read.checks.tried_at = later(start, plain.try_get_u32().ok()?);
        }
        Some(read)
    }
}

/// The assurance as a number. The numbers are the format.
fn level(assurance: PhoneAssurance) -> u8 {
    match assurance {
        PhoneAssurance::Unverified => 0,
        PhoneAssurance::Asserted => 1,
        PhoneAssurance::Verified => 2,
        PhoneAssurance::Confirmed => 3,
        PhoneAssurance::Identified => 4,
    }
}

/// The reverse of [`level`]. A higher number is of a later version, and counts as the highest
/// assurance of this one.
fn assurance(level: u8) -> PhoneAssurance {
    match level {
        0 => PhoneAssurance::Unverified,
        1 => PhoneAssurance::Asserted,
        2 => PhoneAssurance::Verified,
        3 => PhoneAssurance::Confirmed,
        _ => PhoneAssurance::Identified,
    }
}
