//! The common parts of the token endpoints, and of the endpoints that take an access token.

pub(crate) mod bearer;
pub(crate) mod credentials;
pub(crate) mod endpoint;
pub(crate) mod exchange;
pub(crate) mod id_token;
pub(crate) mod refusal;
