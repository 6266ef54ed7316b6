//! Signing keys, and the tokens that they sign.

pub(crate) mod algorithm;
pub(crate) mod history;
pub(crate) mod key;
pub(crate) mod signer;
