//! Lines about providers, outside of a sign-in.

use super::{AUDIT_TARGET, Audit, Line, line, refusal};
use crate::error::{LoginError, Mismatch};

/// The settings of one provider, for the line at the start.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ready<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) scopes: String,
    /// The claims that are read.
    pub(crate) claims: Option<String>,
    /// The algorithms of accepted tokens.
    pub(crate) algorithms: Option<String>,
    /// A method of client authentication, by its name in OpenID Connect Discovery.
    pub(crate) client_auth: Option<&'static str>,
    pub(crate) pkce: Option<bool>,
    /// Whether requests are pushed first (RFC 9126).
    pub(crate) pushed: Option<bool>,
}

impl Audit {
    /// Limited, because a readiness probe may warm up every second.
    pub(crate) fn provider_ready(&self, provider: &str, ready: &Ready<'_>) {
        if !self.allows(Line::Ready) {
            return;
        }
        let Ready {
            issuer,
            scopes,
            client_auth,
            pkce,
            pushed,
            ..
        } = ready;
        let (claims, algorithms) = (ready.claims.as_deref(), ready.algorithms.as_deref());
        line!(
            INFO,
            "provider_ready",
            provider,
            issuer,
            scopes,
            claims,
            algorithms,
            client_auth,
            pkce,
            pushed,
            "the provider is ready for sign-ins"
        );
    }

    pub(crate) fn provider_not_ready(&self, provider: &str, error: &LoginError) {
        if self.allows(Line::Ready) {
            refusal::write_not_ready(provider, error);
        }
    }
}

/// A provider changed its key set. `host` is where it was fetched.
pub(crate) fn provider_keys(host: &str, keys: usize) {
    line!(
        INFO,
        "key_rotation",
        cause = "provider_keys",
        host,
        keys,
        "the provider changed its keys"
    );
}

/// The metadata do not announce what a setting needs.
pub(crate) fn provider_setting(provider: &str, cause: &'static str, mismatch: &Mismatch) {
    let (expected, found) = (mismatch.expected.as_deref(), mismatch.found.as_deref());
    line!(
        WARN,
        "provider_setting",
        provider,
        cause,
        expected,
        found,
        "the provider's metadata do not announce what the settings need: sign-ins may fail"
    );
}

/// The clock of a provider differs from ours. `shown_by` is the part of its answer that shows it.
pub(crate) fn clock_difference(host: &str, shown_by: &str, difference_s: i64) {
    let seconds = difference_s.unsigned_abs();
    let ours = match difference_s {
        ..0 => "ahead",
        0.. => "behind",
    };
    line!(
        WARN,
        "clock_difference",
        host,
        shown_by,
        difference_s,
        "a time of the provider is {seconds} s away: the clock of this machine is {ours}, or the provider's is wrong; check \
         both clocks"
    );
}
