//! Recipes, one page for each task. Every block of Rust on these pages is compiled by a test.
//!
//! # First steps
//!
//! - [`install`]: a new application, from `cargo new` to the first sign-in
//! - [`local_provider`]: sign in offline, in your own application
//! - [`placement`]: the place of the layer in a router, and public paths
//! - [`pages`]: name and logo on the pages, and a sign-in page of your own
//! - [`settings`]: all settings, environment variables and features
//!
//! # Providers
//!
//! - [`providers`]: the assurance of the numbers, and the reports
//! - [`kakao`], [`naver`], [`google`]: their consoles, step by step
//! - [`phone_step`]: users whose provider gives no number
//! - [`errors`]: the error codes that one meets, and their remedies
//!
//! # Users and sessions
//!
//! - [`users`]: a table of users
//! - [`sessions`]: sign-out buttons, sign-out everywhere, revocation
//! - [`fresh_sign_in`]: a payment that needs a sign-in of the last minutes
//! - [`websocket`]: connections that outlive their request
//! - [`account_deletion`]: closing an account (회원 탈퇴)
//!
//! # Clients and servers
//!
//! - [`requests`]: the answer to each kind of request
//! - [`spa`]: single-page applications
//! - [`proxies`]: nginx, Caddy and Traefik in front of the application
//! - [`gateway`]: forward authentication, for applications in any language
//! - [`envoy`]: the same with Envoy
//! - [`tonic`], [`lambda`]: gRPC, and AWS Lambda
//!
//! # Tests and production
//!
//! - [`testing`]: tests of your handlers, with users and without a provider
//! - [`replicas`]: several replicas over Redis
//! - [`production`]: a checklist
//! - [`promises`]: what the layer promises, and the tests that prove it
//! - [`moving`]: from Authlib and Flask, axum-login, or oauth2-proxy

use crate::{
    Builder, CustomProvider, Google, Kakao, Naver, OAuthLayer, Oidc, PhoneNumber, SessionKey,
    VerifiedUser, audit, hooks, layer,
    phone::{self, PhoneAssurance},
    phone_step as step,
    provider::{HttpClient, ReadProfile},
    revocation::{self, FileLog, NotEverywhere, RevocationLog, WhenStale},
};

#[doc = include_str!("account_deletion.md")]
pub mod account_deletion {}
#[doc = include_str!("envoy.md")]
pub mod envoy {}
#[doc = include_str!("errors.md")]
pub mod errors {}
#[doc = include_str!("fresh_sign_in.md")]
pub mod fresh_sign_in {}
#[doc = include_str!("gateway.md")]
pub mod gateway {}
#[doc = include_str!("google.md")]
pub mod google {}
#[doc = include_str!("install.md")]
pub mod install {}
#[doc = include_str!("kakao.md")]
pub mod kakao {}
#[doc = include_str!("lambda.md")]
pub mod lambda {}
#[doc = include_str!("local_provider.md")]
pub mod local_provider {}
#[doc = include_str!("moving.md")]
pub mod moving {}
#[doc = include_str!("naver.md")]
pub mod naver {}
#[doc = include_str!("pages.md")]
pub mod pages {}
#[doc = include_str!("phone_step.md")]
pub mod phone_step {}
#[doc = include_str!("placement.md")]
pub mod placement {}
#[doc = include_str!("production.md")]
pub mod production {}
#[doc = include_str!("promises.md")]
pub mod promises {}
#[doc = include_str!("providers.md")]
pub mod providers {}
#[doc = include_str!("proxies.md")]
pub mod proxies {}
#[doc = include_str!("replicas.md")]
pub mod replicas {}
#[doc = include_str!("requests.md")]
pub mod requests {}
#[doc = include_str!("sessions.md")]
pub mod sessions {}
#[doc = include_str!("settings.md")]
pub mod settings {}
#[doc = include_str!("spa.md")]
pub mod spa {}
#[doc = include_str!("testing.md")]
pub mod testing {}
#[doc = include_str!("tonic.md")]
pub mod tonic {}
#[doc = include_str!("users.md")]
pub mod users {}
#[doc = include_str!("websocket.md")]
pub mod websocket {}
