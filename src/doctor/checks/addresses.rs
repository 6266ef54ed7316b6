//! The addresses to register at a provider. Only the provider knows whether they are registered, so
//! each check is a note.

use crate::doctor::{
    facts::Provider,
    report::{Check, CheckState},
};

/// One note for each address that applies to the provider.
pub(crate) fn checks(known: &Provider) -> Vec<Check> {
    let note = |name, expected: &str, address: &str, remedy: &str| {
        Check::new(name, &known.name, (expected, address)).is(CheckState::Note, remedy)
    };
    let mut checks = vec![note(
        "redirect_uri",
        "registered as redirect URI",
        &known.redirect_uri,
        "register it at the provider, to the letter",
    )];
    if let Some(address) = &known.events_uri {
        checks.push(note(
            "events_uri",
            "registered for the provider's reports, if it sends any",
            address,
            "register it at the provider so that sign-outs and unlinks there end sessions here; the provider must reach it",
        ));
    }
    if known.outline.comes_back {
        checks.push(note(
            "post_logout_redirect_uri",
            "registered as post-logout redirect URI",
            &known.logged_out_uri,
            "register it at the provider, to the letter",
        ));
    }
    checks
}
