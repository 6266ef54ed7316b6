//! Presets: [`Oidc`](super::Oidc) with the values of a known provider. Each consists of values
//! only. An application could set most of them itself.

mod accounts;
mod servers;
