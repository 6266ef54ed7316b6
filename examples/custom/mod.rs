//! Providers that the crate does not know. The tests of the crate sign in with them, too.

pub(crate) mod payco;
pub(crate) mod vk_id;
