//! Summaries for `OAuthLayer::doctor`: the settings, the metadata as this crate reads them, and the
//! keys.

use serde_json::Value;

use super::{
    Signing, UserinfoUse, algorithm::Algorithm, client::OidcClient, key::Key, key_set::KeySet,
    metadata::wrong,
};
use crate::provider::{
    ClientAuth, ProviderClient,
    outline::{Accepted, Authentication, OpenId, Outline},
};
use crate::{error::ProviderError, http_client::CallName, provider::brand::Brand};

/// The keys of a set, for the doctor.
pub(crate) struct KeysFound {
    /// The number of all entries, usable or not.
    pub(crate) entries: usize,
    pub(crate) usable: Vec<KeyFound>,
}

/// A usable key.
pub(crate) struct KeyFound {
    pub(crate) id: Option<String>,
    /// The algorithms that it verifies.
    pub(crate) algorithms: Vec<&'static str>,
}

impl KeysFound {
    /// Reads a set by the rules of a sign-in.
    pub(crate) fn read(document: &Value) -> Result<Self, ProviderError> {
        let set = KeySet::parse(document)?;
        let found = |key: &Key| KeyFound {
            id: key.id.clone(),
            algorithms: fitting(key).map(Algorithm::name).collect(),
        };
        Ok(Self {
            entries: document["keys"].as_array().map_or(0, Vec::len),
            usable: set.keys().iter().map(found).collect(),
        })
    }
}

/// The secure algorithms that `key` verifies.
fn fitting(key: &Key) -> impl Iterator<Item = Algorithm> {
    Algorithm::SECURE
        .into_iter()
        .filter(|algorithm| key.fits(*algorithm))
}

impl OidcClient {
    /// The summary of the settings.
    pub(super) fn outline(&self) -> Outline {
        let settings = &self.settings;
        let signs_with_secret = settings.signing == Signing::ClientSecret;
        let algorithms = match &self.pinned {
            _ if signs_with_secret => &[Algorithm::Hs256][..],
            Some(pinned) => pinned,
            None => &Algorithm::SECURE,
        };
        let openid = OpenId {
            issuer: settings.issuer.clone(),
            metadata: self.discovery.document(),
            scopes: settings
                .requested_scopes()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            phone_scope: settings
                .asks_for_phone()
                .then(|| settings.phone_scope.clone()),
            phone_claim: (!settings.registration.without_phone)
                .then(|| settings.claim_rules.claim.to_string()),
            is_unlisted: matches!(
                settings.registration.brand,
                Brand::Kakao | Brand::Naver | Brand::Line
            ),
            algorithms: algorithms.iter().map(|one| one.name()).collect(),
            pins_algorithms: self.pinned.is_some(),
            signs_with_secret,
            authentication: self.authentication(),
            pkce: settings.pkce,
            pushed_requests: settings.pushed_requests,
            claims_parameter: settings.claims_parameter,
            needs_userinfo: settings.userinfo == UserinfoUse::Always,
            logs_out: settings.logs_out,
        };
        Outline {
            endpoints: Vec::new(),
            openid: Some(openid),
            verifies_tokens: true,
            comes_back: settings.logs_out || self.may_end_session_for_another(),
        }
    }

    /// The authentication of the client, as far as the settings fix it.
    fn authentication(&self) -> Authentication {
        let settings = &self.settings;
        match (settings.client_auth, &settings.registration.client_secret) {
            _ if settings.private_key.is_some() => Authentication::Set("private_key_jwt"),
            (Some(ClientAuth::Basic), _) => Authentication::Set("client_secret_basic"),
            (Some(ClientAuth::Body), _) => Authentication::Set("client_secret_post"),
            (None, Some(_)) => Authentication::Announced,
            (None, None) => Authentication::Set("none"),
        }
    }

    /// The endpoints that this server calls, read from `document` by the rules of a sign-in. An
    /// error if a sign-in would refuse the document.
    pub(super) async fn accept(&self, document: &Value) -> Result<Accepted, ProviderError> {
        let metadata = self.discovery.read(document).await?;
        // The same check as at a sign-in.
        if metadata.jwks_uri.is_none() && self.settings.signing == Signing::Keys {
            return Err(wrong("jwks_uri", "an https address", "missing"));
        }
        let called = [
            (CallName::Token, Some(&metadata.token_endpoint)),
            (CallName::Keys, metadata.jwks_uri.as_ref()),
            (CallName::Profile, self.userinfo_endpoint(&metadata)),
            (CallName::PushedRequest, metadata.par_endpoint.as_ref()),
        ];
        let endpoints = called.into_iter();
        let endpoints = endpoints.filter_map(|(call, url)| Some((call, url?.as_str().to_owned())));
        Ok(Accepted {
            endpoints: endpoints.collect(),
        })
    }
}
