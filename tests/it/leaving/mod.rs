//! Signing out at the provider as well, and what is ended there by the application's word alone.

mod hint;
mod kakao;
mod oidc;
mod revocation;
mod unlink;
