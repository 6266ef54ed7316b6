//! The pending login: what the browser carries on its way to the provider and back, sealed.

use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use oauth2::{CsrfToken, PkceCodeChallenge};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    clock::UnixTime,
    return_to::{FormId, ReturnTo},
    seal::Sealer,
    session::Binding,
};

/// How long a login may take: longer than the provider's own login pages stay open.
pub(crate) const LIFE: Duration = Duration::from_secs(30 * 60);
/// Pending logins that one browser may hold; the oldest makes room.
pub(crate) const MOST: usize = 6;
/// Bytes of pending cookies that one browser may hold, so that servers' header limits stay far.
pub(crate) const MOST_BYTES: usize = 4000;

/// One login attempt.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub(crate) binding: Binding,
    /// 256 random bits, bound to this browser by the sealed cookie (RFC 6749 section 10.12).
    pub(crate) state: String,
    pub(crate) nonce: String,
    /// RFC 7636 section 4.1.
    pub(crate) code_verifier: SecretString,
    pub(crate) return_to: ReturnTo,
    pub(crate) round: Round,
    pub(crate) begun_at: UnixTime,
}

/// Where in a login this attempt stands: each detour is taken once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Round {
    /// The person is being asked for the phone number again.
    pub(crate) asks_for_phone: bool,
    /// The provider said that it must show a page, and was asked once more.
    pub(crate) retried: bool,
    /// The provider is asked to have the person prove it again.
    pub(crate) fresh: bool,
    /// The session that this attempt checks; a sign-in of its own has none.
    pub(crate) rechecks: Option<[u8; 16]>,
}

#[derive(Serialize, Deserialize)]
struct Sealed<'a> {
    binding: Binding,
    state: &'a str,
    nonce: &'a str,
    code_verifier: &'a str,
    return_to: &'a str,
    form: Option<FormId>,
    round: Round,
    begun_at: UnixTime,
}

impl Pending {
    pub(crate) fn new(binding: Binding, return_to: ReturnTo, round: Round, now: UnixTime) -> Self {
        let (_, verifier) = PkceCodeChallenge::new_random_sha256();
        Self {
            binding,
            state: CsrfToken::new_random_len(32).into_secret(),
            nonce: CsrfToken::new_random_len(16).into_secret(),
            code_verifier: verifier.into_secret().into(),
            return_to,
            round,
            begun_at: now,
        }
    }

    pub(crate) fn seal(&self, sealer: &Sealer, name: &str) -> Option<String> {
        let sealed = Sealed {
            binding: self.binding,
            state: &self.state,
            nonce: &self.nonce,
            code_verifier: self.code_verifier.expose_secret(),
            return_to: self.return_to.as_str(),
            form: self.return_to.form(),
            round: self.round,
            begun_at: self.begun_at,
        };
        sealer.seal(name, &postcard::to_allocvec(&sealed).ok()?, self.begun_at)
    }

    /// Opens a pending cookie; none if it is forged. The target is judged again: a rule may have
    /// become stricter since.
    pub(crate) fn open(
        sealer: &Sealer,
        name: &str,
        value: &[u8],
        now: UnixTime,
        reserved: &str,
    ) -> Option<Self> {
        let mut buffer = vec![0; value.len().min(8192)];
        let opened = sealer.open(name, value, now, &mut buffer)?;
        let sealed: Sealed<'_> = postcard::from_bytes(opened.plain).ok()?;
        Some(Self {
            binding: sealed.binding,
            state: sealed.state.to_owned(),
            nonce: sealed.nonce.to_owned(),
            code_verifier: sealed.code_verifier.into(),
            return_to: ReturnTo::parse(sealed.return_to, reserved).with_form(sealed.form),
            round: sealed.round,
            begun_at: sealed.begun_at,
        })
    }

    pub(crate) fn is_over(&self, now: UnixTime) -> bool {
        now >= self.begun_at.after(LIFE)
    }

    /// In constant time.
    pub(crate) fn has_state(&self, state: &str) -> bool {
        verify_slices_are_equal(self.state.as_bytes(), state.as_bytes()).is_ok()
    }
}
