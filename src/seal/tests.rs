use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;

use super::*;
use crate::web::{origin::Origin, own_paths::Prefix};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

fn now() -> UnixTime {
    UnixTime::from_secs(1_800_000_000)
}

fn scope(origin: &str, prefix: &str) -> Scope {
    Scope::new(
        &Origin::parse(origin).unwrap(),
        &Prefix::parse(prefix).unwrap(),
    )
}

fn at(key: &SessionKey, purpose: Purpose, origin: &str, prefix: &str) -> Sealer {
    Sealer::new(key, purpose, &scope(origin, prefix), LIFE).unwrap()
}

fn sealer(key: &SessionKey) -> Sealer {
    at(key, Purpose::Session, "https://shop.example.com", "/auth")
}

fn opens_at(sealer: &Sealer, name: &str, value: &str, now: UnixTime) -> Option<Vec<u8>> {
    let mut buffer = vec![0; value.len() + 4];
    let opened = sealer.open(name, value.as_bytes(), now, &mut buffer)?;
    Some(opened.plain.to_vec())
}

fn opens(sealer: &Sealer, name: &str, value: &str) -> Option<Vec<u8>> {
    opens_at(sealer, name, value, now())
}

/// The header without the nonce.
fn head(value: &str) -> Vec<u8> {
    let bytes = URL_SAFE_NO_PAD.decode(value).unwrap();
    bytes[..HEAD_LEN - NONCE_LEN].to_vec()
}

#[test]
fn a_value_opens_under_its_own_name_purpose_and_key_only() {
    let key = SessionKey::random();
    let value = sealer(&key).seal("a", b"hello", now()).unwrap();
    assert_eq!(opens(&sealer(&key), "a", &value).unwrap(), b"hello");
    assert_eq!(opens(&sealer(&key), "b", &value), None);
    assert_eq!(opens(&sealer(&SessionKey::random()), "a", &value), None);
    for purpose in [
        Purpose::Pending,
        Purpose::State,
        Purpose::Form,
        Purpose::Logout,
        Purpose::Revocation,
    ] {
        let other = at(&key, purpose, "https://shop.example.com", "/auth");
        assert_eq!(opens(&other, "a", &value), None, "{purpose:?}");
    }
}

#[test]
fn a_value_of_another_origin_or_prefix_does_not_open() {
    let key = SessionKey::random();
    let (shop, auth) = ("https://shop.example.com", "/auth");
    for purpose in [
        Purpose::Session,
        Purpose::Pending,
        Purpose::State,
        Purpose::Form,
        Purpose::Logout,
        Purpose::Revocation,
    ] {
        let value = at(&key, purpose, shop, auth).seal("a", b"hello", now());
        let opened = |origin, prefix| {
            let sealer = at(&key, purpose, origin, prefix);
            opens(&sealer, "a", value.as_ref().unwrap()).is_some()
        };
        for same in [
            shop,
            "https://SHOP.example.com:443",
            "HTTPS://shop.example.com/",
        ] {
            assert!(opened(same, auth), "{purpose:?} {same}");
        }
        for other in [
            "https://staff.example.com",
            "https://shop.example.com:8443",
            "http://localhost:3000",
            "https://shop.example.co",
        ] {
            assert!(!opened(other, auth), "{purpose:?} {other}");
        }
        let shared = matches!(purpose, Purpose::Revocation);
        for prefix in ["/staff/auth", "/aut", "/auth/auth"] {
            assert_eq!(opened(shop, prefix), shared, "{purpose:?} {prefix}");
        }
    }
}

#[test]
fn a_retired_key_still_opens_and_no_longer_seals() {
    let old = SessionKey::random();
    let rotated = SessionKey::random().and(old.clone());
    let value = sealer(&old).seal("a", b"hello", now()).unwrap();
    assert_eq!(opens(&sealer(&rotated), "a", &value).unwrap(), b"hello");
    let value = sealer(&rotated).seal("a", b"hello", now()).unwrap();
    assert_eq!(opens(&sealer(&old), "a", &value), None);
}

#[test]
fn a_value_opens_on_every_day_of_its_life() {
    let sealer = sealer(&SessionKey::random());
    let value = sealer.seal("a", b"hello", now()).unwrap();
    for days in 0..=30 {
        let then = now().after(days * DAY);
        assert!(opens_at(&sealer, "a", &value, then).is_some(), "{days}");
        // Each day seals with a key of its own.
        let other = sealer.seal("a", b"hello", then).unwrap();
        assert_eq!(opens_at(&sealer, "a", &other, then).unwrap(), b"hello");
        assert_eq!(head(&other) == head(&value), days == 0);
    }
    assert_eq!(opens_at(&sealer, "a", &value, now().after(32 * DAY)), None);
}

#[test]
fn a_pending_sign_in_opens_a_day_before_its_date_and_no_earlier() {
    let sealer = Sealer::for_tests(&SessionKey::random(), Purpose::Pending);
    let value = sealer.seal("a", b"hello", now()).unwrap();
    assert!(opens_at(&sealer, "a", &value, now().before(DAY)).is_some());
    assert_eq!(opens_at(&sealer, "a", &value, now().before(2 * DAY)), None);
}

#[test]
fn a_revocation_opens_also_where_the_clock_is_months_behind() {
    let sealer = Sealer::for_tests(&SessionKey::random(), Purpose::Revocation);
    let value = sealer.seal("a", b"hello", now()).unwrap();
    assert!(opens_at(&sealer, "a", &value, now().before(400 * DAY)).is_some());
}

#[test]
fn every_flipped_bit_and_every_cut_is_refused() {
    let sealer = sealer(&SessionKey::random());
    let value = sealer.seal("a", b"hello", now()).unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(&value).unwrap();
    for bit in 0..bytes.len() * 8 {
        let mut forged = bytes.clone();
        forged[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(opens(&sealer, "a", &URL_SAFE_NO_PAD.encode(forged)), None);
    }
    for length in 0..bytes.len() {
        assert_eq!(
            opens(&sealer, "a", &URL_SAFE_NO_PAD.encode(&bytes[..length])),
            None
        );
    }
}

proptest! {
    #[test]
    fn any_bytes_come_back_and_any_text_is_survived(plain: Vec<u8>, junk: String) {
        let sealer = sealer(&SessionKey::random());
        let value = sealer.seal("a", &plain, now()).unwrap();
        prop_assert_eq!(opens(&sealer, "a", &value), Some(plain));
        prop_assert_eq!(opens(&sealer, "a", &junk), None);
    }
}
