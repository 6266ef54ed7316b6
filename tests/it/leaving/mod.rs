//! Signing out at the provider as well, and what is ended there by the application's word alone.

mod hint;
mod kakao;
pub(crate) mod oidc;
mod revocation;
mod unlink;
