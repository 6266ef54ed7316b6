//! Google's Cross-Account Protection (RISC):
//! <https://developers.google.com/identity/protocols/risc>.

use super::{ISSUER, client::GoogleClient};
use crate::provider::{
    event::{Event, EventError, VerifiedEvent},
    oidc::security_event::Stream,
};

/// The issuer with a trailing slash, as security events have it, and without, as Google's RISC
/// configuration has it.
const ISSUERS: [&str; 2] = ["https://accounts.google.com/", ISSUER];

impl GoogleClient {
    /// Verifies a security event token. The provider's clock is taken from the ID tokens of
    /// sign-ins, as far as there were any.
    pub(super) async fn verify_event(&self, event: Event<'_>) -> Result<VerifiedEvent, EventError> {
        let stream = Stream {
            issuers: &ISSUERS,
            client_id: &self.identity.client_id,
            now: self.clock.unix(),
            at_provider: self.difference.at_provider(self.clock.unix()),
        };
        stream.receive(event, &self.keys).await
    }
}
