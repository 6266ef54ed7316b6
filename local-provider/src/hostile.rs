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
    pub fn fail_next(&self, endpoint: Endpoint, fault: Fault) {
        self.shared.lock().faults.queue(endpoint, fault);
    }

    /// Makes every request to this endpoint fail, until it is [cleared](Self::clear_faults).
    pub fn fail(&self, endpoint: Endpoint, fault: Fault) {
        self.shared.lock().faults.stand(endpoint, fault);
    }

    /// Removes all faults of this endpoint.
    pub fn clear_faults(&self, endpoint: Endpoint) {
        self.shared.lock().faults.clear(endpoint);
    }

    /// Alters the header and the claims of every ID token and event token before it is signed, in
    /// every dialect, until [`clear_id_token_faults`](Self::clear_id_token_faults).
    ///
    /// The closure runs while the provider answers, and must not call this provider.
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

    /// Signs ID tokens like this, in every dialect, until the next call.
    pub fn sign_id_tokens(&self, signing: Signing) {
        self.shared.lock().signer.signing = signing;
    }

    /// Ends [`forge_id_token`](Self::forge_id_token) and [`sign_id_tokens`](Self::sign_id_tokens).
    pub fn clear_id_token_faults(&self) {
        let signer = &mut self.shared.lock().signer;
        signer.forgery = None;
        signer.signing = Signing::Right;
    }

    /// Replaces the signing keys of every dialect just before the next ID token is signed.
    pub fn rotate_keys_before_next_token(&self) {
        self.shared.lock().signer.keys.rotate_before_next_token();
    }
}
