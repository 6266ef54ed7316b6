//! Warnings about settings that contradict the provider's metadata. They refuse nothing, because
//! metadata are often incomplete.

use super::{Signing, algorithm::Algorithm, client::OidcClient, metadata::Metadata};
use crate::provider::ClientAuth;
use crate::{
    audit::{self, Ready},
    error::{Mismatch, ProviderError},
    provider::brand::Brand,
};

/// The name of a setting, with the value that it needs and the one that the metadata announce.
type Discrepancy = (&'static str, Mismatch);

impl OidcClient {
    /// Logs each discrepancy once in the life of the process, although the metadata are read again
    /// every day.
    pub(super) fn warn_of_settings(&self, metadata: &Metadata) {
        let discrepancies = [
            self.check_claim(metadata),
            self.check_algorithms(metadata),
            self.check_client_auth(metadata),
            self.check_pkce(metadata),
            lacks_value("response_types", metadata.response_types.as_deref(), "code"),
            lacks_value(
                "grant_types",
                metadata.grant_types.as_deref(),
                "authorization_code",
            ),
            lacks_value(
                "response_modes",
                metadata.response_modes.as_deref(),
                "query",
            ),
            self.claims(metadata).err().as_ref().map(unmet_setting),
            self.par_endpoint(metadata)
                .err()
                .as_ref()
                .map(unmet_setting),
            self.check_sign_out(metadata),
        ];
        for (cause, mismatch) in discrepancies.into_iter().flatten() {
            if self.is_first_warning(&format!("setting {cause}")) {
                audit::provider_setting(&self.settings.registration.name, cause, &mismatch);
            }
        }
    }

    /// The phone claim. Many providers list only a few of their claims, so a listed scope is
    /// enough. Kakao and LINE give the number and list neither.
    fn check_claim(&self, metadata: &Metadata) -> Option<Discrepancy> {
        let claim = &*self.settings.claim_rules.claim;
        let is_unlisted = matches!(self.settings.registration.brand, Brand::Kakao | Brand::Line);
        let is_unasked = self.settings.registration.without_phone;
        if is_unlisted || is_unasked || metadata.lists_scope(&self.settings.phone_scope) {
            return None;
        }
        lacks_value("claims", metadata.claims.as_deref(), claim)
    }

    /// The accepted signature algorithms.
    fn check_algorithms(&self, metadata: &Metadata) -> Option<Discrepancy> {
        let announced = metadata.algorithm_names.as_deref()?;
        // LINE announces algorithms of its own keys, which its web channels do not use.
        if announced.is_empty() || self.settings.signing == Signing::ClientSecret {
            return None;
        }
        let accepted = self.pinned.as_deref().unwrap_or(&Algorithm::SECURE);
        let secure = metadata.id_token_algorithms.as_deref().unwrap_or_default();
        if secure.iter().any(|algorithm| accepted.contains(algorithm)) {
            return None;
        }
        Some((
            "algorithms",
            Mismatch::new(&names(accepted), &announced.join(", ")),
        ))
    }

    /// The authentication method of the client. With a secret and no setting, either method will
    /// do.
    fn check_client_auth(&self, metadata: &Metadata) -> Option<Discrepancy> {
        let methods = metadata.auth_methods.as_deref();
        let is_free = self.settings.client_auth.is_none()
            && self.settings.registration.client_secret.is_some();
        if is_free && self.key().is_none() {
            let post = lacks_value("client_auth", methods, "client_secret_post");
            return post.and(lacks_value("client_auth", methods, "client_secret_basic"));
        }
        lacks_value("client_auth", methods, self.client_auth(metadata))
    }

    /// PKCE with S256, unless it is switched off.
    fn check_pkce(&self, metadata: &Metadata) -> Option<Discrepancy> {
        let methods = metadata.challenge_methods.as_deref();
        lacks_value("code_challenge_methods", methods, "S256").filter(|_| self.settings.pkce)
    }

    /// The sign-out page, if users are to sign out at the provider as well.
    fn check_sign_out(&self, metadata: &Metadata) -> Option<Discrepancy> {
        let lacks = self.settings.logs_out && metadata.end_session_endpoint.is_none();
        lacks.then(|| {
            (
                "end_session_endpoint",
                Mismatch::new("an https address", "missing"),
            )
        })
    }

    /// The authentication method of the client, by its name in the metadata (Discovery section 3).
    fn client_auth(&self, metadata: &Metadata) -> &'static str {
        match (self.key(), &self.settings.registration.client_secret) {
            (Some(_), _) => "private_key_jwt",
            (None, None) => "none",
            (None, Some(_)) => match self.method(metadata).current() {
                ClientAuth::Basic => "client_secret_basic",
                ClientAuth::Body => "client_secret_post",
            },
        }
    }

    /// The summary for the log line at the start, as far as the metadata are cached. Unknown parts
    /// are `None`.
    pub(super) fn ready(&self) -> Ready<'_> {
        let known = self.discovery.cached();
        let metadata = known.as_ref().map(|known| &known.metadata);
        let settings = &self.settings;
        let of_tokens = |metadata| names(self.algorithms(metadata, super::trust::Signed::Token));
        let pushes = |metadata| self.par_endpoint(metadata).is_ok_and(|to| to.is_some());
        Ready {
            issuer: &settings.issuer,
            scopes: settings.requested_scopes().join(" "),
            claims: (!settings.registration.without_phone)
                .then(|| format!("{} phone_number_verified", settings.claim_rules.claim)),
            algorithms: metadata.map(of_tokens),
            client_auth: metadata.map(|metadata| self.client_auth(metadata)),
            pkce: Some(settings.pkce),
            pushed: metadata.map(pushes),
        }
    }
}

/// The names of algorithms, for the log.
fn names(algorithms: &[Algorithm]) -> String {
    let names: Vec<&str> = algorithms.iter().map(|known| known.name()).collect();
    names.join(", ")
}

/// The discrepancy if a list of the metadata lacks `word`. A list that is missing or empty
/// announces nothing, so it contradicts nothing.
fn lacks_value(cause: &'static str, list: Option<&[String]>, word: &str) -> Option<Discrepancy> {
    let list = list.filter(|list| !list.is_empty())?;
    let lacks = !list.iter().any(|one| one == word);
    lacks.then(|| (cause, Mismatch::new(word, &list.join(", "))))
}

/// The discrepancy for a setting that makes every sign-in fail, because the provider does not
/// support it.
fn unmet_setting(error: &ProviderError) -> Discrepancy {
    let cause = match error.code() {
        Some("claims_parameter_supported") => "claims_parameter_supported",
        _ => "pushed_authorization_request_endpoint",
    };
    (cause, Mismatch::new("announced", "missing"))
}
