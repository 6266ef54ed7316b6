//! Compares the facts with the settings, without network, clock or environment.

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

pub(super) fn all(facts: &Facts) -> Vec<Check> {
    let mut checks = application::checks(&facts.application);
    checks.extend(log::checks(facts.log.as_ref(), &facts.application.key));
    for known in &facts.providers {
        checks.extend(provider(known, &facts.application.certificates));
    }
    checks
}

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
