//! The forms of a key that are read, and the keys that are refused.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

use super::*;

fn bytes() -> [u8; LENGTH] {
    std::array::from_fn(|index| u8::try_from(index * 4 + 3).unwrap())
}

#[test]
fn both_alphabets_with_padding_and_line_breaks_are_read() {
    let wrapped = format!("{}\n", STANDARD.encode(bytes()).replace("ABC", "A\nBC"));
    let url_safe = URL_SAFE_NO_PAD.encode(bytes());
    for text in [wrapped, url_safe] {
        let key = SessionKey::parse(&text).unwrap();
        assert_eq!(key.secrets().collect::<Vec<_>>(), [bytes()]);
    }
}

#[test]
fn weak_keys_are_refused_with_the_reason() {
    for (text, problem) in [
        (String::new(), "is empty"),
        ("!".to_owned(), "not base64"),
        (STANDARD.encode([7; 32]), "32 bytes, not 64"),
        (STANDARD.encode([7; 64]), "bytes repeat"),
        (format!("{},", STANDARD.encode(bytes())), "is empty"),
    ] {
        let error = SessionKey::parse(&text).unwrap_err().to_string();
        assert!(
            error.contains(problem) && error.contains("openssl rand"),
            "{error}"
        );
        assert!(text.len() < 2 || !error.contains(&text));
    }
}

#[test]
fn a_key_has_at_least_sixteen_different_bytes() {
    let parse = |different: u8| {
        let bytes: [u8; LENGTH] =
            std::array::from_fn(|index| u8::try_from(index).unwrap() % different);
        SessionKey::parse(&STANDARD.encode(bytes))
    };
    assert!(parse(16).is_ok());
    let error = parse(15).unwrap_err().to_string();
    assert!(error.contains("bytes repeat"), "{error}");
}

#[test]
fn bytes_are_a_key_if_there_are_64_random_ones() {
    let key = SessionKey::from_bytes(bytes()).unwrap();
    assert_eq!(key.secrets().collect::<Vec<_>>(), [bytes()]);
    assert!(key.is_kept());
    for (given, problem) in [
        (&bytes()[..63], "63 bytes, not 64"),
        (&[], "0 bytes, not 64"),
        (&[7; 64], "bytes repeat"),
    ] {
        let error = SessionKey::try_from(given).unwrap_err().to_string();
        assert!(error.starts_with("session_key: "), "{error}");
        assert!(error.contains(problem) && error.contains("openssl rand"));
    }
}

#[test]
fn keys_are_kept_over_a_restart_if_one_of_them_is_given() {
    let given = || SessionKey::from_bytes(bytes()).unwrap();
    for (key, number, is_kept) in [
        (SessionKey::random(), 1, false),
        (given(), 1, true),
        (SessionKey::random().and(SessionKey::random()), 2, false),
        (SessionKey::random().and(given()), 2, true),
        (given().and(SessionKey::random()), 2, true),
        (given().and(given()), 2, true),
    ] {
        assert_eq!(key.is_kept(), is_kept, "{key:?}");
        let origin = key.origin();
        assert_eq!((origin.keys, origin.is_kept), (number, is_kept));
    }
}

#[test]
fn the_place_of_the_first_key_is_the_place_of_all() {
    let text = STANDARD.encode(bytes());
    let key = |place: &str| SessionKey::from_place(place, &text).unwrap();
    let parsed = SessionKey::parse(&text).unwrap();
    assert_eq!(parsed.origin().place, None);
    let both = key("NEW_KEY").and(key("OLD_KEY"));
    assert_eq!(both.origin().place.as_deref(), Some("NEW_KEY"));
    assert_eq!(parsed.and(key("OLD_KEY")).origin().place, None);
}
