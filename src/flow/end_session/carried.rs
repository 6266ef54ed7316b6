//! The sealed cookies of a sign-out at the provider: the ID token, the refused account, and the
//! pending sign-out.
//!
//! The first two are bound to a provider by a [`Binding`], so they are void if the provider's
//! settings change. The pending sign-out holds a binding only if a sign-in follows. The ID token is
//! personal data. It stays sealed in the browser and is in no log.

use std::time::Duration;

use aws_lc_rs::{constant_time::verify_slices_are_equal, digest};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    clock::UnixTime,
    random,
    seal::PENDING_LIFE,
    session::{Binding, Session},
    web::{
        own_paths::Prefix,
        return_to::{FormId, ReturnTo},
    },
};

/// The time that the provider's sign-out page may stay open. Afterwards the way back shows the
/// ordinary page after a sign-out.
pub(crate) const LIFE: Duration = Duration::from_secs(10 * 60);
/// The longest return address that the cookie holds. The same reply carries the ID token in its
/// `Location`, so a longer address is left out.
const LONGEST_PLACE: usize = 300;

/// The ID token of one sign-in, which the provider gets as `id_token_hint`. The sign-in is named
/// beside it, because a later one may have replaced the session while an older cookie is still in
/// the browser. A session that a phone step of a route replaces is of the same sign-in.
#[derive(Serialize, Deserialize)]
pub(crate) struct Hint {
    /// The provider that issued the token.
    binding: Binding,
    /// The sign-in that the token belongs to.
    sign_in: [u8; 16],
    /// The token, as the provider sent it.
    id_token: String,
}

impl Hint {
    pub(crate) fn new(session: &Session, id_token: &SecretString) -> Self {
        Self {
            binding: session.binding,
            sign_in: sign_in(session),
            id_token: id_token.expose_secret().to_owned(),
        }
    }

    /// The ID token, if it is of the sign-in of this session. The token of another one would make
    /// the provider sign out another user.
    pub(crate) fn of(self, session: &Session) -> Option<SecretString> {
        let is_same = self.binding == session.binding && self.sign_in == sign_in(session);
        is_same.then(|| self.id_token.into())
    }
}

/// A hash of the user, of the time of the sign-in and of the session at the provider. A step of a
/// route, which gives the user a new session here, changes none of them.
fn sign_in(session: &Session) -> [u8; 16] {
    let facts = session.user.facts();
    let mut hash = digest::Context::new(&digest::SHA256);
    hash.update(&facts.authenticated_at.as_secs().to_be_bytes());
    let at_provider = facts.provider_session.as_ref();
    hash.update(at_provider.map_or(&[0; 16][..], |id| id.as_bytes()));
    hash.update(session.user.subject.as_bytes());
    let (hash, mut sign_in) = (hash.finish(), [0; 16]);
    let length = sign_in.len();
    sign_in.copy_from_slice(&hash.as_ref()[..length]);
    sign_in
}

/// An account that the provider signed in and that was refused here.
#[derive(Serialize, Deserialize)]
pub(crate) struct Account {
    /// The provider that signed the account in.
    binding: Binding,
    /// The account's ID token. `None` if the reply had no space for it.
    id_token: Option<String>,
    /// The time of the refusal.
    begun_at: UnixTime,
}

impl Account {
    pub(crate) fn new(binding: Binding, id_token: Option<&SecretString>, now: UnixTime) -> Self {
        Self {
            binding,
            id_token: id_token.map(|token| token.expose_secret().to_owned()),
            begun_at: now,
        }
    }

    /// Whether the account was refused at this provider, less than half an hour ago.
    pub(crate) fn is_of(&self, binding: Binding, now: UnixTime) -> bool {
        self.binding == binding && now < self.begun_at.after(PENDING_LIFE)
    }

    /// The ID token. `None` if it was too long for the cookie.
    pub(crate) fn id_token(self) -> Option<SecretString> {
        self.id_token.map(Into::into)
    }
}

