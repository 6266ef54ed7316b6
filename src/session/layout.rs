//! The layout of a session before it is sealed.
//!
//! Every request of a signed-in user reads it, so the fields have fixed sizes and places, and reading allocates nothing. In
//! order:
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

/// The fields of a session, with borrowed texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sealed<'a> {
    pub(super) binding: Binding,
    pub(super) session_id: SessionId,
    pub(super) phone: NonZeroU64,
    pub(super) assurance: PhoneAssurance,
    pub(super) subject: &'a str,
    pub(super) name: Option<&'a str>,
    pub(super) email: Option<&'a str>,
    pub(super) email_verified: bool,
    pub(super) authenticated_at: UnixTime,
    pub(super) expires_at: UnixTime,
    pub(super) seen_at: UnixTime,
    pub(super) proved_at: Option<UnixTime>,
    pub(super) issued_at: Option<UnixTime>,
    pub(super) asked_afresh: bool,
    pub(super) provider_session: Option<ProviderSession>,
    pub(super) known: Known,
    pub(super) checks: Checks,
}

const EMAIL_VERIFIED: u8 = 0b100;
const PROVIDER_SESSION: u8 = 0b1000;
const ASKED_AFRESH: u8 = 0b1_0000;
const KNOWN: u8 = 0b10_0000;
const ISSUED_AT: u8 = 0b100_0000;
const CHECKED: u8 = 0b1000_0000;
const FLAGS: u8 = EMAIL_VERIFIED | PROVIDER_SESSION | ASKED_AFRESH | KNOWN | ISSUED_AT | CHECKED;
const NEVER: u32 = u32::MAX;
/// The block of AES. A last block that is not full takes longer to open than a full one.
const BLOCK: usize = 16;

impl<'a> Sealed<'a> {
    /// `None` if a text is longer than 255 bytes.
    pub(super) fn write(&self) -> Option<Vec<u8>> {
        let texts = [
            self.subject,
            self.name.unwrap_or_default(),
            self.email.unwrap_or_default(),
        ];
        let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
        let flags = level(self.assurance)
            | flag(self.email_verified, EMAIL_VERIFIED)
            | flag(self.provider_session.is_some(), PROVIDER_SESSION)
            | flag(self.asked_afresh, ASKED_AFRESH)
            | flag(self.known != Known::default(), KNOWN)
            | flag(self.issued_at.is_some(), ISSUED_AT)
            | flag(self.checks != Checks::default(), CHECKED);
        let begun = self.authenticated_at;
        let mut plain = Vec::with_capacity(256);
        plain.put_slice(&self.binding.0);
        plain.put_slice(self.session_id.as_bytes());
        plain.put_u64(self.phone.get());
        plain.put_u8(flags);
        plain.put_u64(begun.as_secs());
        plain.put_i32(offset(begun, self.expires_at));
        plain.put_i32(offset(begun, self.seen_at));
        // A proof from after the sign-in is none, and never one of this very moment.
        let proved = self.proved_at.filter(|proved| *proved <= begun);
        plain.put_u32(proved.map_or(NEVER, |proved| seconds(proved, begun)));
        if let Some(issued) = self.issued_at {
            plain.put_i32(offset(begun, issued));
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
                plain.put_u32(time.map_or(NEVER, |time| seconds(begun, time)));
            }
        }
        for text in texts {
            plain.put_u8(text.len().try_into().ok()?);
        }
        for text in texts {
            plain.put_slice(text.as_bytes());
        }
        plain.resize(plain.len().next_multiple_of(BLOCK), 0);
        Some(plain)
    }

    /// `None` if `plain` has any other layout.
    pub(super) fn read(plain: &'a [u8]) -> Option<Self> {
        let is_whole = plain.len().is_multiple_of(BLOCK);
        let (binding, plain) = plain.split_first_chunk()?;
        let (session_id, mut plain) = plain.split_first_chunk()?;
        let phone = NonZeroU64::new(plain.try_get_u64().ok()?)?;
        let flags = plain.try_get_u8().ok()?;
        let begun = UnixTime::from_secs(plain.try_get_u64().ok()?);
        let [life, seen] = [plain.try_get_i32().ok()?, plain.try_get_i32().ok()?];
        let proved = plain.try_get_u32().ok()?;
        let issued = match flags & ISSUED_AT {
            0 => None,
            _ => Some(plain.try_get_i32().ok()?),
        };
        let (provider_session, mut plain) = match flags & PROVIDER_SESSION {
            0 => (None, plain),
            _ => plain
                .split_first_chunk()
                .map(|(session, rest)| (Some(ProviderSession::from_bytes(*session)), rest))?,
        };
        let known = match flags & KNOWN {
            0 => Known::default(),
            _ => Known {
                subject: plain.try_get_u64().ok()?,
                at_provider: plain.try_get_u64().ok()?,
            },
        };
        let checks = match flags & CHECKED {
            0 => Checks::default(),
            _ => Checks {
                passed_at: later(begun, plain.try_get_u32().ok()?),
                tried_at: later(begun, plain.try_get_u32().ok()?),
            },
        };
        let assurance = assurance(flags & !FLAGS)?;
        let (lengths, texts) = plain.split_first_chunk::<3>()?;
        let [subject, name, email] = lengths.map(usize::from);
        let texts = std::str::from_utf8(texts).ok()?;
        let (subject, texts) = texts.split_at_checked(subject)?;
        let (name, texts) = texts.split_at_checked(name)?;
        let (email, padding) = texts.split_at_checked(email)?;
        let is_padding = padding.len() < BLOCK && padding.bytes().all(|byte| byte == 0);
        (is_whole && is_padding).then_some(Self {
            binding: Binding(*binding),
            session_id: SessionId::from_bytes(*session_id),
            phone,
            assurance,
            subject,
            name: (!name.is_empty()).then_some(name),
            email: (!email.is_empty()).then_some(email),
            email_verified: flags & EMAIL_VERIFIED != 0,
            authenticated_at: begun,
            expires_at: moved(begun, life),
            seen_at: moved(begun, seen),
            provider_session,
            known,
            checks,
            asked_afresh: flags & ASKED_AFRESH != 0,
            issued_at: issued.map(|offset| moved(begun, offset)),
            proved_at: (proved != NEVER).then(|| begun.before(span(proved))),
        })
    }
}

