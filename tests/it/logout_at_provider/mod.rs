//! Sign-out at the provider, and tokens and links that the application ends at the provider.

mod id_token_hint;
mod kakao;
pub(crate) mod oidc;
mod token_revocation;
mod unlink;
