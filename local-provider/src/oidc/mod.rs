//! OpenID Connect as any provider may speak it. The other dialects imitate one provider each; this
//! one has settings for the differences between providers.

mod assertion;
mod authorization;
mod claims;
mod client;
mod discovery;
mod logout;
mod pushed;
mod token;
mod userinfo;

use std::time::Duration;

use http::StatusCode;

pub(crate) use self::claims::subject;
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
    settings::{
        Settings,
        oidc::{Par, Userinfo},
    },
    state::{
        State,
        grants::{Kind, TokenRules, TokenSet},
    },
    tokens::endpoint,
    web::params::Params,
};

/// The rules of the dialect.
pub(crate) struct Oidc;

/// The resource at this path. Endpoints that are switched off are not there.
pub(crate) fn resource(settings: &Settings, path: &str) -> Option<Resource> {
    let Settings { oidc, .. } = settings;
    match path {
        "/oidc/authorize" => Resource::both(
            |state, request| authorize::show(state, request, &Oidc),
            |state, request| authorize::decide(state, request, &Oidc),
        ),
        "/oidc/token" => Resource::post(|state, request| endpoint::exchange(&Oidc, state, request)),
        "/oidc/par" if oidc.par != Par::Off => Resource::post(pushed::push),
        "/oidc/userinfo" if oidc.userinfo != Userinfo::Absent => Resource::any(userinfo::userinfo),
        "/oidc/logout" => Resource::any(logout::end_session),
        "/oidc/revoke" => Resource::post(logout::revoke),
        "/oidc/jwks" => Resource::get(discovery::keys),
        "/oidc/.well-known/openid-configuration" => Resource::get(discovery::configuration),
        _ => None,
    }
}

/// The issuer at this origin.
pub(crate) fn issuer(origin: &str) -> String {
    format!("{origin}/oidc")
}

impl DialectRules for Oidc {
    fn banner(&self, language: Language) -> &'static str {
        language.pick(
            "Local provider, not a real OpenID provider",
            "로컬 제공자입니다. 실제 OpenID 제공자가 아닙니다",
        )
    }

    fn page(&self) -> &'static str {
        "/oidc/authorize"
    }

    fn cookie_path(&self) -> &'static str {
        "/oidc"
    }

    fn phone_item(&self) -> &'static str {
        "phone"
    }

    fn items(&self, _: &Settings) -> Vec<String> {
        authorization::SCOPES.map(str::to_owned).to_vec()
    }

    fn read(&self, state: &State, params: &Params) -> Result<Authorization, Refused> {
        authorization::read(state, params)
    }

    fn error_page(&self, _: &Settings, mistake: &Mistake) -> (StatusCode, &'static str) {
        let code = match mistake {
            Mistake::ClientId => "invalid_client",
            Mistake::RedirectUri => "invalid_redirect_uri",
            Mistake::LoginDisabled => "unauthorized_client",
            _ => "invalid_request",
        };
        (StatusCode::BAD_REQUEST, code)
    }

    fn denial(&self, denial: Denial) -> (&'static str, Option<&'static str>) {
        let (error, description) = match denial {
            Denial::Cancelled => ("access_denied", "The person declined."),
            Denial::LoginRequired => ("login_required", "No user is signed in."),
            Denial::ConsentRequired => ("consent_required", "A consent is missing."),
        };
        (error, Some(description))
    }

    fn token_set(&self, _: &Settings, asked: &Authorization, _: bool) -> TokenSet {
        TokenSet {
            id_token: true,
            refresh_token: asked.offline,
        }
    }
}

impl TokenRules for Oidc {
    fn dialect(&self) -> Dialect {
        Dialect::Oidc
    }

    fn lifetime(&self, kind: Kind) -> Duration {
        Duration::from_secs(match kind {
            Kind::Code => 600,
            Kind::Access => 3_600,
            Kind::Refresh => 2_592_000,
        })
    }
}
