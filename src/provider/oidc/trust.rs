//! The keys and algorithms that may sign a token, and their early refetch if a token does not fit
//! them.
//!
//! Providers rotate keys, move their key set, and change algorithms without notice. A token with an
//! unknown key makes `keys.rs` refetch the keys. If that does not help, or the algorithm is not
//! announced, the metadata are refetched too, because they name the address of the key set and the
//! algorithms. The token is verified a second time only if one of the two has changed.

use std::sync::Arc;

use secrecy::ExposeSecret;

use super::{
    Signing,
    algorithm::Algorithm,
    client::{Discovered, OidcClient},
    id_token::refuse,
    key_set::KeySet,
    keys::{FetchFor, Keys},
    metadata::Metadata,
    refusal::Refusal,
};
use crate::error::{LoginErrorKind, ProviderError};

/// The kind of signed value, which decides about the accepted algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signed {
    /// An ID token, a logout token or a security event.
    Token,
    /// A userinfo response, for which the metadata may announce algorithms of its own.
    Userinfo,
}

/// The result of a verification. The inner error refuses the token. The outer one means that keys
/// or metadata could not be fetched.
type Verified<T> = Result<Result<T, Refusal>, ProviderError>;

impl OidcClient {
    /// The accepted algorithms: those of the setting, else those that the metadata announce, else
    /// all secure ones. The token's own `alg` is never trusted to choose one.
    pub(super) fn algorithms<'a>(
        &'a self,
        metadata: &'a Metadata,
        signed: Signed,
    ) -> &'a [Algorithm] {
        let announced = metadata.id_token_algorithms.as_deref();
        let for_userinfo = metadata.userinfo_algorithms.as_deref();
        let announced = match signed {
            Signed::Token if self.settings.signing == Signing::ClientSecret => {
                return &[Algorithm::Hs256];
            }
            Signed::Token => announced,
            Signed::Userinfo => for_userinfo.or(announced),
        };
        let pinned = self.pinned.as_deref();
        pinned.or(announced).unwrap_or(&Algorithm::SECURE)
    }

    /// The metadata, with keys in the cache. They are fetched if necessary, before a code is used
    /// that needs them.
    pub(super) async fn with_keys_ready(&self) -> Result<Arc<Discovered>, ProviderError> {
        let discovered = self.discovered().await?;
        let Some(keys) = self.own_keys(&discovered) else {
            return Ok(discovered);
        };
        let error = match keys.ready(FetchFor::SignIn).await {
            // The usual case, without a call.
            Ok(()) => return Ok(discovered),
            // This caller has no time left, so the metadata are not tried.
            Err(error) if error.is_the_callers() => return Err(error),
            Err(error) => error,
        };
        match self.renewed(&discovered, FetchFor::SignIn).await {
            // Metadata that name the same address and the same algorithms cannot help.
            Some(renewed) if self.differs(&discovered, &renewed, Signed::Token) => {
                if let Some(keys) = self.own_keys(&renewed) {
                    keys.ready(FetchFor::SignIn).await?;
                }
                Ok(renewed)
            }
            _ => Err(error),
        }
    }

    /// Runs `verify` with the keys and algorithms of the provider. If they do not fit, `verify`
    /// runs once more with refetched metadata, provided that these name other keys or algorithms.
    pub(super) async fn verified_by<T>(
        &self,
        discovered: &Arc<Discovered>,
        (fetch_for, signed): (FetchFor, Signed),
        verify: impl Fn(&KeySet, &[Algorithm]) -> Result<T, Refusal>,
    ) -> Verified<T> {
        let first = self.attempt(discovered, (fetch_for, signed), &verify).await;
        let keys = self.own_keys(discovered);
        // Most tokens end here: the signature is valid, or the claims are wrong, which newer keys
        // do not change.
        if !self.may_be_outdated(&first) && !keys.is_some_and(|keys| keys.have_moved()) {
            return first;
        }
        match self.renewed(discovered, fetch_for).await {
            Some(renewed) if self.differs(discovered, &renewed, signed) => {
                self.attempt(&renewed, (fetch_for, signed), &verify).await
            }
            // The metadata may not be refetched yet, although they may announce the algorithm by
            // now. The sender is asked to send the event again.
            None if fetch_for == FetchFor::Event && is_unannounced(&first) => {
                Err(ProviderError::new(LoginErrorKind::ProviderBusy))
            }
            _ => first,
        }
    }

    /// Runs `verify` with the keys and algorithms of these metadata, and refetches keys if none
    /// fits.
    async fn attempt<T>(
        &self,
        discovered: &Discovered,
        (fetch_for, signed): (FetchFor, Signed),
        verify: impl Fn(&KeySet, &[Algorithm]) -> Result<T, Refusal>,
    ) -> Verified<T> {
        let algorithms = self.algorithms(&discovered.metadata, signed);
        let secret = self.settings.registration.client_secret.as_ref();
        match (signed, self.settings.signing, secret, &discovered.keys) {
            (Signed::Token, Signing::ClientSecret, Some(secret), _) => {
                let secret = secret.expose_secret().as_bytes();
                Ok(verify(&KeySet::of_secret(secret), algorithms))
            }
            (.., Some(keys)) => {
                let verify = |keys: &KeySet| verify(keys, algorithms);
                keys.try_with(fetch_for, verify, Refusal::is_of_key).await
            }
            (.., None) => Err(refuse("jwks_uri")),
        }
    }

    /// The key cache. `None` if the client secret verifies tokens.
    fn own_keys<'a>(&self, discovered: &'a Discovered) -> Option<&'a Arc<Keys>> {
        let keys = discovered.keys.as_ref();
        keys.filter(|_| self.settings.signing == Signing::Keys)
    }

    /// Whether newer metadata may help. If the setting fixes the algorithms, the announced ones do
    /// not matter.
    fn may_be_outdated<T>(&self, verified: &Verified<T>) -> bool {
        if self.settings.signing == Signing::ClientSecret {
            return false;
        }
        match verified {
            Ok(Err(refusal)) if refusal.is_of_key() => true,
            verified if is_unannounced(verified) => self.pinned.is_none(),
            Ok(_) => false,
            Err(error) => !error.is_the_callers(),
        }
    }

    /// Metadata newer than `seen`. `None` if there are none, or they may not be fetched yet.
    async fn renewed(
        &self,
        seen: &Arc<Discovered>,
        fetch_for: FetchFor,
    ) -> Option<Arc<Discovered>> {
        let connect = |metadata| self.discover(metadata);
        self.discovery.renew(seen, fetch_for, connect).await
    }

    /// Whether the address of the keys or the accepted algorithms have changed.
    fn differs(&self, old: &Discovered, new: &Discovered, signed: Signed) -> bool {
        let uri = |keys: &Option<Arc<Keys>>| keys.as_ref().map(|keys| keys.uri().to_owned());
        let algorithms = |of| self.algorithms(of, signed);
        uri(&old.keys) != uri(&new.keys) || algorithms(&old.metadata) != algorithms(&new.metadata)
    }
}

/// Whether the token's algorithm is secure but not announced.
fn is_unannounced<T>(verified: &Verified<T>) -> bool {
    matches!(verified, Ok(Err(refusal)) if refusal.is_unannounced())
}