/// Seconds from one time to another, which may be earlier: a sign-in just after a revocation is dated after the revocation.
fn offset(from: UnixTime, to: UnixTime) -> i32 {
    let later = i32::try_from(seconds(from, to)).unwrap_or(i32::MAX);
    let earlier = i32::try_from(seconds(to, from)).unwrap_or(i32::MAX);
    later - earlier
}

fn moved(from: UnixTime, offset: i32) -> UnixTime {
    let by = span(offset.unsigned_abs());
    if offset < 0 {
        from.before(by)
    } else {
        from.after(by)
    }
}

/// Seconds from one time to a later one, or 0 if `to` is earlier, as after a clock was set back.
fn seconds(from: UnixTime, to: UnixTime) -> u32 {
    let span = to.as_secs().saturating_sub(from.as_secs());
    u32::try_from(span).unwrap_or(NEVER).min(NEVER - 1)
}

/// A time that was written as seconds after `begun`, unless it is `NEVER`.
fn later(begun: UnixTime, seconds: u32) -> Option<UnixTime> {
    (seconds != NEVER).then(|| begun.after(span(seconds)))
}

fn span(seconds: u32) -> Duration {
    Duration::from_secs(seconds.into())
}

fn level(assurance: PhoneAssurance) -> u8 {
    match assurance {
        PhoneAssurance::Unverified => 0,
        PhoneAssurance::Asserted => 1,
        PhoneAssurance::Verified => 2,
    }
}

