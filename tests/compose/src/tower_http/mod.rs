//! Each layer of tower-http 0.7, outside of the layer and inside of it, on axum and on a bare tower
//! service.
//!
//! Left out on purpose: `FollowRedirectLayer` and `SetStatusLayer` outside of the layer. They are
//! for clients and for constant answers, and would hide its redirects and its 401.

mod answers;
mod orders;
mod stacks;
