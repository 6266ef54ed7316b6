//! The layout of a session before it is sealed.
//!
//! Every request of a signed-in user reads a session, so the fields have fixed sizes and places,
//! and reading allocates nothing. The fields in order:
//!
//! | bytes | field |
//! |---|---|
//! | 8, 16, 8 | binding, session id, digits of the phone number |
//! | 1 | assurance (0 to 2), or `ASSURANCE`, and the flags below |
//! | 8 | sign-in, in seconds since 1970 |
//! | 4, 4 | end and last sealing, in seconds after (or before) the sign-in |
//! | 4 | proof of authentication, in seconds before the sign-in, or `NEVER` |
//! | 1, 4 | `ASSURANCE`: assurance (0 to 4), and when the number was confirmed, in seconds after the sign-in |
//! | 4 | `ISSUED_AT`: `iat` of the ID token, in seconds after the sign-in |
//! | 16 | `PROVIDER_SESSION`: hash of the `sid` |
//! | 8, 8 | `KNOWN`: dates of the revocations that the sign-in knew |
//! | 4, 4 | `CHECKED`: last check passed and last check tried |
//! | 1, 1, 1 | lengths of subject, name and email address, which follow |
//! | 1, 8, 2 | `CLAIMS`, the date that their maker knew, and the length of the application's claims, which follow |
//!
//! Fields that begin with a flag are there if the flag is set. Zeros fill up the last AES block.
//! The claims are there if the byte after the texts is no zero. A session that needs neither
//! `ASSURANCE` nor `CLAIMS` has the bytes of earlier versions, so replicas of both versions open
//! it.

use std::num::NonZeroU64;

use bytes::{Buf, BufMut};

use self::{
    optional::Optional,
    times::{NEVER, moved, offset, seconds, span},
};
use super::{Binding, recheck::Checks};
use super::{
    id::{ProviderSession, SessionId},
    user::Known,
};
use crate::{clock::UnixTime, phone::PhoneAssurance};

mod optional;
#[cfg(test)]
mod tests;
mod times;

/// The fields of a session, with borrowed texts. `VerifiedUser` documents those that it has too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sealed<'a> {
    pub(super) binding: Binding,
    pub(super) session_id: SessionId,
    /// The digits of the E.164 number, without the plus sign.
    pub(super) phone: NonZeroU64,
    pub(super) assurance: PhoneAssurance,
    /// When this layer saw a one-time code returned for the number.
    pub(super) confirmed_at: Option<UnixTime>,
    pub(super) subject: &'a str,
    /// Name and email address, empty if there is none. Every session has texts here, so they are
    /// checked only when the application reads them.
    pub(super) name: &'a [u8],
    pub(super) email: &'a [u8],
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
    /// See `Facts`.
    pub(super) claims_known: Option<u64>,
    /// The application's claims as JSON. Empty if there are none.
    pub(super) claims: &'a str,
}

const EMAIL_VERIFIED: u8 = 0b100;
const ASKED_AFRESH: u8 = 0b1_0000;
/// The byte before the length of claims.
const CLAIMS: u8 = 1;
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
        self.optional().write(start, &mut plain);
        let texts = [self.subject.as_bytes(), self.name, self.email];
        for text in texts {
            plain.put_u8(text.len().try_into().ok()?);
        }
        texts.iter().for_each(|text| plain.put_slice(text));
        if let Some(known) = self.claims_known {
            plain.put_u8(CLAIMS);
            plain.put_u64(known);
            plain.put_u16(self.claims.len().try_into().ok()?);
            plain.put_slice(self.claims.as_bytes());
        }
        plain.resize(plain.len().next_multiple_of(BLOCK), 0);
        Some(plain)
    }

    /// The byte of the assurance and the flags.
    fn flags(&self) -> u8 {
        let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
        self.optional().flags()
            | flag(self.email_verified, EMAIL_VERIFIED)
            | flag(self.asked_afresh, ASKED_AFRESH)
    }

    fn optional(&self) -> Optional {
        Optional {
            assurance: self.assurance,
            confirmed_at: self.confirmed_at,
            issued_at: self.issued_at,
            provider_session: self.provider_session,
            known: self.known,
            checks: self.checks,
        }
    }

    /// The session that [`write`](Self::write) wrote. `None` if `plain` has any other layout.
    ///
    /// The seal has been verified, so another layout is one of another version of this crate, not
    /// an attack. The user then signs in again.
    ///
    /// Inlined, so that the fields are not moved as a whole before the user is made of them.
    #[inline(always)]
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
        let ((subject, [name, email]), claims) = texts(plain)?;
        Some(Self {
            binding: Binding(*binding),
            session_id: SessionId::from_bytes(*session_id),
            phone,
            assurance: optional.assurance,
            confirmed_at: optional.confirmed_at,
            subject,
            name,
            email,
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
            claims_known: claims.map(|(known, _)| known),
            claims: claims.map_or("", |(_, claims)| claims),
        })
    }
}

/// The subject, and the bytes of name and email address.
type Texts<'a> = (&'a str, [&'a [u8]; 2]);
/// The date that the maker of the claims knew, and their JSON.
type Claims<'a> = (u64, &'a str);

/// Subject, name and email address, and the claims. `None` if the subject is no text, or if the
/// rest is not padding of less than a block.
#[inline(always)]
fn texts(plain: &[u8]) -> Option<(Texts<'_>, Option<Claims<'_>>)> {
    let (lengths, texts) = plain.split_first_chunk::<3>()?;
    let [subject, name, email] = lengths.map(usize::from);
    let (subject, texts) = texts.split_at_checked(subject)?;
    let (name, texts) = texts.split_at_checked(name)?;
    let (email, rest) = texts.split_at_checked(email)?;
    let (claims, padding) = claims(rest)?;
    let zeros = [0; BLOCK - 1];
    let is_padding = zeros.get(..padding.len()) == Some(padding);
    let subject = std::str::from_utf8(subject).ok()?;
    is_padding.then_some(((subject, [name, email]), claims))
}

/// The claims, if there are any, and the bytes behind them. `None` if the claims are cut off or no
/// text.
fn claims(rest: &[u8]) -> Option<(Option<Claims<'_>>, &[u8])> {
    let Some((&CLAIMS, mut claims)) = rest.split_first() else {
        return Some((None, rest));
    };
    let known = claims.try_get_u64().ok()?;
    let length = claims.try_get_u16().ok()?;
    let (claims, padding) = claims.split_at_checked(length.into())?;
    Some((Some((known, std::str::from_utf8(claims).ok()?)), padding))
}
