//! The check of the whole configuration.

use super::OAuthLayer;
use crate::doctor::{self, Report};

impl OAuthLayer {
    /// Checks the whole configuration from this replica. It covers the public URL and the addresses
    /// to register, the session key, the revocation log and the size of cookies. For each provider
    /// it covers the metadata, keys and endpoints, the clock against the provider's `Date`, and the
    /// announced features against the settings. The call returns no error, because each fault is a
    /// [check](crate::doctor::Check) of the report, with its remedy.
    ///
    /// The doctor calls the providers, all at once and each for as long as its
    /// [time](crate::Builder::provider_timeout) (10 seconds by default), without the client's
    /// credentials: metadata and keys are read, and other endpoints get an empty request, which
    /// they refuse. One entry that ends nothing is appended to the
    /// [log](crate::Builder::revocation_log) and read back. That entry expires after a minute. Use
    /// this call in a command or a page for operators, as in `examples/doctor.rs`. For a health
    /// check use [`is_ready`](Self::is_ready). No user signs in, so client id, secret and the
    /// registered addresses are not tested.
    ///
    /// The report holds no secret, no key, no phone number and no query of an address.
    ///
    /// ```no_run
    /// # async fn example(auth: tower_phone_auth::OAuthLayer) {
    /// let report = auth.doctor().await;
    /// print!("{report}");
    /// assert!(report.is_good());
    /// # }
    /// ```
    pub async fn doctor(&self) -> Report {
        doctor::examine(&self.flow).await
    }
}
