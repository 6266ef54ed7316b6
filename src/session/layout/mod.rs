//! The layout of a session before it is sealed.
//!
//! Every request of a signed-in user reads a session, so the fields have fixed sizes and places,
//! and reading allocates nothing. The fields in order:
//!
//! | bytes | field |
//! |---|---|
//! | 8, 16, 8 | binding, session id, digits of the phone number |
//! | 1 | assurance (0 to 2) and the flags below |
//! | 8 | sign-in, in seconds since 1970 |
//! | 4, 4 | end and last sealing, in seconds after (or before) the sign-in |
//! | 4 | proof of authentication, in seconds before the sign-in, or `NEVER` |
//! | 4 | `ISSUED_AT`: `iat` of the ID token, in seconds after the sign-in |
//! | 16 | `PROVIDER_SESSION`: hash of the `sid` |
//! | 8, 8 | `KNOWN`: dates of the revocations that the sign-in knew |
//! | 4, 4 | `CHECKED`: last check passed and last check tried |
//! | 1, 1, 1 | lengths of subject, name and email address, which follow |
//!
//! Fields that begin with a flag are there if the flag is set. Zeros fill up the last AES block.

use std::{num::NonZeroU64, time::Duration};

use bytes::{Buf, BufMut};

use super::{Binding, recheck::Checks};
use super::{
    id::{ProviderSession, SessionId},
    user::Known,
};
use crate::{clock::UnixTime, phone::PhoneAssurance};

#[cfg(test)]
mod tests;

/// The fields of a session, with borrowed texts. `VerifiedUser` documents those that it has too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sealed<'a> {
    pub(super) binding: Binding,
    pub(super) session_id: SessionId,
    /// The digits of the E.164 number, without the plus sign.
    pub(super) phone: NonZeroU64,
    pub(super) assurance: PhoneAssurance,
    pub(super) subject: &'a str,
    pub(super) name: Option<&'a str>,
    pub(super) email: Option<&'a str>,
    pub(super) email_verified: bool,
    /// The date of the sign-in. All other times except those of `known` are stored as seconds
    /// before or after it, in half the bytes.
    pub(super) authenticated_at: UnixTime,
    pub(super) expires_at: UnixTime,
    /// When the session was last sealed, from which the idle time counts.
    pub(super) seen_at: UnixTime,
    pub(super) proved_at: Option<UnixTime>,
    pub(super) issued_at: Option<UnixTime>,
    pub(super) asked_afresh: bool,
    pub(super) provider_session: Option<ProviderSession>,
    pub(super) known: Known,
    /// The last checks of the session with its provider.
    pub(super) checks: Checks,
}

const EMAIL_VERIFIED: u8 = 0b100;
const PROVIDER_SESSION: u8 = 0b1000;
const ASKED_AFRESH: u8 = 0b1_0000;
const KNOWN: u8 = 0b10_0000;
const ISSUED_AT: u8 = 0b100_0000;
const CHECKED: u8 = 0b1000_0000;
/// All flags. The two bits that are left hold the assurance.
const FLAGS: u8 = EMAIL_VERIFIED | PROVIDER_SESSION | ASKED_AFRESH | KNOWN | ISSUED_AT | CHECKED;
/// In place of a time that the session does not have. A time is at most one second less.
const NEVER: u32 = u32::MAX;
/// The block of AES. A last block that is not full takes longer to open than a full one.
const BLOCK: usize = 16;

impl<'a> Sealed<'a> {
    /// The plain text of a session. `None` if a text is longer than 255 bytes, because its length
    /// has one byte.
    pub(super) fn write(&self) -> Option<Vec<u8>> {
        let start = self.authenticated_at;
        let mut plain = Vec::with_capacity(256);
        plain.put_slice(&self.binding.0);
        plain.put_slice(self.session_id.as_bytes());
        plain.put_u64(self.phone.get());
        plain.put_u8(self.flags());
        plain.put_u64(start.as_secs());
        plain.put_i32(offset(start, self.expires_at));
        plain.put_i32(offset(start, self.seen_at));
        // A proof that is dated after the sign-in is dropped, because the layout has no place for
        // its time.
        let proved = self.proved_at.filter(|proved| *proved <= start);
        plain.put_u32(proved.map_or(NEVER, |proved| seconds(proved, start)));
        self.write_optional(&mut plain);
        let texts = [
            self.subject,
            self.name.unwrap_or_default(),
            self.email.unwrap_or_default(),
        ];
        for text in texts {
            plain.put_u8(text.len().try_into().ok()?);
        }
        texts
            .iter()
            .for_each(|text| plain.put_slice(text.as_bytes()));
        plain.resize(plain.len().next_multiple_of(BLOCK), 0);
        Some(plain)
    }

    /// The byte of the assurance and the flags.
    fn flags(&self) -> u8 {
        let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
        level(self.assurance)
            | flag(self.email_verified, EMAIL_VERIFIED)
            | flag(self.provider_session.is_some(), PROVIDER_SESSION)
            | flag(self.asked_afresh, ASKED_AFRESH)
            | flag(self.known != Known::default(), KNOWN)
            | flag(self.issued_at.is_some(), ISSUED_AT)
            | flag(self.checks != Checks::default(), CHECKED)
    }

