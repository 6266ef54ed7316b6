//! The facts about a session and its user, which all clones of a `VerifiedUser` share.
//!
//! They are one allocation for an ordinary user, because every request of a signed-in user makes
//! them.

use std::ops::Range;

use super::id::{ProviderSession, SessionId};
use crate::clock::UnixTime;

/// The facts that are no texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) session_id: SessionId,
    pub(crate) email_verified: bool,
    /// When the user signed in at this layer.
    pub(crate) authenticated_at: UnixTime,
    /// When the session ends at the latest.
    pub(crate) expires_at: UnixTime,
    /// When the user last authenticated at the provider, by the `auth_time` of a verified ID token
    /// (OpenID Connect Core section 2), and nothing else. `None` if the provider sends none.
    ///
    /// The sign-in may be later, because a provider that knows the browser asks for no password.
    pub(crate) proved_at: Option<UnixTime>,
    /// When this layer saw a one-time code returned for the number. `None` without a phone step.
    pub(crate) confirmed_at: Option<UnixTime>,
    /// Whether the provider was asked for a fresh authentication (`prompt=login` or `max_age`).
    /// Being asked proves nothing, because a browser can remove the parameters.
    pub(crate) asked_afresh: bool,
    /// The `iat` of the ID token. It is by the provider's clock, so it is compared with other times
    /// of the provider only.
    pub(crate) issued_at: Option<UnixTime>,
    /// The session at the provider, if the ID token had a `sid`. A report that names the `sid` ends
    /// this session.
    pub(crate) provider_session: Option<ProviderSession>,
    /// The revocations that the session began after.
    pub(crate) known: Known,
    /// The date of the last request for new claims that was known when the claims were made, in
    /// milliseconds since 1970, or 0 for none. `None` if no claims were made.
    pub(crate) claims_known: Option<u64>,
}

impl Facts {
    /// Whether the provider was asked for a fresh authentication and proved none.
    pub(crate) fn was_asked_in_vain(&self) -> bool {
        self.asked_afresh && self.proved_at.is_none()
    }

    /// The facts of a session that nothing else is known of.
    #[cfg(any(test, feature = "test-util"))]
    pub(crate) fn of(session_id: SessionId, begins: UnixTime, ends: UnixTime) -> Self {
        Self {
            session_id,
            email_verified: false,
            authenticated_at: begins,
            expires_at: ends,
            proved_at: None,
            confirmed_at: None,
            asked_afresh: false,
            issued_at: None,
            provider_session: None,
            known: Known::default(),
            claims_known: None,
        }
    }
}

/// The dates of the latest revocations that the sign-in knew, in milliseconds since 1970, or 0 if
/// there was none. The session began after these revocations, whatever the clocks of the replicas
/// say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// The latest revocation of all sessions of the user.
    pub(crate) subject: u64,
    /// The latest revocation of the session at the provider. For a user without a `sid`, the latest
    /// revocation of all sessions of the user without one.
    pub(crate) at_provider: u64,
}

/// All of it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Details {
    pub(crate) facts: Facts,
    texts: Texts,
}

/// The texts of a user. A text that the user does not have is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct UserTexts<'a> {
    pub(crate) subject: &'a str,
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
    /// The application's claims, as JSON.
    pub(crate) claims: &'a str,
}

impl Details {
    pub(crate) fn new(facts: Facts, texts: UserTexts<'_>) -> Self {
        let texts = [texts.subject, texts.name, texts.email, texts.claims];
        Self::of_bytes(facts, texts.map(str::as_bytes))
    }

    /// With the bytes of subject, name, email address and claims, as a session has them.
    #[inline(always)]
    pub(crate) fn of_bytes(facts: Facts, texts: [&[u8]; 4]) -> Self {
        Self {
            facts,
            texts: Texts::new(texts),
        }
    }

    pub(crate) fn texts(&self) -> UserTexts<'_> {
        let [subject, name, email, claims] = [0, 1, 2, 3].map(|index| self.texts.nth(index));
        UserTexts {
            subject,
            name,
            email,
            claims,
        }
    }

    /// The JSON of the application's claims, without reading the other texts.
    pub(crate) fn claims(&self) -> &str {
        self.texts.nth(3)
    }

    /// The subject, without reading the other texts.
    pub(crate) fn subject(&self) -> &str {
        self.texts.nth(0)
    }
}

/// Four texts in one piece of memory. Bytes that are no text are read as an empty one.
#[derive(Clone, PartialEq, Eq)]
struct Texts {
    lengths: [usize; 4],
    joined: Joined,
}

/// The length of texts that need no allocation of their own. The texts of an ordinary user have
/// about 50 bytes.
const ORDINARY: usize = 96;

#[derive(Clone, PartialEq, Eq)]
enum Joined {
    /// Short texts, filled up with zeros.
    Ordinary([u8; ORDINARY]),
    Long(Box<[u8]>),
}

impl Texts {
    #[inline(always)]
    fn new(texts: [&[u8]; 4]) -> Self {
        let mut short = [0; ORDINARY];
        let mut end = 0;
        for text in texts {
            let start = end;
            end += text.len();
            if let Some(place) = short.get_mut(start..end) {
                place.copy_from_slice(text);
            }
        }
        let joined = if end <= ORDINARY {
            Joined::Ordinary(short)
        } else {
            Joined::Long(texts.concat().into())
        };
        Self {
            lengths: texts.map(<[u8]>::len),
            joined,
        }
    }

    /// The text of this index.
    fn nth(&self, index: usize) -> &str {
        let start = self.lengths.iter().take(index).sum::<usize>();
        let length = self.lengths.get(index).copied().unwrap_or_default();
        self.joined.part(start..start + length)
    }
}

impl Joined {
    fn part(&self, range: Range<usize>) -> &str {
        let bytes = match self {
            Self::Ordinary(bytes) => bytes.get(range),
            Self::Long(bytes) => bytes.get(range),
        };
        let text = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok());
        text.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_an_empty_one() {
        let long = [b'x'; ORDINARY + 1];
        for other in [&b"a@b"[..], &long] {
            for wrong in [&b"\xff"[..], b"a\xc3", b"\xed\xa0\x80"] {
                let texts = Texts::new([b"1", wrong, other, b""]);
                assert_eq!([0, 1].map(|index| texts.nth(index)), ["1", ""]);
                assert_eq!(texts.nth(2).as_bytes(), other);
            }
        }
    }

    #[test]
    fn texts_of_every_length_are_kept_whole() {
        let long = "가".repeat(90);
        for subject in ["", "1", &"s".repeat(90), &"s".repeat(96), &"s".repeat(255)] {
            for [name, email] in [["", ""], ["김지우", ""], ["", "a@b"], ["우", &long]] {
                for claims in ["", "{}", &long] {
                    let texts = Texts::new([subject, name, email, claims].map(str::as_bytes));
                    let read = [0, 1, 2, 3].map(|index| texts.nth(index));
                    assert_eq!(read, [subject, name, email, claims]);
                }
            }
        }
    }
}
