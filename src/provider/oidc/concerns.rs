//! What the metadata do not announce, and the settings need.

use super::{Signing, algorithm::Algorithm, connected::OidcClient, metadata::Metadata};
use crate::provider::ClientAuth;
use crate::{
    audit::{self, Ready},
    error::{LoginError, Mismatch},
    provider::brand::Brand,
};

type Concern = (&'static str, Mismatch);

impl OidcClient {
    /// One line for each, once.
    pub(super) fn warn_of_settings(&self, metadata: &Metadata) {
        let concerns = [
            self.of_claim(metadata),
            self.of_algorithms(metadata),
            self.of_client_auth(metadata),
            self.of_pkce(metadata),
            of_list("response_types", metadata.response_types.as_deref(), "code"),
            of_list(
                "grant_types",
                metadata.grant_types.as_deref(),
                "authorization_code",
            ),
            of_list(
                "response_modes",
                metadata.response_modes.as_deref(),
                "query",
            ),
            self.claims(metadata).err().as_ref().map(of_error),
            self.par_endpoint(metadata).err().as_ref().map(of_error),
            self.of_sign_out(metadata),
        ];
        for (cause, mismatch) in concerns.into_iter().flatten() {
            if self.is_news(&format!("setting {cause}")) {
                audit::provider_setting(&self.settings.name, cause, &mismatch);
            }
        }
    }

    /// Many providers list few of their claims: the scope of the number is enough.
    fn of_claim(&self, metadata: &Metadata) -> Option<Concern> {
        let claim = &*self.settings.reading.claim;
        let is_unlisted = matches!(self.settings.brand, Brand::Kakao | Brand::Line);
        if is_unlisted || metadata.lists_scope(&self.settings.phone_scope) {
            return None;
        }
        of_list("claims", metadata.claims.as_deref(), claim)
    }

    fn of_algorithms(&self, metadata: &Metadata) -> Option<Concern> {
        let announced = metadata.algorithm_names.as_deref()?;
        if announced.is_empty() || self.settings.signing == Signing::ClientSecret {
            return None;
        }
        let accepted = self.pinned.as_deref().unwrap_or(&Algorithm::SOUND);
        let sound = metadata.id_token_algorithms.as_deref().unwrap_or_default();
        if sound.iter().any(|algorithm| accepted.contains(algorithm)) {
            return None;
        }
        Some((
            "algorithms",
            Mismatch::new(&names(accepted), &announced.join(", ")),
        ))
    }

    fn of_client_auth(&self, metadata: &Metadata) -> Option<Concern> {
        let methods = metadata.auth_methods.as_deref();
        let is_free = self.settings.client_auth.is_none() && self.settings.client_secret.is_some();
        if is_free && self.key().is_none() {
            let post = of_list("client_auth", methods, "client_secret_post");
            return post.and(of_list("client_auth", methods, "client_secret_basic"));
        }
        of_list("client_auth", methods, self.client_auth(metadata))
    }

    fn of_pkce(&self, metadata: &Metadata) -> Option<Concern> {
        let methods = metadata.challenge_methods.as_deref();
        of_list("code_challenge_methods", methods, "S256").filter(|_| self.settings.pkce)
    }

    fn of_sign_out(&self, metadata: &Metadata) -> Option<Concern> {
        let lacks = self.settings.logs_out && metadata.end_session_endpoint.is_none();
        lacks.then(|| {
            (
                "end_session_endpoint",
                Mismatch::new("an https address", "missing"),
            )
        })
    }

    /// How the client proves itself, as Discovery names the methods.
    fn client_auth(&self, metadata: &Metadata) -> &'static str {
        match (self.key(), &self.settings.client_secret) {
            (Some(_), _) => "private_key_jwt",
            (None, None) => "none",
            (None, Some(_)) => match self.method(metadata).current() {
                ClientAuth::Basic => "client_secret_basic",
                ClientAuth::Body => "client_secret_post",
            },
        }
    }

    /// What is asked of the provider, as far as its metadata are known.
    pub(super) fn ready(&self) -> Ready<'_> {
        let known = self.discovery.at_hand();
        let metadata = known.as_ref().map(|known| &known.metadata);
        let settings = &self.settings;
        let of_tokens = |metadata| names(self.algorithms(metadata, super::trust::Signed::Token));
        let pushes = |metadata| self.par_endpoint(metadata).is_ok_and(|to| to.is_some());
        Ready {
            issuer: &settings.issuer,
            scopes: settings.asked().join(" "),
            claims: Some(format!("{} phone_number_verified", settings.reading.claim)),
            algorithms: metadata.map(of_tokens),
            client_auth: metadata.map(|metadata| self.client_auth(metadata)),
            pkce: Some(settings.pkce),
            pushed: metadata.map(pushes),
        }
    }
}

fn names(algorithms: &[Algorithm]) -> String {
    let names: Vec<&str> = algorithms.iter().map(|known| known.name()).collect();
    names.join(", ")
}

/// A list of the metadata that lacks the word. A list that is missing or empty says nothing.
fn of_list(cause: &'static str, list: Option<&[String]>, word: &str) -> Option<Concern> {
    let list = list.filter(|list| !list.is_empty())?;
    let lacks = !list.iter().any(|one| one == word);
    lacks.then(|| (cause, Mismatch::new(word, &list.join(", "))))
}

/// A setting that cannot be met.
fn of_error(error: &LoginError) -> Concern {
    let cause = match error.code() {
        Some("claims_parameter_supported") => "claims_parameter_supported",
        _ => "pushed_authorization_request_endpoint",
    };
    (cause, Mismatch::new("announced", "missing"))
}
