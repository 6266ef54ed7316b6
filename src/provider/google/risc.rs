//! Google's Cross-Account Protection (RISC):
//! <https://developers.google.com/identity/protocols/risc>.

use jsonwebtoken::Algorithm;

use super::{
    super::{
        event::{Event, Heard, Unheard},
        oidc::{id_token::Refusal, keys::Asker, security_event::Stream},
    },
    ISSUER,
    dialect::Connected,
};

/// Security events write the issuer with a slash at its end, the RISC configuration without.
const ISSUERS: [&str; 2] = ["https://accounts.google.com/", ISSUER];

impl Connected {
    pub(super) async fn heard(&self, event: Event<'_>) -> Result<Heard, Unheard> {
        let stream = Stream {
            issuers: &ISSUERS,
            client_id: &self.identity.client_id,
            now: self.clock.unix(),
        };
        let token = stream.read(event)?;
        let verified = self.keys.try_with(
            Asker::Event,
            |keys| token.verify(keys, &[Algorithm::RS256]),
            |refusal| *refusal == Refusal::Key,
        );
        verified.await.map_err(|_| Unheard::NoKeys)??;
        Ok(stream.heard(&token))
    }
}
