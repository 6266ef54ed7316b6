//! OpenID Connect as any provider may speak it.

mod assertion;
mod authorization;
mod claims;
mod client;
mod discovery;
mod logout;
pub(crate) mod pushed;
pub(crate) mod requested;
pub(crate) mod settings;
mod token;
mod userinfo;

use std::time::Duration;

use http::StatusCode;

use self::settings::{Par, Userinfo};
pub(crate) use self::{assertion::Assertions, claims::subject};
use super::{
    authorization::Authorization,
    authorize,
    dialect::{Denial, Dialect, Papers, Speech},
    grant::Kind,
    mistake::{Mistake, Refused},
    openid::TokenEndpoint as _,
    params::Params,
    route::Resource,
    settings::Settings,
    state::State,
};
use crate::language::Language;

pub(crate) struct Oidc;

pub(crate) fn resource(settings: &Settings, path: &str) -> Option<Resource> {
    let Settings { oidc, .. } = settings;
    match path {
        "/oidc/authorize" => Resource::both(
            |state, request| authorize::show(state, request, Dialect::Oidc),
            |state, request| authorize::decide(state, request, Dialect::Oidc),
        ),
        "/oidc/token" => Resource::post(Oidc::exchange),
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

impl Speech for Oidc {
    fn mark(&self, language: Language) -> &'static str {
        language.pick(
            "Local provider, not a real OpenID provider",
            "로컬 제공자입니다. 실제 OpenID 제공자가 아닙니다",
        )
    }

    fn page(&self) -> &'static str {
        "/oidc/authorize"
    }

    fn folder(&self) -> &'static str {
        "/oidc"
    }

    fn phone(&self) -> &'static str {
        "phone"
    }

    fn items(&self, _: &Settings) -> Vec<String> {
        authorization::SCOPES.map(str::to_owned).to_vec()
    }

    fn read(&self, state: &State, params: &Params) -> Result<Authorization, Refused> {
        authorization::read(state, params)
    }

    fn code(&self, _: &Settings, mistake: &Mistake) -> (StatusCode, &'static str) {
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
            Denial::LoginRequired => ("login_required", "Nobody is signed in."),
            Denial::ConsentRequired => ("consent_required", "A consent is missing."),
        };
        (error, Some(description))
    }

    fn papers(&self, _: &Settings, asked: &Authorization, _: bool) -> Papers {
        Papers {
            id_token: true,
            refresh_token: asked.offline,
        }
    }

    fn lifetime(&self, kind: Kind) -> Duration {
        Duration::from_secs(match kind {
            Kind::Code => 600,
            Kind::Access => 3_600,
            Kind::Refresh => 2_592_000,
        })
    }
}
