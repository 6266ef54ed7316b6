//! Presets: [`Oidc`](super::Oidc) with the values of a known provider. Each is data alone: an
//! application could set most of them itself.

mod accounts;
mod servers;
