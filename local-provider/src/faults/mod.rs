//! Wrong behaviour, for tests that show that a client refuses it. An application under development
//! needs nothing of this module.
//!
//! A [`Fault`] spoils the answers of an [`Endpoint`], [`Signing`] the signatures of ID tokens, and
//! [`CallbackIss`] the `iss` of the callback. The methods of
//! [`LocalProvider`](crate::LocalProvider) that set them are
//! [`fail`](crate::LocalProvider::fail), [`fail_next`](crate::LocalProvider::fail_next),
//! [`sign_id_tokens`](crate::LocalProvider::sign_id_tokens),
//! [`forge_id_token`](crate::LocalProvider::forge_id_token) and
//! [`rotate_keys_before_next_token`](crate::LocalProvider::rotate_keys_before_next_token).
//!
//! Wrong answers that real servers give are settings instead, such as
//! [`OidcSettings::discovery_issuer`](crate::OidcSettings::discovery_issuer) and
//! [`OidcSettings::userinfo_sub`](crate::OidcSettings::userinfo_sub). A configuration file can set
//! those, and none of the faults of this module.
//!
//! A test that a client refuses an expired ID token:
//!
//! ```
//! use tower_phone_auth_local_provider::{Endpoint, LocalProvider};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let provider = LocalProvider::start().await?;
//! provider.forge_id_token(|_, claims| claims["exp"] = 1_000_000_000.into());
//! // Sign in with the client under test, and expect its error.
//! assert_eq!(provider.count(Endpoint::Profile), 0);
//! # Ok(())
//! # }
//! ```

pub(crate) mod body;
mod callback_iss;
mod errors;
mod fault;
mod signing;

use std::collections::{HashMap, VecDeque};

pub use self::{callback_iss::CallbackIss, fault::Fault, signing::Signing};
use crate::web::endpoint::Endpoint;

/// The faults that were ordered. Those for one request come before those for all requests.
#[derive(Default)]
pub(crate) struct Faults {
    /// For the next requests, one each.
    next: HashMap<Endpoint, VecDeque<Fault>>,
    /// For all requests, until they are cleared.
    standing: HashMap<Endpoint, Fault>,
}

impl Faults {
    /// Adds a fault for one request.
    pub(crate) fn queue(&mut self, endpoint: Endpoint, fault: Fault) {
        self.next.entry(endpoint).or_default().push_back(fault);
    }

    /// Sets the fault for all requests.
    pub(crate) fn stand(&mut self, endpoint: Endpoint, fault: Fault) {
        self.standing.insert(endpoint, fault);
    }

    /// Removes all faults of an endpoint.
    pub(crate) fn clear(&mut self, endpoint: Endpoint) {
        self.next.remove(&endpoint);
        self.standing.remove(&endpoint);
    }

    /// The fault of the next request to an endpoint, which is then removed if it was for one
    /// request.
    pub(crate) fn take(&mut self, endpoint: Endpoint) -> Option<Fault> {
        let queued = self.next.get_mut(&endpoint).and_then(VecDeque::pop_front);
        queued.or_else(|| self.standing.get(&endpoint).cloned())
    }
}
