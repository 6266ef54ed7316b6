use std::num::NonZeroU64;

use super::*;
use crate::{
    phone::{PhoneAssurance, PhoneNumber},
    session::{
        details::UserTexts,
        id::{ProviderSession, SessionId},
        user::{Facts, VerifiedUser},
    },
};

const NOW: UnixTime = UnixTime::from_secs(1_800_000_000);

fn binding(client_id: &str) -> Binding {
    Binding::new("oidc", "openid", "https://issuer.example", client_id)
}

/// A session with an id of its own.
fn session(client_id: &str, subject: &str, sid: Option<&str>, signed_in_at: UnixTime) -> Session {
    let phone = PhoneNumber::from_digits(NonZeroU64::new(821_012_345_678).unwrap());
    let facts = Facts {
        provider_session: sid.and_then(ProviderSession::of),
        ..Facts::of(SessionId::random().unwrap(), signed_in_at, NOW.after(LIFE))
    };
    let texts = UserTexts {
        subject,
        ..UserTexts::default()
    };
    let user = VerifiedUser::new(
        (phone, PhoneAssurance::Verified),
        "oidc".into(),
        texts,
        facts,
    );
    Session::new(user, binding(client_id), NOW)
}

#[test]
fn an_id_token_is_of_the_sign_in_with_its_provider_user_time_and_session_alone() {
    let later = NOW.after(Duration::from_secs(1));
    let token = |other: &Session| {
        let own = session("shop", "7", Some("s"), NOW);
        Hint::new(&own, &"token".to_owned().into()).of(other)
    };
    assert!(token(&session("shop", "7", Some("s"), NOW)).is_some());
    for (other, what) in [
        (session("admin", "7", Some("s"), NOW), "provider"),
        (session("shop", "8", Some("s"), NOW), "user"),
        (session("shop", "7", Some("t"), NOW), "session there"),
        (session("shop", "7", None, NOW), "no session there"),
        (session("shop", "7", Some("s"), later), "time"),
    ] {
        assert!(token(&other).is_none(), "{what}");
    }
}

#[test]
fn a_refused_account_is_of_its_provider_for_half_an_hour() {
    let account = Account::new(binding("shop"), None, NOW);
    let last = NOW.after(PENDING_LIFE - Duration::from_secs(1));
    assert!(account.is_of(binding("shop"), NOW));
    assert!(account.is_of(binding("shop"), last));
    assert!(!account.is_of(binding("shop"), NOW.after(PENDING_LIFE)));
    assert!(!account.is_of(binding("admin"), NOW), "another provider");
}

#[test]
fn a_sign_out_keeps_an_address_of_300_bytes_and_no_longer_one() {
    let prefix = Prefix::parse("/auth").unwrap();
    for (length, is_kept) in [(2, true), (300, true), (301, false)] {
        let address = format!("/{}", "a".repeat(length - 1));
        let place = ReturnTo::parse(&address, &prefix);
        let pending = PendingLogout::to_sign_out(false, (&place, true), NOW).unwrap();
        let expected = if is_kept { address.as_str() } else { "/" };
        assert_eq!(pending.place(&prefix).as_str(), expected, "{length}");
        assert_eq!(pending.is_named(), is_kept, "{length}");
    }
    let home = ReturnTo::parse("/", &prefix);
    let pending = PendingLogout::to_sign_out(false, (&home, true), NOW).unwrap();
    assert_eq!(pending.place, None, "the start page needs no bytes");
    assert!(pending.is_named());
}
