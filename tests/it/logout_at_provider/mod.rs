//! Signing out at the provider as well, and what is ended there by the application's word alone.

mod id_token_hint;
mod kakao;
pub(crate) mod oidc;
mod token_revocation;
mod unlink;
