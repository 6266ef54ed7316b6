//! Compares the facts with the settings, without network, clock or environment.
//!
//! Each module here has the checks of one subject. Its public function returns the checks in the
//! order of the report. Names of checks are stable, because applications filter by them.

use super::{
    facts::{Facts, Provider},
    report::Check,
};

mod addresses;
mod announced;
mod application;
mod client;
mod endpoints;
mod keys;
mod log;
mod metadata;
mod phone;
mod unanswered;

/// The subject of checks that belong to no provider.
const APPLICATION: &str = "application";

/// All checks, in the order of the report.
pub(super) fn all(facts: &Facts) -> Vec<Check> {
    let mut checks = application::checks(&facts.application);
    checks.extend(log::checks(facts.log.as_ref(), &facts.application.key));
    for known in &facts.providers {
        checks.extend(provider(known, &facts.application.certificates));
    }
    checks
}

/// The checks of one provider. Those that compare metadata with settings are left out unless the
/// metadata are of the right issuer, because they would only repeat that failure.
fn provider(known: &Provider, certificates: &super::facts::Certificates) -> Vec<Check> {
    let mut checks = addresses::checks(known);
    checks.extend(metadata::checks(known, certificates));
    if let Some(openid) = announced::Announced::of(known) {
        checks.extend(keys::algorithms(&openid));
        checks.extend(phone::checks(&openid));
        checks.extend(client::checks(&openid));
    }
    checks.extend(keys::key_set(known, certificates));
    checks.extend(endpoints::checks(known, certificates));
    checks
}
