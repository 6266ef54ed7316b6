#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(test, allow(clippy::unwrap_used))]

// The floors, ground first: a module uses modules of lower floors only, its own children
// excepted. A test keeps it so.
mod address;
mod base_path;
mod brand;
mod clock;
mod error;
mod language;
mod phone;
mod session_id;

mod body;
mod cookie;
mod failure;
mod key;
mod origin;
mod page;
mod path;
mod prefix;
mod reply;
mod tokens;
mod user;

mod return_to;

mod after_sign_out;
mod audit;
mod seal;

mod session;

mod login_state;

mod pending;

mod finished;
mod leaving;

mod saved_form;

mod http_client;

mod calls;

mod revocation;

mod hooks;

mod config;

mod provider;

mod flow;

mod doctor;

mod future;

mod require;
mod service;

#[cfg(feature = "axum")]
mod extract;
mod layer;

#[cfg(feature = "test-util")]
mod test_user;

// Beside the floors: a provider of its own, which knows nothing of flows and sessions.
#[cfg(feature = "local-provider")]
pub mod local_provider;

pub use audit::AUDIT_TARGET;
pub use body::ResponseBody;
pub use clock::Clock;
pub use doctor::{Advice, Check, CheckState, Explanation, Report, explain};
pub use error::{ConfigError, Denied, LoginError, LoginErrorKind};
#[cfg(feature = "axum")]
pub use extract::Rejection;
pub use failure::{Cause, Failure, Reason};
pub use flow::{RevokeError, WarmUpError};
pub use future::ResponseFuture;
pub use hooks::{SignIn, Unlink};
pub use http_client::{BoxFuture, HttpClient, HttpError, HttpErrorKind};
pub use key::SessionKey;
pub use layer::{Builder, OAuthLayer};
pub use phone::{PhoneAssurance, PhoneNumber, PhoneNumberError};
pub use provider::{
    Provider, google::Google, kakao::Kakao, naver::Naver, oidc::Oidc, own::OAuth2,
    profile::Profile, read_profile::ReadProfile,
};
pub use require::{RequireUser, Required};
#[cfg(feature = "redis")]
pub use revocation::RedisLog;
pub use revocation::{
    FileLog, InProcessLog, LogBatch, LogError, LogPosition, NotEverywhere, RevocationLog, WhenStale,
};
pub use service::OAuth;
pub use session_id::{SessionId, SessionIdError};
#[cfg(feature = "test-util")]
pub use test_user::TestUser;
pub use tokens::ProviderTokens;
pub use user::VerifiedUser;