    /// The fields that have a flag, in the order of the layout. [`Optional::read`] must read them
    /// in the same order.
    fn write_optional(&self, plain: &mut Vec<u8>) {
        let start = self.authenticated_at;
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

    /// The session that [`write`](Self::write) wrote. `None` if `plain` has any other layout.
    ///
    /// The seal has been verified, so another layout is one of another version of this crate, not
    /// an attack. The user then signs in again.
    pub(super) fn read(plain: &'a [u8]) -> Option<Self> {
        if !plain.len().is_multiple_of(BLOCK) {
            return None;
        }
        let (binding, plain) = plain.split_first_chunk()?;
        let (session_id, mut plain) = plain.split_first_chunk()?;
        let phone = NonZeroU64::new(plain.try_get_u64().ok()?)?;
        let flags = plain.try_get_u8().ok()?;
        let start = UnixTime::from_secs(plain.try_get_u64().ok()?);
        let [life, seen] = [plain.try_get_i32().ok()?, plain.try_get_i32().ok()?];
        let proved = plain.try_get_u32().ok()?;
        let optional = Optional::read(flags, start, &mut plain)?;
        let [subject, name, email] = texts(plain)?;
        Some(Self {
            binding: Binding(*binding),
            session_id: SessionId::from_bytes(*session_id),
            phone,
            assurance: assurance(flags & !FLAGS)?,
            subject,
            name: (!name.is_empty()).then_some(name),
            email: (!email.is_empty()).then_some(email),
            email_verified: flags & EMAIL_VERIFIED != 0,
            authenticated_at: start,
            expires_at: moved(start, life),
            seen_at: moved(start, seen),
            provider_session: optional.provider_session,
            known: optional.known,
            checks: optional.checks,
            asked_afresh: flags & ASKED_AFRESH != 0,
            issued_at: optional.issued_at,
            proved_at: (proved != NEVER).then(|| start.before(span(proved))),
        })
    }
}

/// The fields that have a flag.
struct Optional {
    issued_at: Option<UnixTime>,
    provider_session: Option<ProviderSession>,
    known: Known,
    checks: Checks,
}

impl Optional {
    /// Reads the fields whose flag is set, and moves `plain` behind them. `None` if it ends too
    /// early.
    fn read(flags: u8, start: UnixTime, plain: &mut &[u8]) -> Option<Self> {
        let has = |flag: u8| flags & flag != 0;
        let mut read = Self {
            issued_at: None,
            provider_session: None,
            known: Known::default(),
            checks: Checks::default(),
        };
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

/// Subject, name and email address. `None` if the rest is not padding of less than a block.
fn texts(plain: &[u8]) -> Option<[&str; 3]> {
    let (lengths, texts) = plain.split_first_chunk::<3>()?;
    let [subject, name, email] = lengths.map(usize::from);
    let texts = std::str::from_utf8(texts).ok()?;
    let (subject, texts) = texts.split_at_checked(subject)?;
    let (name, texts) = texts.split_at_checked(name)?;
    let (email, padding) = texts.split_at_checked(email)?;
    let is_padding = padding.len() < BLOCK && padding.bytes().all(|byte| byte == 0);
    is_padding.then_some([subject, name, email])
}

/// Seconds from one time to another. The result is negative if `to` is earlier. That happens
/// because `to` may be of another clock: that of the provider, or that of a replica which seals the
/// session again.
fn offset(from: UnixTime, to: UnixTime) -> i32 {
    let later = i32::try_from(seconds(from, to)).unwrap_or(i32::MAX);
    let earlier = i32::try_from(seconds(to, from)).unwrap_or(i32::MAX);
    later - earlier
}

/// The reverse of [`offset`].
fn moved(from: UnixTime, offset: i32) -> UnixTime {
    let by = span(offset.unsigned_abs());
    if offset < 0 {
        from.before(by)
    } else {
        from.after(by)
    }
}

/// Seconds from one time to a later one, at most one less than `NEVER`. 0 if `to` is earlier, as
/// after a clock was set back.
fn seconds(from: UnixTime, to: UnixTime) -> u32 {
    let span = to.as_secs().saturating_sub(from.as_secs());
    u32::try_from(span).unwrap_or(NEVER).min(NEVER - 1)
}

/// A time that was written as seconds after `start`, unless it is `NEVER`.
fn later(start: UnixTime, seconds: u32) -> Option<UnixTime> {
    (seconds != NEVER).then(|| start.after(span(seconds)))
}

fn span(seconds: u32) -> Duration {
    Duration::from_secs(seconds.into())
}

/// The assurance in two bits.
fn level(assurance: PhoneAssurance) -> u8 {
    match assurance {
        PhoneAssurance::Unverified => 0,
        PhoneAssurance::Asserted => 1,
        PhoneAssurance::Verified => 2,
    }
}

/// The reverse of [`level`]. `None` for 3, which no version has written.
fn assurance(level: u8) -> Option<PhoneAssurance> {
    match level {
        0 => Some(PhoneAssurance::Unverified),
        1 => Some(PhoneAssurance::Asserted),
        2 => Some(PhoneAssurance::Verified),
        _ => None,
    }
}
