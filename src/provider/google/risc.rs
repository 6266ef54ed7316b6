//! Google's Cross-Account Protection (RISC):
//! <https://developers.google.com/identity/protocols/risc>.

use super::{ISSUER, dialect::Connected};
use crate::provider::{
    event::{Event, Heard, Unheard},
    oidc::security_event::Stream,
};

/// Security events write the issuer with a slash at its end, the RISC configuration without.
const ISSUERS: [&str; 2] = ["https://accounts.google.com/", ISSUER];

impl Connected {
    pub(super) async fn heard(&self, event: Event<'_>) -> Result<Heard, Unheard> {
        let stream = Stream {
            issuers: &ISSUERS,
            client_id: &self.identity.client_id,
            now: self.clock.unix(),
            at_provider: self.difference.at_provider(self.clock.unix()),
        };
        stream.receive(event, &self.keys).await
    }
}
