//! The check of a whole set-up.

use super::OAuthLayer;
use crate::doctor::{self, Report};

impl OAuthLayer {
    /// Checks the whole set-up from here: the public URL and the addresses to register, the session key, and for each provider
    /// its metadata, keys and endpoints, the clock against its `Date`, and what it announces against what is asked of it; the
    /// revocation log and the size of cookies. Nothing fails: each fault is a [check](crate::Check) of the report with its
    /// remedy.
    ///
    /// It calls the providers, all at once and each for as long as its [time](crate::Builder::provider_timeout) (10 seconds by
    /// default), without the client's credentials: metadata and keys are read, other endpoints get an empty request, which they
    /// refuse. One entry that ends nothing is appended to the [log](crate::Builder::revocation_log) and read back; it expires
    /// after a minute. So it is for a command or a page of the operator's, as in `examples/doctor.rs`, and not for a health
    /// check: see [`is_ready`](Self::is_ready). No user signs in, so that client id, secret and the registered addresses are
    /// not tried.
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
