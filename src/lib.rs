#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(test, allow(clippy::unwrap_used))]

// The layers of the crate, the lowest first. A module uses only modules that stand before it. A test
// keeps it so.
mod error;

mod clock;

mod phone;

mod web;

mod seal;

mod session;

mod audit;

mod http_client;

mod calls;

mod revocation;

mod provider;

mod hooks;

mod page;

mod config;

mod flow;

mod doctor;

mod layer;

pub use audit::AUDIT_TARGET;
pub use clock::Clock;
pub use doctor::{Advice, Check, CheckState, Explanation, Report, explain};
pub use error::refusal::{Cause, Failure, Reason};
pub use error::{ConfigError, Denied, LoginError, LoginErrorKind, ProviderError};
pub use flow::{RevokeError, WarmUpError};
pub use hooks::{SignIn, Unlink};
pub use http_client::{BoxFuture, HttpClient, HttpError, HttpErrorKind};
pub use layer::body::ResponseBody;
#[cfg(feature = "axum")]
pub use layer::extract::Rejection;
pub use layer::future::ResponseFuture;
pub use layer::provider_handle::ProviderHandle;
pub use layer::require::{RequireUser, Required};
pub use layer::service::AuthService;
#[cfg(feature = "test-util")]
pub use layer::test_user::TestUser;
pub use layer::{Builder, OAuthLayer};
pub use phone::{PhoneAssurance, PhoneNumber, PhoneNumberError};
pub use provider::tokens::ProviderTokens;
pub use provider::{
    Provider, custom::CustomProvider, google::Google, kakao::Kakao, naver::Naver, oidc::Oidc,
    profile::Profile, read_profile::ReadProfile,
};
#[cfg(feature = "redis")]
pub use revocation::RedisLog;
pub use revocation::{
    FileLog, InProcessLog, LogBatch, LogError, LogPosition, NotEverywhere, RevocationLog, WhenStale,
};
pub use seal::key::SessionKey;
pub use session::id::{SessionId, SessionIdError};
pub use session::user::VerifiedUser;
