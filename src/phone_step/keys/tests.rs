//! The hashes of steps, codes and limits.

use super::*;

const STEP: StepId = StepId([1; 16]);

fn keys() -> StepKeys {
    StepKeys::new(&SessionKey::random(), "https://shop.example.com/auth")
}

fn phone(text: &str) -> PhoneNumber {
    text.parse().unwrap()
}

fn bound() -> Bound<'static> {
    Bound {
        step: &STEP,
        provider: b"kakao",
        subject: "7",
        number: phone("+821012345678"),
        purpose: "sign-in",
    }
}

#[test]
fn a_code_is_bound_to_step_provider_subject_number_and_purpose() {
    let (keys, code) = (keys(), Code::read("123456").unwrap());
    let hash = keys.code(&bound(), &code);
    assert_eq!(keys.candidates(&bound(), &code), [hash]);
    let others = [
        Bound {
            step: &StepId([2; 16]),
            ..bound()
        },
        Bound {
            provider: b"naver",
            ..bound()
        },
        Bound {
            subject: "8",
            ..bound()
        },
        Bound {
            number: phone("+821012345679"),
            ..bound()
        },
        Bound {
            purpose: "pay",
            ..bound()
        },
        // The same bytes, divided in another way.
        Bound {
            provider: b"kakao7",
            subject: "",
            ..bound()
        },
    ];
    for other in others {
        assert_ne!(keys.code(&other, &code), hash);
    }
    assert_ne!(keys.code(&bound(), &Code::read("123457").unwrap()), hash);
}

#[test]
fn a_code_is_right_while_the_session_key_is_exchanged() {
    let (old, new) = (SessionKey::random(), SessionKey::random());
    let code = Code::read("123456").unwrap();
    let made = StepKeys::new(&old.clone().and(new.clone()), "a").code(&bound(), &code);
    let read = StepKeys::new(&new.and(old), "a").candidates(&bound(), &code);
    assert!(read.contains(&made) && read.len() == 2);
    assert!(!keys().candidates(&bound(), &code).contains(&made));
}

#[test]
fn a_retired_key_names_the_same_number_and_the_same_limits() {
    let (old, new) = (SessionKey::random(), SessionKey::random());
    let number = phone("+821012345678");
    let of = |key: SessionKey| StepKeys::new(&key, "a").hashes(number, b"kakao", "7", None);
    let (before, _) = of(old.clone());
    let (after, retired) = of(new.clone().and(old.clone()));
    assert_ne!(after, before);
    assert_eq!(retired, [before]);
    assert!(StepKeys::new(&new.clone().and(old), "a").is_of(before.number, number));
    assert!(!StepKeys::new(&new, "a").is_of(before.number, number));
}

#[test]
fn one_number_in_several_spellings_shares_a_limit() {
    let keys = keys();
    let of = |text: &str| keys.hashes(phone(text), b"kakao", "7", None).0.charges;
    let charges = of("+82 10-1234-5678");
    for text in [
        "+82010 1234 5678",
        "tel:+82-10-1234-5678",
        "+82 (0)10.1234.5678",
    ] {
        assert_eq!(of(text), charges, "{text}");
    }
    let near = of("+821012340000");
    assert_eq!(near.prefix, charges.prefix);
    assert_ne!(near.number, charges.number);
    assert_ne!(of("+821012350000").prefix, charges.prefix);
}

#[test]
fn an_ipv6_network_and_the_absence_of_an_address_share_a_limit_each() {
    let keys = keys();
    let of = |text: Option<&str>| {
        let address = text.map(|text| text.parse().unwrap());
        let (hashes, _) = keys.hashes(phone("+821012345678"), b"kakao", "7", address);
        hashes.charges.address
    };
    assert_eq!(of(Some("2001:db8:1:2::1")), of(Some("2001:db8:1:2:ffff::")));
    assert_ne!(of(Some("2001:db8:1:2::1")), of(Some("2001:db8:1:3::1")));
    assert_eq!(of(Some("192.0.2.1")), of(Some("::ffff:192.0.2.1")));
    assert_ne!(of(Some("192.0.2.1")), of(Some("192.0.2.2")));
    assert_eq!(of(None), of(None));
    assert_ne!(of(None), of(Some("::")));
}

#[test]
fn another_state_another_layer_and_another_key_give_another_step() {
    let key = SessionKey::random();
    let keys = StepKeys::new(&key, "a");
    assert_eq!(keys.step(b"state"), StepKeys::new(&key, "a").step(b"state"));
    assert_ne!(keys.step(b"state"), keys.step(b"statf"));
    assert_ne!(keys.step(b"state"), StepKeys::new(&key, "b").step(b"state"));
    assert_ne!(keys.step(b"state"), self::keys().step(b"state"));
}
