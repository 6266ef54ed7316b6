//! Types, algorithms and lengths of tokens.

use super::*;

const MOST: usize = 262_144;

#[test]
fn a_token_of_256_kib_is_read_and_a_longer_one_is_refused_as_too_large() {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256"}"#);
    for (length, is_too_large) in [
        (MOST - 1, false),
        (MOST, false),
        (MOST + 1, true),
        (MOST + 1000, true),
    ] {
        let payload = "A".repeat(length - header.len() - 3);
        let token = format!("{header}.{payload}.s");
        assert_eq!(token.len(), length);
        let refused = Jws::parse(&token).err();
        let refused = refused.is_some_and(|refusal| refusal.part() == "too_large");
        assert_eq!(refused, is_too_large, "{length}");
        assert_eq!(Jws::parse(&token).is_ok(), !is_too_large, "{length}");
    }
}

fn of_header(header: &Value) -> String {
    let [header, payload] =
        [header.to_string(), "{}".to_owned()].map(|part| URL_SAFE_NO_PAD.encode(part));
    format!("{header}.{payload}.c2ln")
}

#[test]
fn the_log_shows_a_type_only_if_its_characters_are_harmless() {
    let (longest, longer) = ("x".repeat(40), "x".repeat(41));
    for (kind, found) in [
        (Value::from("at+jwt"), "at+jwt"),
        (Value::from(&*longest), &*longest),
        (Value::from(&*longer), "another"),
        (Value::from("a b"), "another"),
        (Value::Null, describe::MISSING),
    ] {
        let token = of_header(&serde_json::json!({ "alg": "RS256", "typ": kind }));
        let jws = Jws::parse(&token).unwrap();
        assert_eq!(jws.has_type_other_than(&["JWT"]), !kind.is_null());
        let refusal = jws.of_another_type(&["JWT"]);
        assert_eq!(refusal.mismatch.found.as_deref(), Some(found));
    }
}

#[test]
fn an_algorithm_that_is_not_accepted_is_refused_before_any_key() {
    for (name, is_of_key, is_unannounced) in [
        ("ES256", true, false),
        ("RS256", false, true),
        ("HS256", false, false),
        ("none", false, false),
    ] {
        let token = of_header(&serde_json::json!({ "alg": name }));
        let jws = Jws::parse(&token).unwrap();
        let verified = verified_payload(&jws, &KeySet::default(), &[Algorithm::Es256]);
        let refusal = verified.unwrap_err();
        assert_eq!(refusal.is_of_key(), is_of_key, "{name}");
        assert_eq!(refusal.is_unannounced(), is_unannounced, "{name}");
        if !is_of_key {
            assert_eq!(refusal.mismatch.expected.as_deref(), Some("ES256"));
            assert_eq!(refusal.mismatch.found.as_deref(), Some(name));
        }
    }
}
