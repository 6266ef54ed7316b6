//! The sealed cookies of a sign-out at the provider: the ID token, the refused account, and the
//! pending sign-out.

use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use oauth2::CsrfToken;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    clock::UnixTime,
    seal::{PENDING_LIFE, Sealer},
    session::{Binding, Session},
    web::{
        own_paths::Prefix,
        return_to::{FormId, ReturnTo},
    },
};

/// The time that the provider's sign-out page may stay open.
pub(crate) const LIFE: Duration = Duration::from_secs(10 * 60);
/// The longest value. Browsers keep cookies of up to 4096 bytes with name and attributes (RFC
/// 6265bis section 5.6).
const LONGEST: usize = 3600;
/// The longest place. The ID token stands in the same reply, so a longer one is left out.
const LONGEST_PLACE: usize = 300;

/// The ID token of one session, which the provider gets as `id_token_hint`.
#[derive(Serialize, Deserialize)]
struct Hint<'a> {
    binding: Binding,
    session: [u8; 16],
    id_token: &'a str,
}

/// Seals the ID token. `None` if it is too long for a cookie; the provider then asks its user.
pub(crate) fn seal_hint(
    sealer: &Sealer,
    name: &str,
    session: &Session,
    id_token: &SecretString,
    now: UnixTime,
) -> Option<String> {
    let hint = Hint {
        binding: session.binding,
        session: *session.user.session_id.as_bytes(),
        id_token: id_token.expose_secret(),
    };
    let value = sealer.seal(name, &postcard::to_allocvec(&hint).ok()?, now)?;
    (value.len() <= LONGEST).then_some(value)
}

/// Opens the ID token, if it belongs to this very session.
pub(crate) fn open_hint(
    sealer: &Sealer,
    name: &str,
    value: &[u8],
    session: &Session,
    now: UnixTime,
) -> Option<SecretString> {
    let mut buffer = vec![0; value.len().min(LONGEST)];
    let opened = sealer.open(name, value, now, &mut buffer)?;
    let hint: Hint<'_> = postcard::from_bytes(opened.plain).ok()?;
    let same =
        hint.binding == session.binding && hint.session == *session.user.session_id.as_bytes();
    same.then(|| hint.id_token.into())
}

/// An account that the provider signed in and that was refused here.
pub(crate) struct Account {
    pub(crate) id_token: Option<SecretString>,
}

/// The refused account in its cookie.
#[derive(Serialize, Deserialize)]
struct SealedAccount<'a> {
    binding: Binding,
    id_token: Option<&'a str>,
    begun_at: UnixTime,
}

impl Account {
    /// Seals the account. `None` if it is too long for a cookie.
    pub(crate) fn seal(
        sealer: &Sealer,
        name: &str,
        binding: Binding,
        id_token: Option<&SecretString>,
        now: UnixTime,
    ) -> Option<String> {
        let account = SealedAccount {
            binding,
            id_token: id_token.map(ExposeSecret::expose_secret),
            begun_at: now,
        };
        let value = sealer.seal(name, &postcard::to_allocvec(&account).ok()?, now)?;
        (value.len() <= LONGEST).then_some(value)
    }

    /// Opens the account. `None` if it is forged, over, or of another provider.
    pub(crate) fn open(
        sealer: &Sealer,
        name: &str,
        value: &[u8],
        binding: Binding,
        now: UnixTime,
    ) -> Option<Self> {
        let mut buffer = vec![0; value.len().min(LONGEST)];
        let opened = sealer.open(name, value, now, &mut buffer)?;
        let account: SealedAccount<'_> = postcard::from_bytes(opened.plain).ok()?;
        let is_this = account.binding == binding && now < account.begun_at.after(PENDING_LIFE);
        is_this.then(|| Self {
            id_token: account.id_token.map(Into::into),
        })
    }
}

/// A sign-out at the provider that is under way.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PendingLogout {
    state: String,
    begun_at: UnixTime,
    /// The sign-in that follows, for a user who wants another account.
    next: Option<Next>,
    was_everywhere: bool,
    /// The page before the sign-out.
    place: Option<String>,
}

/// The sign-in with another account that comes after a sign-out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Next {
    pub(crate) binding: Binding,
    return_to: String,
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

    /// The place, checked again, because a rule may have become stricter since.
    pub(crate) fn return_to(&self, prefix: &Prefix) -> ReturnTo {
        ReturnTo::parse(&self.return_to, prefix).with_form(self.form)
    }
}

impl PendingLogout {
    /// A sign-out that goes on to a sign-in.
    pub(crate) fn to_sign_in(next: Next, now: UnixTime) -> Self {
        Self {
            next: Some(next),
            ..Self::new(false, None, now)
        }
    }

    /// A sign-out that ends on the page of `logout/signed_out.rs`.
    pub(crate) fn to_sign_out(was_everywhere: bool, place: &ReturnTo, now: UnixTime) -> Self {
        let place = place.as_str();
        let is_kept = place != "/" && place.len() <= LONGEST_PLACE;
        Self::new(was_everywhere, is_kept.then(|| place.to_owned()), now)
    }

    fn new(was_everywhere: bool, place: Option<String>, now: UnixTime) -> Self {
        Self {
            state: CsrfToken::new_random_len(32).into_secret(),
            begun_at: now,
            next: None,
            was_everywhere,
            place,
        }
    }

    /// Whether all sessions of the user ended.
    pub(crate) fn was_everywhere(&self) -> bool {
        self.was_everywhere
    }

    /// The page before the sign-out, checked again.
    pub(crate) fn place(&self, prefix: &Prefix) -> ReturnTo {
        let place = self.place.as_deref().unwrap_or_default();
        ReturnTo::parse(place, prefix)
    }

    pub(crate) fn next(&self) -> Option<&Next> {
        self.next.as_ref()
    }

    /// The random `state` of the address, which the provider returns.
    pub(crate) fn state(&self) -> &str {
        &self.state
    }

    pub(crate) fn seal(&self, sealer: &Sealer, name: &str) -> Option<String> {
        sealer.seal(name, &postcard::to_allocvec(self).ok()?, self.begun_at)
    }

    pub(crate) fn open(sealer: &Sealer, name: &str, value: &[u8], now: UnixTime) -> Option<Self> {
        let mut buffer = vec![0; value.len().min(LONGEST)];
        let opened = sealer.open(name, value, now, &mut buffer)?;
        postcard::from_bytes(opened.plain).ok()
    }

    /// Whether `state` is of this sign-out, in time.
    pub(crate) fn ends_with(&self, state: &str, now: UnixTime) -> bool {
        let same = verify_slices_are_equal(self.state.as_bytes(), state.as_bytes());
        same.is_ok() && now < self.begun_at.after(LIFE)
    }
}