/// A sign-out at the provider that is under way.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PendingLogout {
    /// The random `state`, which the provider returns with the user.
    state: String,
    /// The start, from which [`LIFE`] counts.
    begun_at: UnixTime,
    /// The sign-in that follows, for a user who wants another account.
    next: Option<Next>,
    /// Whether the user ended all sessions, which the page says at the end.
    was_everywhere: bool,
    /// The page before the sign-out. `None` for the start page.
    place: Option<String>,
    /// The application named that page, so the way back leads to it.
    is_named: bool,
}

/// The sign-in with another account that comes after a sign-out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Next {
    /// The provider of the sign-in.
    pub(crate) binding: Binding,
    /// The return address of the sign-in.
    return_to: String,
    /// A saved form that waits for the sign-in.
    form: Option<FormId>,
}

impl Next {
    pub(crate) fn new(binding: Binding, return_to: &ReturnTo) -> Self {
        Self {
            binding,
            return_to: return_to.as_str().to_owned(),
            form: return_to.form(),
        }
    }

    /// The return address, checked again, because a rule may have become stricter since.
    pub(crate) fn return_to(&self, prefix: &Prefix) -> ReturnTo {
        ReturnTo::parse(&self.return_to, prefix).with_form(self.form)
    }
}

impl PendingLogout {
    /// A sign-out that goes on to a sign-in. `None` without random bytes.
    pub(crate) fn to_sign_in(next: Next, now: UnixTime) -> Option<Self> {
        Some(Self {
            next: Some(next),
            ..Self::new(false, None, now)?
        })
    }

    /// A sign-out that ends on the page of `logout/signed_out.rs`. `None` without random bytes.
    pub(crate) fn to_sign_out(
        was_everywhere: bool,
        (place, is_named): (&ReturnTo, bool),
        now: UnixTime,
    ) -> Option<Self> {
        let place = place.as_str();
        let is_kept = place.len() <= LONGEST_PLACE;
        // Without a place the user gets to the start page, so that one needs no bytes.
        let is_place = is_kept && place != "/";
        Some(Self {
            is_named: is_named && is_kept,
            ..Self::new(was_everywhere, is_place.then(|| place.to_owned()), now)?
        })
    }

    fn new(was_everywhere: bool, place: Option<String>, now: UnixTime) -> Option<Self> {
        Some(Self {
            state: random::text::<32>()?,
            begun_at: now,
            next: None,
            was_everywhere,
            place,
            is_named: false,
        })
    }

    /// Whether all sessions of the user ended.
    pub(crate) fn was_everywhere(&self) -> bool {
        self.was_everywhere
    }

    /// Whether the application named the page.
    pub(crate) fn is_named(&self) -> bool {
        self.is_named
    }

    /// The page before the sign-out, checked again.
    pub(crate) fn place(&self, prefix: &Prefix) -> ReturnTo {
        let place = self.place.as_deref().unwrap_or_default();
        ReturnTo::parse(place, prefix)
    }

    /// The sign-in that follows. `None` for an ordinary sign-out.
    pub(crate) fn next(&self) -> Option<&Next> {
        self.next.as_ref()
    }

    /// The random `state` of the address, which the provider returns. The cookie alone would not
    /// show that the provider sent the user back, because any site can link to `/auth/logout/done`.
    pub(crate) fn state(&self) -> &str {
        &self.state
    }

    /// The start of the sign-out, at which its cookie is sealed.
    pub(crate) fn begun_at(&self) -> UnixTime {
        self.begun_at
    }

    /// Whether `state` is of this sign-out, in time. The comparison takes constant time.
    pub(crate) fn ends_with(&self, state: &str, now: UnixTime) -> bool {
        let same = verify_slices_are_equal(self.state.as_bytes(), state.as_bytes());
        same.is_ok() && now < self.begun_at.after(LIFE)
    }
}

#[cfg(test)]
mod tests;
