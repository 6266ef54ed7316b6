use std::sync::Arc;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, header::COOKIE};
use proptest::prelude::*;

use super::*;
use crate::web::{cookie::Cookies, origin::Origin, own_paths::Prefix};

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
        Purpose::PhoneStep,
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
        Purpose::PhoneStep,
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

#[test]
fn every_value_has_a_nonce_of_its_own() {
    let sealer = sealer(&SessionKey::random());
    let nonce = |_| {
        let value = sealer.seal("n", b"the same", now()).unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(value).unwrap();
        bytes[1 + ID_LEN + DAY_LEN..HEAD_LEN].to_vec()
    };
    let nonces: std::collections::HashSet<_> = (0..1000).map(nonce).collect();
    assert_eq!(nonces.len(), 1000);
}

#[test]
fn the_log_names_the_first_key_and_the_number_of_keys() {
    let (new, old) = (SessionKey::random(), SessionKey::random());
    let (id, keys) = sealer(&new.clone().and(old.clone())).key_id();
    assert_eq!((id.len(), keys), (6, 2));
    assert_eq!(sealer(&new).key_id(), (id.clone(), 1));
    assert_ne!(sealer(&old).key_id().0, id);
}

#[test]
fn a_value_of_a_retired_key_says_so() {
    let (new, old) = (SessionKey::random(), SessionKey::random());
    let rotated = sealer(&new.clone().and(old.clone()));
    for (key, is_retired) in [(&new, false), (&old, true)] {
        let value = sealer(key).seal("a", b"hello", now()).unwrap();
        let mut buffer = vec![0; value.len()];
        let opened = rotated.open("a", value.as_bytes(), now(), &mut buffer);
        assert_eq!(opened.unwrap().retired_key, is_retired);
    }
}

/// The days end a day later than the life, because a value may be sealed at the end of a day.
#[test]
fn each_purpose_has_keys_for_the_days_of_its_life() {
    for (purpose, days) in [
        (Purpose::Pending, 1),
        (Purpose::Form, 1),
        (Purpose::State, 30),
        (Purpose::Revocation, 400),
    ] {
        let sealer = Sealer::for_tests(&SessionKey::random(), purpose);
        let value = sealer.seal("a", b"hello", now()).unwrap();
        let opens = |days: u32| opens_at(&sealer, "a", &value, now().after(days * DAY)).is_some();
        assert!(opens(days + 1) && !opens(days + 2), "{purpose:?}");
    }
}

#[test]
fn the_cookies_of_a_kind_are_distinguished_and_measured() {
    let kind = || Cookies::new("shop", true).unwrap().kind("-form-", "/");
    let cookie = SealedCookie::<String>::new(kind(), &Arc::new(sealer(&SessionKey::random())));
    let text = "hello".to_owned();
    let sealed = cookie.seal("ours", &text, now()).unwrap();
    let line = cookie.set(&sealed, DAY).unwrap();
    let pair = line.to_str().unwrap().split(';').next().unwrap();
    let (name, value) = pair.split_once('=').unwrap();
    assert_eq!((sealed.name(), sealed.bytes()), (name, pair.len() - 1));
    assert_eq!(name, kind().name("ours"));
    let other = kind().name("theirs");
    let headers = |pairs: &str| HeaderMap::from_iter([(COOKIE, pairs.parse().unwrap())]);
    let all = headers(&format!("{other}=junk; a=b; {pair}"));
    let none = headers("a=b; shop=c");

    assert!(cookie.is_any_brought(&all) && !cookie.is_any_brought(&none));
    for (id, is_brought, is_ours) in [
        ("ours", true, true),
        ("theirs", true, false),
        ("c", false, false),
    ] {
        assert_eq!(cookie.is_brought(id, &all), is_brought, "{id}");
        assert_eq!(cookie.is_sealed_here(id, &all, now()), is_ours, "{id}");
        assert_eq!(cookie.open(id, &all, now()).count(), usize::from(is_ours));
    }
    let ours: Vec<_> = cookie.sealed_here(&all, now()).collect();
    assert_eq!(ours, [(name.to_owned(), value.len())]);
    let unreadable: Vec<_> = cookie.unreadable(&all, now()).collect();
    assert_eq!(unreadable, [(other.len(), 4)]);
    assert_eq!(cookie.lengths(&all).collect::<Vec<_>>(), [4, value.len()]);
    let opened: Vec<_> = cookie.open_all(&all, now()).collect();
    let only = opened.first().unwrap();
    assert_eq!((opened.len(), &*only.name), (1, name));
    assert_eq!((only.bytes, &*only.value), (sealed.bytes(), "hello"));
}

#[test]
fn a_value_longer_than_the_limit_of_its_kind_is_not_sealed() {
    let sealer = Arc::new(sealer(&SessionKey::random()));
    let longest = |longest: usize| {
        let kind = Cookies::new("shop", true).unwrap().kind("-form-", "/");
        let cookie = SealedCookie::<String>::new(kind, &sealer).at_most(longest);
        cookie.seal("a", &"hello".to_owned(), now()).is_some()
    };
    // The head, the length of the text, the text, and the tag, in base64.
    let length = ((HEAD_LEN + 1 + 5 + 16) * 4).div_ceil(3);
    assert!(longest(length) && !longest(length - 1));
}
