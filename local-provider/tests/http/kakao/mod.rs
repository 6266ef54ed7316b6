//! Kakao's dialect.

mod account;
mod consent;
mod oidc;
mod token;
