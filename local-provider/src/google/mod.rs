//! Google's dialect: OpenID Connect, and the People API for the phone number.

mod authorization;
mod claims;
mod people;
mod revocation;
mod scope;
mod token;
mod userinfo;

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
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
        grants::{Grant, Kind, TokenRules, TokenSet},
    },
    tokens::endpoint,
    web::params::Params,
};

pub(crate) use self::{claims::subject, token::KEYS};

/// The rules of the dialect.
pub(crate) struct Google;

/// The resource at this path.
pub(crate) fn resource(path: &str) -> Option<Resource> {
    match path {
        "/o/oauth2/v2/auth" => Resource::both(
            |state, request| authorize::show(state, request, &Google),
            |state, request| authorize::decide(state, request, &Google),
        ),
        "/token" => Resource::post(|state, request| endpoint::exchange(&Google, state, request)),
        "/revoke" => Resource::post(revocation::revoke),
        "/v1/userinfo" => Resource::any(userinfo::userinfo),
        "/v1/people/me" => Resource::get(people::me),
        "/oauth2/v3/certs" => Resource::get(token::keys),
        _ => None,
    }
}

impl DialectRules for Google {
    fn banner(&self, language: Language) -> &'static str {
        language.pick(
            "Local provider, not Google",
            "로컬 제공자입니다. Google이 아닙니다",
        )
    }

    fn page(&self) -> &'static str {
        "/o/oauth2/v2/auth"
    }

    fn cookie_path(&self) -> &'static str {
        "/o/oauth2"
    }

    fn phone_item(&self) -> &'static str {
        scope::PHONE
    }

    fn items(&self, _: &Settings) -> Vec<String> {
        scope::ALL.map(str::to_owned).to_vec()
    }

    fn read(&self, state: &State, params: &Params) -> Result<Authorization, Refused> {
        Ok(authorization::read(&state.settings, params)?)
    }

    fn error_page(&self, _: &Settings, mistake: &Mistake) -> (StatusCode, &'static str) {
        match mistake {
            Mistake::ClientId => (StatusCode::UNAUTHORIZED, "invalid_client"),
            Mistake::LoginDisabled => (StatusCode::FORBIDDEN, "access_denied"),
            Mistake::RedirectUri => (StatusCode::BAD_REQUEST, "redirect_uri_mismatch"),
            Mistake::Scope(_) => (StatusCode::BAD_REQUEST, "invalid_scope"),
            Mistake::ResponseType => (StatusCode::BAD_REQUEST, "unsupported_response_type"),
            _ => (StatusCode::BAD_REQUEST, "invalid_request"),
        }
    }

    fn denial(&self, denial: Denial) -> (&'static str, Option<&'static str>) {
        let error = match denial {
            Denial::Cancelled => "access_denied",
            Denial::LoginRequired => "login_required",
            Denial::ConsentRequired => "consent_required",
        };
        (error, None)
    }

    fn token_set(&self, _: &Settings, asked: &Authorization, known: bool) -> TokenSet {
        TokenSet {
            id_token: asked.asks_for("openid"),
            // Only the first consent has a refresh token as its result, unless the request asks for
            // consent again.
            refresh_token: asked.offline && (!known || asked.renewal == Renewal::All),
        }
    }

    fn callback_parameters(&self, grant: &Grant) -> Vec<(&'static str, String)> {
        vec![
            ("scope", grant.scope.join(" ")),
            ("authuser", "0".to_owned()),
            ("prompt", "consent".to_owned()),
        ]
    }
}

impl TokenRules for Google {
    fn dialect(&self) -> Dialect {
        Dialect::Google
    }

    fn lifetime(&self, kind: Kind) -> Duration {
        Duration::from_secs(match kind {
            Kind::Code => 600,
            Kind::Access => 3_599,
            Kind::Refresh => 15_552_000,
        })
    }

    fn encode_token(&self, kind: Kind, random: &[u8]) -> String {
        let random = URL_SAFE_NO_PAD.encode(random);
        match kind {
            Kind::Code => format!("4/0{random}"),
            Kind::Access => format!("ya29.{random}"),
            Kind::Refresh => format!("1//0{random}"),
        }
    }
}
