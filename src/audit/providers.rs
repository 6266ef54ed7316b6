//! Lines about providers, outside of a sign-in.

use super::{AUDIT_TARGET, Audit, Line, line, refusal};
use crate::error::{LoginError, Mismatch};

/// The settings and metadata of one provider, for the line at the start. An operator compares them
/// with the registration at the provider.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ready<'a> {
    pub(crate) issuer: &'a str,
    /// The scopes that a sign-in requests, separated by blanks.
    pub(crate) scopes: String,
    /// The claims that are read.
    pub(crate) claims: Option<String>,
    /// The algorithms of accepted tokens.
    pub(crate) algorithms: Option<String>,
    /// The method of client authentication, by its name in OpenID Connect Discovery section 3.
    pub(crate) client_auth: Option<&'static str>,
    /// Whether requests have a code challenge (RFC 7636).
    pub(crate) pkce: Option<bool>,
    /// Whether requests are pushed first (RFC 9126).
    pub(crate) pushed: Option<bool>,
}

impl Audit {
    /// A warm-up succeeded. Limited, because a readiness probe may warm up every second.
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

    /// A warm-up failed.
    pub(crate) fn provider_not_ready(&self, provider: &str, error: &LoginError) {
        if self.allows(Line::Ready) {
            refusal::write_not_ready(provider, error);
        }
    }
}

/// A provider changed its key set. `host` is the host of the set, and `keys` the number of keys in
/// it. Logged as `key_rotation`.
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

/// The metadata do not announce what a setting needs. No refusal follows from that, because many
/// providers support more than they announce.
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

/// The clock of a provider differs from that of this replica. `shown_by` is the part of the
/// provider's answer that shows it, and `difference_s` the provider's clock minus this one.
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
