//! From an authorization request to a code.

pub(crate) mod authorization;
pub(crate) mod authorize;
pub(crate) mod mistake;
pub(crate) mod page;
pub(crate) mod remembered;
pub(crate) mod rules;
pub(crate) mod step;
pub(crate) mod target;
