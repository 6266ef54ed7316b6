#![doc = include_str!("../README.md")]
//!
//! [`FileLog`]: revocation::FileLog
//! [`HttpClient`]: provider::HttpClient
//! [`NotEverywhere`]: revocation::NotEverywhere
//! [`PhoneAssurance`]: phone::PhoneAssurance
//! [`ReadProfile`]: provider::ReadProfile
//! [`RevocationLog`]: revocation::RevocationLog
//! [`WhenStale::FailClosed`]: revocation::WhenStale::FailClosed
//! [`WhenStale::ServeUnread`]: revocation::WhenStale::ServeUnread
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(test, allow(clippy::unwrap_used))]

// The layers of the crate, the lowest first. A module uses only modules that stand before it. A
// test keeps it so.
mod language;

pub mod error;

mod observe;

mod clock;

mod key_text;

mod serde_text;

pub mod phone;

mod web;

mod seal;

mod session;

pub mod audit;

mod http_client;

mod calls;

pub mod revocation;

pub mod phone_step;

pub mod provider;

pub mod hooks;

mod page;

mod config;

mod flow;

pub mod doctor;

pub mod layer;

pub mod gateway;

#[doc(inline)]
pub use clock::Clock;
#[doc(inline)]
pub use error::ConfigError;
#[doc(inline)]
pub use language::Text;
#[cfg(feature = "test-util")]
#[doc(inline)]
pub use layer::TestUser;
#[doc(inline)]
pub use layer::{Builder, OAuthLayer};
#[doc(inline)]
pub use phone::PhoneNumber;
#[doc(inline)]
pub use provider::{CustomProvider, Google, Kakao, Naver, Oidc};
#[doc(inline)]
pub use seal::key::SessionKey;
#[doc(inline)]
pub use session::{
    id::{SessionId, SessionIdError},
    subject::Subject,
    user::VerifiedUser,
};
