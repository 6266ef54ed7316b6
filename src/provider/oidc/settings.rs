//! [`Settings`] of [`Oidc`]: the checks at `build`, which use no network, and the scopes of a
//! request.

use std::sync::Arc;

use secrecy::ExposeSecret;
use url::Url;

use super::{Oidc, ProfileAt, UserinfoUse, client::OidcClient, origins::Origins};
use crate::{
    error::ConfigError,
    provider::{
        ConnectContext, ProviderClient, Settings,
        assertion::AssertionKey,
        credentials::{Credentials, check_text},
        registration::{Registration, unasked},
        settings::region,
    },
    web::origin::is_here,
};

impl Settings for Oidc {
    fn registration(&self) -> &Registration {
        &self.registration
    }

    fn local_setting(&self) -> Option<&'static str> {
        let here = |url: &str| Url::parse(url).is_ok_and(|url| is_here(&url));
        let discovery_url = self.discovery_url.as_deref();
        let discovery_url = discovery_url.filter(|url| here(url));
        match discovery_url {
            _ if here(&self.issuer) => Some("issuer"),
            url => url.map(|_| "discovery_url"),
        }
    }

    fn own_urls(&self) -> Vec<Url> {
        // Without own URLs, no host is checked.
        if self.internal_endpoints {
            return Vec::new();
        }
        let urls = [Some(&self.issuer), self.discovery_url.as_ref()];
        let urls = urls.into_iter().flatten();
        urls.filter_map(|url| Url::parse(url).ok()).collect()
    }

    fn connect(&self, context: &ConnectContext) -> Result<Arc<dyn ProviderClient>, ConfigError> {
        let origins = self.check()?;
        let key = self.private_key.as_ref();
        let key = key.map(|(id, pem)| AssertionKey::parse(id, pem.expose_secret()));
        let key = key.transpose()?.map(Arc::new);
        let mut settings = self.clone();
        settings.claim_rules.region = region(self.region.as_deref())?;
        let pinned = self.pinned_algorithms()?;
        origins.warn();
        Ok(Arc::new(OidcClient::new(
            settings, origins, key, pinned, context,
        )))
    }
}

impl Oidc {
    /// The scopes of a request, in their order and each once.
    pub(super) fn requested_scopes(&self) -> Vec<&str> {
        let mut scopes: Vec<&str> = Vec::with_capacity(self.scopes.len() + 1);
        let phone = Some(self.phone_scope.as_str());
        let adds_phone = !self.exact_scopes && !self.registration.without_phone;
        let phone = phone.filter(|phone| !phone.is_empty() && adds_phone);
        for scope in self.scopes.iter().map(String::as_str).chain(phone) {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        scopes
    }

    /// Whether the phone scope covers the claim that is read. `phone` covers `phone_number` alone
    /// (Core section 5.4); another scope is the provider's own and is assumed to cover it.
    pub(super) fn scope_has_claim(&self) -> bool {
        self.claim_rules.claim == "phone_number" || self.phone_scope != "phone"
    }

    /// Whether a scope of the request stands for the phone number. An empty phone scope is never
    /// among them.
    pub(super) fn asks_for_phone(&self) -> bool {
        self.requested_scopes().contains(&self.phone_scope.as_str())
    }

    /// Checks the settings without the network. The first error is returned, which names its
    /// setting.
    fn check(&self) -> Result<Origins, ConfigError> {
        let discovery_url = self.discovery_url.as_deref();
        check_text("issuer", &self.issuer)?;
        check_text("discovery_url", discovery_url.unwrap_or_default())?;
        check_text("phone_claim", &self.claim_rules.claim)?;
        let origins = Origins::parse(&self.issuer, discovery_url, self.insecure_http)?;
        self.check_scopes()?;
        self.check_unasked()?;
        self.registration.check_texts()?;
        // A method of sending the secret without a secret is a mistake, not a public client.
        if self.client_auth.is_some() && self.registration.client_secret.is_none() {
            let problem = "is missing, and the client is to send it";
            let remedy = "give it, or leave client_secret_basic and client_secret_post out";
            return Err(ConfigError::new("client_secret", problem, remedy));
        }
        self.check_answers()?;
        let credentials = Credentials {
            provider: "OpenID Connect",
            id: &self.registration.client_id,
            secret: self.registration.client_secret.as_ref(),
        };
        credentials.check("give the client id that the provider registered")?;
        Ok(origins)
    }

    /// Whether the sign-in reads the profile API of Naver, which is no userinfo. Without it, the ID
    /// token alone is read.
    pub(super) fn reads_naver_profile(&self) -> bool {
        let is_needed = !self.registration.without_phone || self.userinfo == UserinfoUse::Always;
        self.profile == ProfileAt::Naver && is_needed
    }

    /// Checks that nothing asks for the number that `without_phone` leaves out.
    fn check_unasked(&self) -> Result<(), ConfigError> {
        let scopes = [self.phone_scope.as_str(), "phone"];
        self.registration.check_unasked(&self.scopes, &scopes)?;
        if self.registration.without_phone && self.claims_parameter == Some(true) {
            return Err(unasked("claims_parameter(true)"));
        }
        Ok(())
    }

    /// Checks the settings of `answers.rs`.
    fn check_answers(&self) -> Result<(), ConfigError> {
        if self.claim_rules.claim.trim().is_empty() {
            let problem = format!("{:?} is not the name of a claim", self.claim_rules.claim);
            let remedy =
                "give the name that the provider's documentation has, such as phone_number";
            return Err(ConfigError::new("phone_claim", problem, remedy));
        }
        // At Naver, the number comes from the profile API only.
        if self.reads_naver_profile() && self.userinfo == UserinfoUse::Never {
            let problem = "Naver gives the phone number nowhere else".to_owned();
            return Err(ConfigError::new(
                "without_userinfo",
                problem,
                "leave it out",
            ));
        }
        Ok(())
    }

    /// Checks the scopes. Each is one token (RFC 6749 section 3.3), and `openid` is among them
    /// (Core section 3.1.2.1).
    fn check_scopes(&self) -> Result<(), ConfigError> {
        let is_character = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
        let is_scope = |scope: &&str| !scope.is_empty() && scope.bytes().all(is_character);
        let scopes = self.requested_scopes();
        if let Some(wrong) = scopes.iter().find(|scope| !is_scope(scope)) {
            let problem = format!("{wrong:?} is not a scope");
            let remedy = "give each scope by itself, without spaces";
            return Err(ConfigError::new("scopes", problem, remedy));
        }
        if !scopes.contains(&"openid") {
            let problem = format!("{:?} lacks \"openid\"", scopes.join(" "));
            let remedy = "add openid: without it the provider gives no ID token";
            return Err(ConfigError::new("scopes", problem, remedy));
        }
        Ok(())
    }
}
