//! The parts of HTTP that the layer reads and writes: cookies, paths, origins, languages, replies.
//! Nothing here knows a session or a provider.
//!
//! The types check a value once, when it is made. [`return_to::ReturnTo`], for example, cannot hold
//! an address of another site, so no later code checks for one.

pub(crate) mod address;
pub(crate) mod after_sign_out;
pub(crate) mod base_path;
pub(crate) mod cookie;
pub(crate) mod origin;
pub(crate) mod own_paths;
pub(crate) mod public_paths;
pub(crate) mod reply;
pub(crate) mod request_body;
pub(crate) mod return_to;
