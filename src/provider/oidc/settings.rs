//! The settings, checked against the place where the application is.

use std::{sync::Arc, time::Duration};

use secrecy::ExposeSecret;
use url::Url;

use super::{
    super::{Credentials, Dialect, Place, Settings, region},
    Oidc, ProfileAt, UserinfoUse,
    assertion::AssertionKey,
    connected::Connected,
};
use crate::{
    error::ConfigError,
    origin::{is_here, is_safe},
};

impl Settings for Oidc {
    fn name(&self) -> &str {
        &self.name
    }

    fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    fn local_setting(&self) -> Option<&'static str> {
        let here = Url::parse(&self.issuer).is_ok_and(|issuer| is_here(&issuer));
        here.then_some("issuer")
    }

    fn own_urls(&self) -> Vec<Url> {
        let issuer = Url::parse(&self.issuer).ok();
        issuer
            .filter(|_| !self.internal_endpoints)
            .into_iter()
            .collect()
    }

    fn connect(&self, place: &Place) -> Result<Arc<dyn Dialect>, ConfigError> {
        self.check()?;
        let key = self.private_key.as_ref();
        let key = key.map(|(id, pem)| AssertionKey::parse(id, pem.expose_secret()));
        let key = key.transpose()?.map(Arc::new);
        let mut settings = self.clone();
        settings.reading.region = region(self.region.as_deref())?;
        let pinned = self.pinned_algorithms()?;
        Ok(Arc::new(Connected::new(settings, key, pinned, place)))
    }
}

impl Oidc {
    fn check(&self) -> Result<(), ConfigError> {
        let wrong = |setting: &'static str, problem: String, remedy: &str| {
            Err(ConfigError::new(setting, problem, remedy))
        };
        let issuer = Url::parse(&self.issuer).ok().filter(|url| {
            is_safe(url) && url.query().is_none() && url.fragment().is_none() && url.has_host()
        });
        if issuer.is_none() {
            let problem = format!("{:?} is not an https URL without query", self.issuer);
            let remedy = "give it exactly as the provider writes it, as in https://id.example.com";
            return wrong("issuer", problem, remedy);
        }
        if self.reading.claim.trim().is_empty() {
            let problem = format!("{:?} is no name of a claim", self.reading.claim);
            let remedy =
                "give the name that the provider's documentation has, such as phone_number";
            return wrong("phone_claim", problem, remedy);
        }
        if self.profile == ProfileAt::Naver && self.userinfo == UserinfoUse::Never {
            let problem = "Naver gives the phone number nowhere else".to_owned();
            return wrong("without_userinfo", problem, "leave it out");
        }
        Credentials {
            provider: "OpenID Connect",
            id: &self.client_id,
            secret: self.client_secret.as_ref(),
        }
        .check("give the client id that the provider registered")
    }
}
