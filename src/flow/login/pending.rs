//! The pending login: what the browser carries on its way to the provider and back, sealed.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::state::{self, Host, StateId};
use crate::{
    clock::UnixTime,
    seal::{PENDING_LIFE, Sealer},
    session::Binding,
    web::{
        own_paths::Prefix,
        return_to::{FormId, ReturnTo},
    },
};

/// Bytes of pending cookies that one browser may hold, names included, so that servers' header limits stay far. A number
/// would be too small for a browser that restores its tabs.
pub(crate) const MOST_BYTES: usize = 5000;
/// A place of this many bytes stands in the cookie as well, where it is found without the state. Twelve such cookies have
/// room.
const SHORT_PLACE: usize = 120;

/// One login attempt.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub(crate) binding: Binding,
    /// Random, bound to this browser by the sealed cookie (RFC 6749 section 10.12).
    pub(crate) state: String,
    pub(crate) nonce: String,
    /// RFC 7636 section 4.1.
    pub(crate) code_verifier: SecretString,
    pub(crate) return_to: ReturnTo,
    pub(crate) attempt: AttemptKind,
    pub(crate) begun_at: UnixTime,
}

/// Where in a login this attempt stands: each detour is taken once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AttemptKind {
    /// The person is being asked for the phone number again.
    pub(crate) asks_for_phone: bool,
    /// The provider said that it must show a page, and was asked once more.
    pub(crate) retried: bool,
    /// The provider is asked to have the person prove it again.
    pub(crate) fresh: bool,
    /// The provider is asked to let the user choose the account.
    pub(crate) another_account: bool,
    /// The session that this attempt checks; a sign-in of its own has none.
    pub(crate) rechecks: Option<[u8; 16]>,
}

#[derive(Serialize, Deserialize)]
struct Sealed<'a> {
    binding: Binding,
    state: StateId,
    nonce: [u8; 16],
    code_verifier: [u8; 32],
    place: Option<&'a str>,
    form: Option<FormId>,
    attempt: AttemptKind,
    begun_at: UnixTime,
}

impl Pending {
    /// None only if the primitives themselves fail.
    pub(crate) fn new(
        state_sealer: &Sealer,
        (binding, host): (Binding, Host),
        return_to: ReturnTo,
        attempt: AttemptKind,
        now: UnixTime,
    ) -> Option<Self> {
        Some(Self {
            binding,
            state: state::new(state_sealer, binding, &return_to, host, now)?,
            nonce: random::<16>()?,
            code_verifier: random::<32>()?.into(),
            return_to,
            attempt,
            begun_at: now,
        })
    }

    pub(crate) fn is_over(&self, now: UnixTime) -> bool {
        now >= self.begun_at.after(PENDING_LIFE)
    }

    /// None if the place stands in the state alone.
    pub(crate) fn place_in_cookie(&self) -> Option<&str> {
        let place = self.return_to.as_str();
        let in_cookie = place.len() <= SHORT_PLACE || !state::holds(&self.return_to);
        in_cookie.then_some(place)
    }

    pub(crate) fn seal(&self, sealer: &Sealer, name: &str) -> Option<String> {
        let sealed = Sealed {
            binding: self.binding,
            state: StateId::of(&self.state),
            nonce: bytes(&self.nonce)?,
            code_verifier: bytes(self.code_verifier.expose_secret())?,
            place: self.place_in_cookie(),
            form: self.return_to.form(),
            attempt: self.attempt,
            begun_at: self.begun_at,
        };
        sealer.seal(name, &postcard::to_allocvec(&sealed).ok()?, self.begun_at)
    }
}

/// One login attempt, as its cookie alone says it.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) binding: Binding,
    pub(crate) state: StateId,
    /// None if it stands in the state alone.
    pub(crate) place: Option<ReturnTo>,
    pub(crate) attempt: AttemptKind,
    pub(crate) begun_at: UnixTime,
    nonce: String,
    code_verifier: SecretString,
}

impl Held {
    /// Opens a pending cookie; none if it is forged. The target is judged again: a rule may have
    /// become stricter since.
    pub(crate) fn open(
        sealer: &Sealer,
        name: &str,
        value: &[u8],
        now: UnixTime,
        prefix: &Prefix,
    ) -> Option<Self> {
        let mut buffer = vec![0; value.len().min(8192)];
        let opened = sealer.open(name, value, now, &mut buffer)?;
        let sealed: Sealed<'_> = postcard::from_bytes(opened.plain).ok()?;
        let place = sealed.place.map(|place| ReturnTo::parse(place, prefix));
        Some(Self {
            binding: sealed.binding,
            state: sealed.state,
            place: place.map(|place| place.with_form(sealed.form)),
            attempt: sealed.attempt,
            begun_at: sealed.begun_at,
            nonce: URL_SAFE_NO_PAD.encode(sealed.nonce),
            code_verifier: URL_SAFE_NO_PAD.encode(sealed.code_verifier).into(),
        })
    }

    pub(crate) fn is_over(&self, now: UnixTime) -> bool {
        now >= self.begun_at.after(PENDING_LIFE)
    }

    /// The attempt, if this is its state, compared in constant time. The place stands here or in the state.
    pub(crate) fn claimed_by(
        self,
        state: &str,
        state_sealer: &Sealer,
        now: UnixTime,
        prefix: &Prefix,
    ) -> Option<Pending> {
        let sent = StateId::of(state);
        verify_slices_are_equal(self.state.as_bytes(), sent.as_bytes()).ok()?;
        let in_state = || state::open(state_sealer, self.binding, state, now, prefix)?.place;
        Some(Pending {
            binding: self.binding,
            return_to: self
                .place
                .clone()
                .or_else(in_state)
                .unwrap_or_else(|| ReturnTo::home(prefix)),
            state: state.to_owned(),
            nonce: self.nonce,
            code_verifier: self.code_verifier,
            attempt: self.attempt,
            begun_at: self.begun_at,
        })
    }
}

fn random<const N: usize>() -> Option<String> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}
