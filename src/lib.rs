#![doc = include_str!("../README.md")]
//!
//! # The API by task
//!
//! ## Start here
//!
//! [`OAuthLayer`] is the layer, and [`Builder`] has its settings; [`Builder::from_env`] reads them
//! from the environment. A [`SessionKey`] seals the cookies. Handlers take a [`VerifiedUser`], which
//! is an extractor of axum with the feature `axum-08`. The [`guide`] has a page for each task.
//!
//! ## Users and phone numbers
//!
//! A [`VerifiedUser`] has a [`PhoneNumber`] with a [`PhoneAssurance`](phone::PhoneAssurance), and is
//! known by its provider and [`Subject`]. [`Builder::on_sign_in`] stores users, and
//! [`VerifiedUser::claims`] reads the data that it returned. A database finds a number by
//! [`PhoneNumber::keyed_hash`]. See [`guide::users`].
//!
//! ## Providers
//!
//! [`Kakao`], [`Naver`], [`Google`], [`Oidc`] for every OpenID provider, and [`CustomProvider`] for
//! any other one, with [`ReadProfile`](provider::ReadProfile) or
//! [`ProfileRequest`](provider::ProfileRequest). See [`guide::providers`].
//!
//! ## Routes
//!
//! [`Builder::public`] lists paths without a sign-in. [`OAuthLayer::require`] makes a
//! [`RequireUser`](layer::RequireUser), which requires a recent sign-in, a better number or a role.
//! See [`guide::placement`] and [`guide::fresh_sign_in`].
//!
//! ## Pages
//!
//! [`Site`] puts your name, logo and links on the pages of the layer, and [`Builder::pages`] replaces
//! the HTML of each [`Page`](page::Page). [`Text`] is a text in several languages. See
//! [`guide::pages`].
//!
//! ## Sign-out and revocation
//!
//! `POST /auth/logout` signs a user out; [`Builder::after_sign_out`] chooses the page after it.
//! [`OAuthLayer::revoke`], [`OAuthLayer::revoke_session`] and [`OAuthLayer::has_ended`] are for the
//! application. [`ProviderHandle`](layer::ProviderHandle) unlinks a user at the provider. See
//! [`guide::sessions`] and [`guide::account_deletion`].
//!
//! ## Phone step
//!
//! [`PhoneStep`](phone_step::PhoneStep) lets a user prove a number by a code, which a
//! [`CodeSender`](phone_step::CodeSender) or a [`NumberVerifier`](phone_step::NumberVerifier) sends.
//! See [`guide::phone_step`].
//!
//! ## Replicas
//!
//! A [`RevocationLog`](revocation::RevocationLog) carries revocations:
//! [`FileLog`](revocation::FileLog) for one process, `RedisLog` for several. See
//! [`guide::replicas`].
//!
//! ## Gateways
//!
//! [`OAuthLayer::forward_auth`] and [`OAuthLayer::judge`] decide for applications in any language.
//! See [`guide::gateway`].
//!
//! ## Tests, errors and operation
//!
//! `TestUser` (feature `test-util`) makes sessions without a sign-in, and
//! [`OAuthLayer::check_placement`] finds a layer in the wrong place. [`error`] has the causes of
//! refusals, [`doctor`] explains codes and checks a set-up, [`audit`] names the lines of the log,
//! and [`Builder::on_event`] is for metrics. A [`ConfigError`] names a setting and the remedy. See
//! [`guide::testing`] and [`guide::production`].
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(test, allow(clippy::unwrap_used))]

// The layers of the crate, the lowest first. A module uses only modules that stand before it. A
// test keeps it so.
mod random;

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

pub mod page;

mod config;

mod flow;

pub mod doctor;

pub mod layer;

pub mod gateway;

#[cfg(any(doc, doctest))]
pub mod guide;

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
pub use page::Site;
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
