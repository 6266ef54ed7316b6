use serde_json::Value;

use crate::{
    LocalProvider, dialect::Dialect, endpoint::Endpoint, fault::Fault, oidc, person::Person,
    record::Recorded, settings::Settings, signing::Signing,
};

/// What a test may turn, and see.
impl LocalProvider {
    /// The issuer of the OpenID Connect dialect: `{origin}/oidc`.
    #[must_use]
    pub fn oidc_issuer(&self) -> String {
        oidc::issuer(&self.origin)
    }

    /// The app's `client_id`: see [`Settings::client_id`].
    #[must_use]
    pub fn client_id(&self) -> String {
        self.shared.lock().settings.client_id.clone()
    }

    /// The app's secret: see [`Settings::client_secret`].
    #[must_use]
    pub fn client_secret(&self) -> Option<String> {
        self.shared.lock().settings.client_secret.clone()
    }

    /// Changes how the app is registered. See [`Settings`] for an example.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        // On a copy, so that the closure may use the provider as well.
        let mut settings = self.shared.lock().settings.clone();
        change(&mut settings);
        self.shared.lock().settings = settings;
    }

    /// Adds a person to the page, in place of any earlier one with the same id.
    pub fn add_person(&self, person: Person) {
        self.shared.lock().add(person);
    }

    /// Ends the link between a person and the app, in every dialect: tokens die and the consent is forgotten.
    pub fn unlink(&self, person: u64) {
        let mut state = self.shared.lock();
        for dialect in Dialect::ALL {
            state.unlink(dialect, person);
        }
    }

    /// Lets one request to this endpoint fail. Several queue up, and go before any
    /// [`fail`](Self::fail).
    pub fn fail_next(&self, endpoint: Endpoint, fault: Fault) {
        self.shared.lock().faults.queue(endpoint, fault);
    }

    /// Lets every request to this endpoint fail, until it is [healed](Self::heal).
    pub fn fail(&self, endpoint: Endpoint, fault: Fault) {
        self.shared.lock().faults.stand(endpoint, fault);
    }

    /// Takes every fault of this endpoint back.
    pub fn heal(&self, endpoint: Endpoint) {
        self.shared.lock().faults.heal(endpoint);
    }

    /// The requests received, oldest first. The latest 4096 are kept.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.lock().records.all()
    }

    /// How many of [`requests`](Self::requests) went to this endpoint.
    #[must_use]
    pub fn count(&self, endpoint: Endpoint) -> usize {
        self.shared.lock().records.count(endpoint)
    }

    /// Forgets the requests received so far.
    pub fn forget_requests(&self) {
        self.shared.lock().records.forget();
    }

    /// Alters the header and the claims of every ID token and event token before it is signed, in every dialect,
    /// until [`heal_id_tokens`](Self::heal_id_tokens).
    ///
    /// The closure runs while the provider answers, and must not call this provider.
    ///
    /// ```
    /// use tower_phone_auth_local_provider::{LocalProvider, Signing};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let provider = LocalProvider::start().await?;
    /// provider.forge_id_token(|header, claims| {
    ///     header["kid"] = "unheard-of".into();
    ///     claims["aud"] = "another-app".into();
    /// });
    /// provider.sign_id_tokens(Signing::Corrupted);
    /// provider.heal_id_tokens();
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
    pub fn heal_id_tokens(&self) {
        let signer = &mut self.shared.lock().signer;
        signer.forgery = None;
        signer.signing = Signing::Right;
    }

    /// Replaces the signing keys of every dialect now.
    pub fn rotate_keys(&self) {
        self.shared.lock().signer.ring.rotate();
    }

    /// Replaces the signing keys of every dialect just before the next ID token is signed.
    pub fn rotate_keys_before_next_token(&self) {
        self.shared.lock().signer.ring.rotate_before_next_token();
    }
}