fn assurance(level: u8) -> Option<PhoneAssurance> {
    match level {
        0 => Some(PhoneAssurance::Unverified),
        1 => Some(PhoneAssurance::Asserted),
        2 => Some(PhoneAssurance::Verified),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BEGUN: u64 = 1_800_000_000;

    fn sealed<'a>(texts: &'a [String; 3], times: [u32; 3], flags: u8) -> Sealed<'a> {
        let [subject, name, email] = texts.each_ref().map(String::as_str);
        let begun = UnixTime::from_secs(BEGUN);
        let [life, seen, proved] = times;
        Sealed {
            binding: Binding([flags; 8]),
            session_id: SessionId::from_bytes([flags; 16]),
            phone: NonZeroU64::new(821_012_345_678).unwrap(),
            assurance: assurance(flags % 3).unwrap(),
            subject,
            name: Some(name).filter(|name| !name.is_empty()),
            email: Some(email).filter(|email| !email.is_empty()),
            email_verified: flags > 127,
            provider_session: flags
                .is_multiple_of(5)
                .then(|| ProviderSession::from_bytes([flags; 16])),
            known: Known {
                subject: u64::from(flags % 7) * 1_000_000,
                at_provider: u64::from(flags % 3),
            },
            authenticated_at: begun,
            expires_at: begun.after(span(life)),
            seen_at: begun.after(span(seen)),
            proved_at: flags
                .is_multiple_of(2)
                .then(|| begun.before(span(proved % 1_000_000))),
            asked_afresh: flags.is_multiple_of(3),
            issued_at: flags
                .is_multiple_of(7)
                .then(|| moved(begun, 50_000_i32 - i32::from(flags) * 900)),
            checks: match flags % 4 {
                0 => Checks::default(),
                kind => Checks {
                    passed_at: (kind != 1).then(|| begun.after(span(seen))),
                    tried_at: (kind != 2).then(|| begun.after(span(life))),
                },
            },
        }
    }

    proptest! {
        #[test]
        fn a_written_session_is_read(
            texts in ["[!-~]{1,255}", "\\PC{0,40}", "[a-z@.]{0,254}"],
            times: [u16; 3],
            flags: u8,
        ) {
            let sealed = sealed(&texts, times.map(u32::from), flags);
            let plain = sealed.write().unwrap();
            prop_assert_eq!(Sealed::read(&plain), Some(sealed));
            for cut in 0..plain.len() {
                prop_assert_eq!(Sealed::read(&plain[..cut]), None);
            }
            let longer = [&plain[..], b"x"].concat();
            prop_assert_eq!(Sealed::read(&longer), None);
        }

        #[test]
        fn no_bytes_panic(plain: Vec<u8>) {
            let _ = Sealed::read(&plain);
        }
    }

    #[test]
    fn the_oldest_proof_is_kept_and_one_after_the_sign_in_is_dropped() {
        let texts = ["s".to_owned(), String::new(), String::new()];
        for (proved, kept) in [
            (0, Some(0)),
            (1, Some(1)),
            (BEGUN - 1, Some(BEGUN - 1)),
            (BEGUN, Some(BEGUN)),
            (BEGUN + 1, None),
            (u64::MAX, None),
        ] {
            let mut sealed = sealed(&texts, [0; 3], 0);
            sealed.proved_at = Some(UnixTime::from_secs(proved));
            let plain = sealed.write().unwrap();
            let read = Sealed::read(&plain).unwrap();
            assert_eq!(read.proved_at, kept.map(UnixTime::from_secs), "{proved}");
        }
    }

    #[test]
    fn a_sign_in_dated_after_its_end_keeps_its_end() {
        let texts = ["7".to_owned(), String::new(), String::new()];
        let mut late = sealed(&texts, [5, 0, 0], 0);
        let end = late.expires_at;
        late.authenticated_at = end.after(span(60));
        let plain = late.write().unwrap();
        let read = Sealed::read(&plain).unwrap();
        assert_eq!((read.expires_at, read.seen_at), (end, late.seen_at));
        assert_eq!(read.authenticated_at, late.authenticated_at);
    }

    #[test]
    fn the_time_of_the_id_token_is_kept_whatever_the_difference_between_the_clocks() {
        let texts = ["7".to_owned(), String::new(), String::new()];
        let year = 365 * 24 * 60 * 60;
        for issued in [
            BEGUN,
            BEGUN - 600,
            BEGUN + 59,
            BEGUN - 40 * year,
            BEGUN + 40 * year,
        ] {
            let mut sealed = sealed(&texts, [0; 3], 0);
            sealed.issued_at = Some(UnixTime::from_secs(issued));
            let plain = sealed.write().unwrap();
            assert_eq!(Sealed::read(&plain).unwrap().issued_at, sealed.issued_at);
        }
    }

    #[test]
    fn a_text_too_long_for_its_length_is_not_written() {
        let texts = ["s".repeat(256), String::new(), String::new()];
        assert_eq!(sealed(&texts, [0; 3], 0).write(), None);
    }
}
