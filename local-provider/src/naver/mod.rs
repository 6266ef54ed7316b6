//! Naver's dialect, the one under `/oauth2.0/`. It is OAuth 2.0 without ID tokens, PKCE and scopes.

mod authorization;
mod profile;
mod revocation;
mod token;
mod verification;

use std::time::Duration;

use aws_lc_rs::digest;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use http::StatusCode;

use crate::{
    dialect::Dialect,
    language::Language,
    login::{
        authorization::Authorization,
        authorize,
        mistake::{Mistake, Refused},
        rules::{Denial, DialectRules},
    },
    resource::Resource,
    settings::Settings,
    state::{
        State,
        grants::{Kind, TokenRules, TokenSet},
    },
    web::params::Params,
};

/// The rules of the dialect.
pub(crate) struct Naver;

/// The resource at this path.
pub(crate) fn resource(path: &str) -> Option<Resource> {
    match path {
        "/oauth2.0/authorize" => Resource::both(
            |state, request| authorize::show(state, request, &Naver),
            |state, request| authorize::decide(state, request, &Naver),
        ),
        "/oauth2.0/token" => Resource::any(token::exchange),
        "/oauth2.0/revoke" => Resource::post(revocation::revoke),
        "/v1/nid/me" => Resource::any(profile::me),
        "/v1/nid/verify" => Resource::any(verification::verify),
        _ => None,
    }
}

/// The `id` of a person. It depends on the application, as with Naver, so two applications cannot
/// compare their users.
pub(crate) fn subject(client_id: &str, person: u64) -> String {
    let name = format!("naver {client_id} {person}");
    let hash = digest::digest(&digest::SHA256, name.as_bytes());
    // Every id has all of +, / and =, to find clients that do not encode it.
    format!("Lp+/{}", STANDARD.encode(hash))
}

impl DialectRules for Naver {
    fn banner(&self, language: Language) -> &'static str {
        language.pick(
            "Local provider, not Naver",
            "로컬 제공자입니다. 네이버가 아닙니다",
        )
    }

    fn page(&self) -> &'static str {
        "/oauth2.0/authorize"
    }

    fn cookie_path(&self) -> &'static str {
        "/oauth2.0"
    }

    fn phone_item(&self) -> &'static str {
        "mobile"
    }

    fn items(&self, settings: &Settings) -> Vec<String> {
        settings.naver.items.clone()
    }

    fn read(&self, state: &State, params: &Params) -> Result<Authorization, Refused> {
        authorization::read(&state.settings, params)
    }

    fn error_page(&self, settings: &Settings, mistake: &Mistake) -> (StatusCode, &'static str) {
        let code = match mistake {
            Mistake::ClientId | Mistake::LoginDisabled => "unauthorized_client",
            _ => "invalid_request",
        };
        (settings.error_page_status, code)
    }

    fn denial(&self, denial: Denial) -> (&'static str, Option<&'static str>) {
        let description = match denial {
            Denial::Cancelled => "Canceled By User",
            Denial::LoginRequired => "not logged in",
            Denial::ConsentRequired => "need consent",
        };
        ("access_denied", Some(description))
    }

    fn token_set(&self, _: &Settings, _: &Authorization, _: bool) -> TokenSet {
        TokenSet {
            id_token: false,
            refresh_token: true,
        }
    }
}

impl TokenRules for Naver {
    fn dialect(&self) -> Dialect {
        Dialect::Naver
    }

    fn lifetime(&self, kind: Kind) -> Duration {
        Duration::from_secs(match kind {
            Kind::Code => 600,
            Kind::Access => 3_600,
            Kind::Refresh => 31_536_000,
        })
    }

    fn encode_token(&self, kind: Kind, random: &[u8]) -> String {
        match kind {
            Kind::Code => URL_SAFE_NO_PAD.encode(random),
            // With all the characters that must be encoded in a form.
            Kind::Access => format!("+/{}", STANDARD.encode(random)),
            Kind::Refresh => random.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}
