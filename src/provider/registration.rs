//! The settings that every provider has.

use std::{fmt, time::Duration};

use secrecy::SecretString;
use url::Url;

use super::{
    brand::Brand,
    credentials::Credentials,
    endpoint,
    identity::{Family, Identity, Title},
    parameters::Parameters,
};
use crate::error::ConfigError;

/// The part of a provider's settings that does not depend on the provider: the client as it is
/// registered there, its sign-in button, and the limits of its requests.
#[derive(Clone)]
pub(crate) struct Registration {
    /// The name in paths and in `VerifiedUser::provider`.
    pub(super) name: String,
    /// The text of the sign-in button.
    pub(super) title: Title,
    /// The look of the sign-in button.
    pub(super) brand: Brand,
    /// The client id.
    pub(super) client_id: String,
    /// `None` for a client without a secret.
    pub(super) client_secret: Option<SecretString>,
    /// An origin on loopback that replaces the provider's hosts in tests.
    pub(super) endpoint_base: Option<String>,
    /// The provider's own timeout. `None` if the layer's timeout applies.
    pub(super) timeout: Option<Duration>,
    /// The setting `authorize_with`.
    pub(super) parameters: Parameters,
    /// The setting `without_phone`.
    pub(super) without_phone: bool,
}

impl Registration {
    /// A client without a secret, with the defaults of its provider.
    pub(super) fn new(name: impl Into<String>, title: Title, client_id: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            title,
            brand: Brand::Other,
            client_id: client_id.into(),
            client_secret: None,
            endpoint_base: None,
            timeout: None,
            parameters: Parameters::default(),
            without_phone: false,
        }
    }

    /// With a button in the design of `brand`.
    pub(super) fn with_brand(mut self, brand: Brand) -> Self {
        self.brand = brand;
        self
    }

    /// With a client secret.
    pub(super) fn with_secret(mut self, secret: impl Into<String>) -> Self {
        self.client_secret = Some(secret.into().into());
        self
    }

    /// Checks credentials and parameters. The errors name `provider`, and `remedy` says where the
    /// client id is found.
    pub(super) fn check(&self, provider: &'static str, remedy: &str) -> Result<(), ConfigError> {
        let credentials = Credentials {
            provider,
            id: &self.client_id,
            secret: self.client_secret.as_ref(),
        };
        credentials.check(remedy)?;
        self.check_texts()
    }

    /// Checks the languages of the button, and the parameters.
    pub(super) fn check_texts(&self) -> Result<(), ConfigError> {
        if let Title::Given(text) = &self.title
            && let Some(tag) = text.malformed_tag()
        {
            let problem = format!("{tag:?} is no language tag");
            let remedy = "write a tag of BCP 47, such as \"ja\" or \"zh-Hant\"";
            return Err(ConfigError::new("titled", problem, remedy));
        }
        self.parameters.check()
    }

    /// Checks that none of the scopes of the application asks for a number that is not to be asked
    /// for. `phone` are the scopes that stand for the number.
    pub(super) fn check_unasked(
        &self,
        scopes: &[String],
        phone: &[&str],
    ) -> Result<(), ConfigError> {
        let mut scopes = scopes.iter().map(String::as_str);
        match scopes.find(|scope| phone.contains(scope)) {
            Some(scope) if self.without_phone => Err(unasked(&format!("the scope {scope:?}"))),
            _ => Ok(()),
        }
    }

    /// The endpoint at `path` of `host`, or of `endpoint_base` if that is set.
    pub(super) fn endpoint(&self, host: &str, path: &str) -> Result<Url, ConfigError> {
        endpoint::at(host, self.endpoint_base.as_deref(), path)
    }

    /// Sets `endpoint_base` if it is not set.
    pub(super) fn based_at(&mut self, origin: &str) {
        self.endpoint_base.get_or_insert_with(|| origin.to_owned());
    }

    /// The identity of this client's provider.
    pub(super) fn identity(&self, family: Family, issuer: impl Into<String>) -> Identity {
        Identity {
            family,
            brand: self.brand,
            title: self.title.clone(),
            issuer: issuer.into(),
            client_id: self.client_id.clone(),
        }
    }

    /// `Debug` output for the settings type `of`. It shows name and client id, and no secret.
    pub(super) fn debug<'a, 'f>(
        &self,
        of: &str,
        f: &'a mut fmt::Formatter<'f>,
    ) -> fmt::DebugStruct<'a, 'f> {
        let mut debug = f.debug_struct(of);
        debug
            .field("name", &self.name)
            .field("client_id", &self.client_id);
        debug
    }
}

/// The error of a setting that asks for the number beside `without_phone`.
pub(super) fn unasked(setting: &str) -> ConfigError {
    let problem = format!("is set, and {setting} asks for the phone number");
    ConfigError::new("without_phone", problem, "leave one of both out")
}
