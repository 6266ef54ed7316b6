//! The methods of [`LocalProvider`] that order wrong behaviour.

use serde_json::Value;

use crate::{
    LocalProvider,
    faults::{Fault, Signing},
    web::endpoint::Endpoint,
};

/// Orders for wrong behaviour. See [`faults`](crate::faults).
impl LocalProvider {
    /// Makes one request to this endpoint fail. Several calls form a queue, which comes before any
    /// [`fail`](Self::fail).
    ///
    /// ```
    /// use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let provider = LocalProvider::start().await?;
    /// // The first request for the profile is cut off, the second one gets no answer, the third
    /// // one is answered as usual.
    /// provider.fail_next(Endpoint::Profile, Fault::Cut);
    /// provider.fail_next(Endpoint::Profile, Fault::Close);
    /// # Ok(())
    /// # }
    /// ```
    pub fn fail_next(&self, endpoint: Endpoint, fault: Fault) {
        self.shared.lock().faults.queue(endpoint, fault);
    }

    /// Makes every request to this endpoint fail, until it is [cleared](Self::clear_faults). A
    /// second call replaces the fault of the first one.
    ///
    /// The fault applies to the endpoint in every dialect, because an [`Endpoint`] belongs to all
    /// of them.
    ///
    /// ```
    /// # use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let provider = LocalProvider::start().await?;
    /// provider.fail(Endpoint::Profile, Fault::Close);
    /// // Each sign-in fails here, with the error of a provider that is down.
    /// provider.clear_faults(Endpoint::Profile);
    /// # Ok(())
    /// # }
    /// ```
    pub fn fail(&self, endpoint: Endpoint, fault: Fault) {
        self.shared.lock().faults.stand(endpoint, fault);
    }

    /// Removes all faults of this endpoint, those for one request as well. A request that is being
    /// answered keeps its fault.
    pub fn clear_faults(&self, endpoint: Endpoint) {
        self.shared.lock().faults.clear(endpoint);
    }

    /// Alters the header and the claims of every ID token and event token before it is signed, in
    /// every dialect, until [`clear_id_token_faults`](Self::clear_id_token_faults).
    ///
    /// The first argument is the header, the second one the claims. The signature is made
    /// afterwards and is thus right, so a test shows that the client checks the claims and not only
    /// the signature. A second call replaces the closure of the first one.
    ///
    /// The closure runs while the provider answers. It must not call this provider, which would
    /// wait for itself.
    ///
    /// ```
    /// use tower_phone_auth_local_provider::{LocalProvider, faults::Signing};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let provider = LocalProvider::start().await?;
    /// provider.forge_id_token(|header, claims| {
    ///     header["kid"] = "unknown".into();
    ///     claims["aud"] = "another-application".into();
    /// });
    /// provider.sign_id_tokens(Signing::Corrupted);
    /// provider.clear_id_token_faults();
    /// # Ok(())
    /// # }
    /// ```
    pub fn forge_id_token(&self, forge: impl Fn(&mut Value, &mut Value) + Send + Sync + 'static) {
        self.shared.lock().signer.forgery = Some(Box::new(forge));
    }

    /// Signs ID tokens and event tokens like this, in every dialect, until the next call. A signed
    /// userinfo has a setting of its own,
    /// [`OidcSettings::userinfo_signing`](crate::OidcSettings::userinfo_signing).
    pub fn sign_id_tokens(&self, signing: Signing) {
        self.shared.lock().signer.signing = signing;
    }

    /// Ends [`forge_id_token`](Self::forge_id_token) and [`sign_id_tokens`](Self::sign_id_tokens).
    /// Keys that were rotated stay, and so does
    /// [`OidcSettings::userinfo_signing`](crate::OidcSettings::userinfo_signing).
    pub fn clear_id_token_faults(&self) {
        let signer = &mut self.shared.lock().signer;
        signer.forgery = None;
        signer.signing = Signing::Right;
    }

    /// Replaces the signing keys of every dialect just before the next ID token or event token is
    /// signed.
    ///
    /// The method serves a client that reads the key set shortly before its token, so that a test
    /// has no moment for [`rotate_keys`](Self::rotate_keys) in between. The client then gets a
    /// token with a key that it does not know.
    ///
    /// ```
    /// # use tower_phone_auth_local_provider::LocalProvider;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let provider = LocalProvider::start().await?;
    /// provider.rotate_keys_before_next_token();
    /// // A client that reads the keys once more accepts the next token.
    /// # Ok(())
    /// # }
    /// ```
    pub fn rotate_keys_before_next_token(&self) {
        self.shared.lock().signer.keys.rotate_before_next_token();
    }
}
