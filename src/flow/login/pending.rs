//! The pending sign-in: the state of one sign-in while the user is at the provider.
//!
//! No replica keeps any part of a pending sign-in. The browser carries each one in a sealed cookie
//! that is named after the `state`. Only the browser that began a sign-in can therefore finish it,
//! at any replica, and several tabs do not disturb each other. [`Pending`] is complete. [`Held`] is
//! the content of the cookie alone, whose return address may stand in the `state` instead.
//!
//! | field | checked at the callback against |
//! |---|---|
//! | `binding` | the provider in the path, and its current settings |
//! | `state` | the `state` of the query, in constant time |
//! | `nonce` | the `nonce` of the ID token |
//! | `code_verifier` | sent with the code, checked by the provider |
//! | `begun_at` | the clock: the sign-in is over after 30 minutes |
//! | `attempt` | the kind of the outcome: a session, or the result of a check |

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::state::{self, Host, StateId};
use crate::{
    clock::UnixTime,
    random,
    seal::{PENDING_LIFE, Sealer},
    session::Binding,
    web::{
        own_paths::Prefix,
        return_to::{FormId, ReturnTo},
    },
};

/// The most bytes of pending cookies in one browser, names included. Servers refuse a `Cookie`
/// header of more than 8 KiB (nginx, `large_client_header_buffers`), and the application needs its
/// share. The limit is on bytes and not on the number of cookies, because a browser that restores
/// twelve tabs begins twelve sign-ins.
pub(crate) const MAX_BYTES: usize = 5000;
/// A return address of at most this many bytes also stands in the cookie, where it is found without
/// the `state`. Twelve such cookies stay within the limit.
const SHORT_PLACE: usize = 120;

/// One sign-in that is under way.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    /// The provider at which the sign-in began. A callback of another provider does not match.
    pub(crate) binding: Binding,
    /// The `state`, bound to this browser by the sealed cookie (RFC 6749 section 10.12).
    pub(crate) state: String,
    /// The `nonce`, which the ID token must repeat (OpenID Connect Core section 3.1.3.7).
    pub(crate) nonce: String,
    /// The PKCE verifier (RFC 7636 section 4.1).
    pub(crate) code_verifier: SecretString,
    /// The return address, from the cookie or from the `state`.
    pub(crate) return_to: ReturnTo,
    /// The kind of the sign-in, with the detours that were taken.
    pub(crate) attempt: AttemptKind,
    /// The start, from which the time of the sign-in and of its cookies counts.
    pub(crate) begun_at: UnixTime,
}

/// The kind of a sign-in or check. It is part of the sealed cookie, so that each detour, such as a
/// second redirect for consent, is taken once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AttemptKind {
    /// The provider asks the user again for consent to share the phone number.
    pub(crate) asks_for_phone: bool,
    /// The provider said that it must show a page, and was asked once more.
    pub(crate) retried: bool,
    /// The provider is asked to authenticate the user again.
    pub(crate) fresh: bool,
    /// The provider is asked to let the user choose the account.
    pub(crate) another_account: bool,
    /// The id of the session that is checked with the provider. `None` for a sign-in.
    pub(crate) rechecks: Option<[u8; 16]>,
}

/// The content of the cookie. The random texts are kept as bytes in place of Base64, which makes
/// the cookie a quarter smaller.
#[derive(Serialize, Deserialize)]
pub(crate) struct SealedPending {
    binding: Binding,
    state: StateId,
    nonce: [u8; 16],
    code_verifier: [u8; 32],
    place: Option<String>,
    form: Option<FormId>,
    attempt: AttemptKind,
    begun_at: UnixTime,
}

impl SealedPending {
    /// The time of the start, or `None` if the sign-in is over.
    pub(crate) fn live_since(&self, now: UnixTime) -> Option<UnixTime> {
        (now < self.begun_at.after(PENDING_LIFE)).then_some(self.begun_at)
    }

    pub(crate) fn state(&self) -> &StateId {
        &self.state
    }
}

impl Pending {
    /// A new sign-in or check with random secrets. `None` only if the system gives no random bytes
    /// or sealing fails.
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
            nonce: random::text::<16>()?,
            // 32 bytes are 43 characters in Base64, the fewest that a verifier may have (RFC 7636
            // section 4.1).
            code_verifier: random::text::<32>()?.into(),
            return_to,
            attempt,
            begun_at: now,
        })
    }

    /// Whether the time of the sign-in has passed. The cookie's `Max-Age` says the same, but a
    /// browser may ignore it.
    pub(crate) fn is_over(&self, now: UnixTime) -> bool {
        now >= self.begun_at.after(PENDING_LIFE)
    }

    /// The return address, if the cookie holds it. A short one stands in the cookie and in the
    /// `state`, one of medium length in the `state` alone, and one that is too long for a `state`
    /// in the cookie alone.
    pub(crate) fn place_in_cookie(&self) -> Option<&str> {
        let place = self.return_to.as_str();
        let in_cookie = place.len() <= SHORT_PLACE || !state::holds(&self.return_to);
        in_cookie.then_some(place)
    }

    /// The content of the cookie. `None` only if a text is no Base64 of the right length, which
    /// [`Pending::new`] never makes.
    pub(crate) fn sealed(&self) -> Option<SealedPending> {
        Some(SealedPending {
            binding: self.binding,
            state: StateId::of(&self.state),
            nonce: bytes(&self.nonce)?,
            code_verifier: bytes(self.code_verifier.expose_secret())?,
            place: self.place_in_cookie().map(str::to_owned),
            form: self.return_to.form(),
            attempt: self.attempt,
            begun_at: self.begun_at,
        })
    }
}

/// A pending sign-in as its cookie holds it, before the `state` is compared.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) binding: Binding,
    pub(crate) state: StateId,
    /// The return address. `None` if the `state` alone holds it.
    pub(crate) place: Option<ReturnTo>,
    pub(crate) attempt: AttemptKind,
    pub(crate) begun_at: UnixTime,
    nonce: String,
    code_verifier: SecretString,
}

impl Held {
    /// Reads the content of a cookie. The return address is checked again, because a rule may have
    /// become stricter since.
    pub(crate) fn read(sealed: SealedPending, prefix: &Prefix) -> Self {
        let place = sealed.place.map(|place| ReturnTo::parse(&place, prefix));
        Self {
            binding: sealed.binding,
            state: sealed.state,
            place: place.map(|place| place.with_form(sealed.form)),
            attempt: sealed.attempt,
            begun_at: sealed.begun_at,
            nonce: URL_SAFE_NO_PAD.encode(sealed.nonce),
            code_verifier: URL_SAFE_NO_PAD.encode(sealed.code_verifier).into(),
        }
    }

    pub(crate) fn is_over(&self, now: UnixTime) -> bool {
        now >= self.begun_at.after(PENDING_LIFE)
    }

    /// The pending sign-in, if `state` is its own. The comparison takes constant time, so that its
    /// duration reveals nothing of the state. The return address is taken from the cookie or the
    /// `state`, and is the start page if neither holds it.
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

/// The bytes of a text that `random` made.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}
