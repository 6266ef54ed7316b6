//! The methods of [`LocalProvider`] for settings, persons and recorded requests.

use crate::{
    LocalProvider, dialects, oidc,
    person::Person,
    settings::{Settings, sms::SmsSettings},
    sms,
    state::inbox::Sms,
    web::{endpoint::Endpoint, record::Recorded},
};

/// Settings, persons and the requests received.
impl LocalProvider {
    /// The issuer of the OpenID Connect dialect: `{origin}/oidc`.
    ///
    /// It is the `iss` of ID tokens, and the address below which a client finds the metadata, at
    /// `/.well-known/openid-configuration`.
    #[must_use]
    pub fn oidc_issuer(&self) -> String {
        oidc::issuer(&self.origin)
    }

    /// The application's `client_id`: see [`Settings::client_id`].
    #[must_use]
    pub fn client_id(&self) -> String {
        self.shared.lock().settings.client_id.clone()
    }

    /// The application's secret: see [`Settings::client_secret`].
    #[must_use]
    pub fn client_secret(&self) -> Option<String> {
        self.shared.lock().settings.client_secret.clone()
    }

    /// Changes the registration of the application and the choices of the dialects, from the next
    /// request on. See [`Settings`] for an example.
    ///
    /// Tokens that were issued before stay valid. A code does too, unless
    /// [`client_id`](Settings::client_id) changes. The closure works on a copy of the settings, so
    /// it may call other methods of the provider, but a call of `configure` inside it has no
    /// effect.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        // On a copy, so that the closure may use the provider as well.
        let mut settings = self.shared.lock().settings.clone();
        change(&mut settings);
        self.shared.lock().settings = settings;
    }

    /// Adds a person to the page, in place of any earlier one with the same id. The consents and
    /// tokens of the earlier one are removed.
    ///
    /// ```
    /// use tower_phone_auth_local_provider::{LocalProvider, Person};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let provider = LocalProvider::start().await?;
    /// // The account of a default person loses its number.
    /// provider.add_person(Person::new(Person::WITH_PHONE, "Jiwoo").name("김지우"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_person(&self, person: Person) {
        let state = &mut *self.shared.lock();
        state.people.retain(|other| other.id != person.id);
        for rules in dialects::ALL {
            state.unlink(rules.dialect(), person.id);
            if person.agrees_to_phone {
                let items = rules.items(&state.settings);
                let consents = &mut state.consents;
                consents.link(rules.dialect(), person.id, &items, None);
            }
        }
        state.people.push(person);
    }

    /// Unlinks a person from the application in every dialect: revokes the tokens and removes the
    /// consent, as if the person had done so in the account settings of the provider.
    ///
    /// The next sign-in asks for consent again. No report is sent to the application. The methods
    /// [`kakao_unlink_notice`](Self::kakao_unlink_notice) and
    /// [`naver_unlink_notice`](Self::naver_unlink_notice) make the reports that a test can post.
    ///
    /// ```
    /// # use tower_phone_auth_local_provider::{LocalProvider, Person};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let provider = LocalProvider::start().await?;
    /// provider.unlink(Person::WITH_PHONE);
    /// let report = provider.kakao_unlink_notice(Person::WITH_PHONE);
    /// // Post the report to the application, and expect that its sessions end.
    /// # assert!(report.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub fn unlink(&self, person: u64) {
        let mut state = self.shared.lock();
        for rules in dialects::ALL {
            state.unlink(rules.dialect(), person);
        }
    }

    /// The requests received, oldest first. The latest 4,096 are kept.
    ///
    /// Requests for unknown paths are among them, and so are requests that a
    /// [fault](crate::faults::Fault) answered. Not recorded are requests that are refused before
    /// they are read: with a `Host` that is no loopback name, or with a body of more than 64 KiB.
    ///
    /// ```
    /// use tower_phone_auth_local_provider::{Endpoint, LocalProvider};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let provider = LocalProvider::start().await?;
    /// // The preparation of the test is here.
    /// provider.forget_requests();
    /// // The application under test signs a user in here.
    /// for request in provider.requests() {
    ///     if request.endpoint == Some(Endpoint::Token) {
    ///         assert!(request.query.is_none(), "the code belongs into the body");
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.lock().records.all()
    }

    /// How many of [`requests`](Self::requests) went to this endpoint, in any dialect and with any
    /// method. A test can assert with it that a repeated callback exchanges no second code.
    #[must_use]
    pub fn count(&self, endpoint: Endpoint) -> usize {
        self.shared.lock().records.count(endpoint)
    }

    /// Forgets the requests received so far, for example those of the preparation of a test.
    /// Persons, consents and tokens stay.
    pub fn forget_requests(&self) {
        self.shared.lock().records.forget();
    }

    /// Replaces the signing keys of every dialect now, as a provider does from time to time.
    ///
    /// The key set has the new keys only, unless
    /// [`OidcSettings::keeps_old_keys`](crate::OidcSettings::keeps_old_keys) is set, so tokens that
    /// were signed before cannot be verified any more. A client that caches keys must read the key
    /// set again when a token names an unknown `kid`.
    ///
    /// ```
    /// use tower_phone_auth_local_provider::LocalProvider;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let provider = LocalProvider::start().await?;
    /// provider.configure(|settings| settings.oidc.keeps_old_keys = true);
    /// provider.rotate_keys();
    /// # Ok(())
    /// # }
    /// ```
    pub fn rotate_keys(&self) {
        self.shared.lock().signer.keys.rotate();
    }

    /// The messages that the application sent to phones, the newest first. At most 1,000 are kept.
    ///
    /// The wire formats are those of Solapi and Twilio Verify, at [`origin`](Self::origin) in place
    /// of `https://api.solapi.com` and `https://verify.twilio.com`. The accounts are in
    /// [`SmsSettings`].
    ///
    /// ```
    /// use tower_phone_auth_local_provider::LocalProvider;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let provider = LocalProvider::start().await?;
    /// // The application under test sends a code here.
    /// let code = provider.inbox().first().and_then(|sms| sms.code().map(str::to_owned));
    /// assert_eq!(code, None);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn inbox(&self) -> Vec<Sms> {
        self.shared.lock().inbox.all().cloned().collect()
    }

    /// The page with the messages, for people: `{origin}/inbox`. `{origin}/inbox.json` has the same
    /// as a JSON array with the members `to`, `from`, `kind`, `text` and `code`.
    #[must_use]
    pub fn inbox_url(&self) -> String {
        format!("{}{}", self.origin, sms::INBOX)
    }

    /// The accounts at Solapi and Twilio Verify, as [`configure`](Self::configure) sets them.
    ///
    /// ```
    /// use tower_phone_auth_local_provider::LocalProvider;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let provider = LocalProvider::start().await?;
    /// assert_eq!(provider.sms_settings().senders, ["0212345678"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn sms_settings(&self) -> SmsSettings {
        self.shared.lock().settings.sms.clone()
    }

    /// Removes all messages from the inbox.
    pub fn empty_inbox(&self) {
        self.shared.lock().inbox.empty();
    }
}
