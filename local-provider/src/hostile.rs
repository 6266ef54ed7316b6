use serde_json::Value;

use crate::{
    LocalProvider,
    faults::{Fault, Signing},
    web::endpoint::Endpoint,
};

/// Orders for wrong behaviour: see [`faults`](crate::faults).
impl LocalProvider {
    /// Lets one request to this endpoint fail. Several queue up, and go before any
    /// [`fail`](Self::fail).
    pub fn fail_next(&self, endpoint: Endpoint, fault: Fault) {
        self.shared.lock().faults.queue(endpoint, fault);
    }

    /// Lets every request to this endpoint fail, until it is [cleared](Self::clear_faults).
    pub fn fail(&self, endpoint: Endpoint, fault: Fault) {
        self.shared.lock().faults.stand(endpoint, fault);
    }

    /// Takes every fault of this endpoint back.
    pub fn clear_faults(&self, endpoint: Endpoint) {
        self.shared.lock().faults.clear(endpoint);
    }

    /// Alters the header and the claims of every ID token and event token before it is signed, in every dialect,
    /// until [`clear_id_token_faults`](Self::clear_id_token_faults).
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
    ///     header["kid"] = "unheard-of".into();
    ///     claims["aud"] = "another-app".into();
    /// });
    /// provider.sign_id_tokens(Signing::Corrupted);
    /// provider.clear_id_token_faults();
    /// # Ok(())
    /// # }
    /// ```
    pub fn forge_id_token(&self, forge: impl Fn(&mut Value, &mut Value) + Send + Sync + 'static) {
        self.shared.lock().signer.forgery = Some(Box::new(forge));
    }

    /// Signs ID tokens like this, in every dialect, until told otherwise.
    pub fn sign_id_tokens(&self, signing: Signing) {
        self.shared.lock().signer.signing = signing;
    }

    /// Takes back what [`forge_id_token`](Self::forge_id_token) and
    /// [`sign_id_tokens`](Self::sign_id_tokens) ordered.
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
