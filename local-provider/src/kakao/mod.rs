//! Kakao's dialect: OAuth 2.0 with consent items, and OpenID Connect if it is switched on.

mod account;
mod authorization;
mod koe;
mod oidc;
mod profile;
mod refused;
mod token;

use std::time::Duration;

use http::StatusCode;

use crate::{
    dialect::Dialect,
    language::Language,
    login::{
        authorization::{Authorization, Renewal},
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

pub(crate) use self::oidc::{ISSUER, KEYS};

/// The rules of the dialect.
pub(crate) struct Kakao;

/// The resource at this path.
pub(crate) fn resource(settings: &Settings, path: &str) -> Option<Resource> {
    match path {
        "/oauth/authorize" => Resource::both(
            |state, request| authorize::show(state, request, &Kakao),
            |state, request| authorize::decide(state, request, &Kakao),
        ),
        "/oauth/token" => Resource::post(token::exchange),
        "/oauth/logout" => Resource::get(account::leave),
        "/v2/user/me" => Resource::any(profile::me),
        "/v1/oidc/userinfo" => Resource::get(profile::userinfo),
        "/v1/user/access_token_info" => Resource::get(account::token_info),
        "/v1/user/logout" => Resource::post(account::log_out),
        "/v1/user/unlink" => Resource::post(account::unlink),
        "/.well-known/openid-configuration" if settings.kakao_oidc => {
            Resource::get(oidc::configuration)
        }
        "/.well-known/jwks.json" => Resource::get(oidc::keys),
        _ => None,
    }
}

impl DialectRules for Kakao {
    fn banner(&self, language: Language) -> &'static str {
        language.pick(
            "Local provider, not Kakao",
            "로컬 제공자입니다. 카카오가 아닙니다",
        )
    }

    fn page(&self) -> &'static str {
        "/oauth/authorize"
    }

    fn cookie_path(&self) -> &'static str {
        "/oauth"
    }

    fn phone_item(&self) -> &'static str {
        "phone_number"
    }

    fn items(&self, settings: &Settings) -> Vec<String> {
        settings.consent_items.clone()
    }

    fn read(&self, state: &State, params: &Params) -> Result<Authorization, Refused> {
        Ok(authorization::read(&state.settings, params)?)
    }

    fn error_page(&self, settings: &Settings, mistake: &Mistake) -> (StatusCode, &'static str) {
        (settings.error_page_status, koe::code(mistake))
    }

    fn denial(&self, denial: Denial) -> (&'static str, Option<&'static str>) {
        let (error, description) = match denial {
            Denial::Cancelled => ("access_denied", "User denied access"),
            Denial::LoginRequired => ("login_required", "user login required."),
            Denial::ConsentRequired => ("consent_required", "user consent required."),
        };
        (error, Some(description))
    }

    fn token_set(&self, settings: &Settings, asked: &Authorization, known: bool) -> TokenSet {
        // A request for missing consents only has no ID token, unless it asks for `openid`.
        let incremental = known && asked.renewal == Renewal::Missing;
        TokenSet {
            id_token: settings.kakao_oidc && (asked.asks_for("openid") || !incremental),
            refresh_token: true,
        }
    }

    fn accepts_posted_requests(&self) -> bool {
        false
    }
}

impl TokenRules for Kakao {
    fn dialect(&self) -> Dialect {
        Dialect::Kakao
    }

    fn lifetime(&self, kind: Kind) -> Duration {
        Duration::from_secs(match kind {
            Kind::Code => 600,
            Kind::Access => 21_599,
            Kind::Refresh => 5_184_000,
        })
    }
}
