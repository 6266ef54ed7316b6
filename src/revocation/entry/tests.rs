//! Late reports, and the targets of entries with a date of the provider.

use super::*;

const LIFE: Duration = Duration::from_secs(3600);

fn at(seconds: u64) -> UnixTime {
    UnixTime::from_secs(1_800_000_000 + seconds)
}

/// A report of more than ten seconds ago counts from its own date.
#[test]
fn a_late_report_ends_sessions_that_began_before_its_own_date() {
    for (issued_until, last) in [
        (None, 160),
        (Some(at(105)), 160),
        (Some(at(90)), 160),
        (Some(at(89)), 149),
        (Some(at(30)), 90),
    ] {
        let cutoff = Cutoff {
            at: at(100).as_millis(),
            implausible_after: at(200),
            issued_until,
        };
        for (signed_in, ends) in [(last, true), (last + 1, false), (201, true)] {
            let start = SessionStart {
                signed_in_at: at(signed_in),
                issued_at: None,
            };
            let case = format!("{issued_until:?} {signed_in}");
            assert_eq!(cutoff.ends(start, 0), ends, "{case}");
        }
    }
}

#[test]
fn only_an_entry_of_a_user_has_a_target_for_the_date_of_the_provider() {
    let binding = Binding::new("oidc", "openid", "issuer", "client");
    let user = Revocation::of_subject(binding, "a", at(0), LIFE);
    let dated = user.clone().until_issued(Some(at(9)));
    assert!(matches!(dated.target, Target::PersonByProviderTime(_)));
    assert_eq!(dated.cutoff.issued_until, Some(at(9)));
    assert_eq!(user.clone().until_issued(None), user);

    let session = ProviderSession::of("sid").unwrap();
    let session = Revocation::of_provider_session(binding, &session, at(0), LIFE);
    assert_eq!(session.clone().until_issued(Some(at(9))), session);
}
