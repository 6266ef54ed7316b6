//! ID tokens and key sets: a session needs a token that the provider signed for this client and
//! that has not expired.
//!
//! The first byte chooses: `t` a whole token; `u` header, claims and signature on a line each; `c`
//! signed claims; `h` a header before the right claims, signed; `k` a key set for a right token.
//! `{now}`, `{nonce}`, `{x}` and `{y}` (the signing key) are filled in.

use std::sync::{Arc, Mutex};

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth::Oidc;

use crate::{
    fake::{Fake, json, tokens},
    jwt::{self, ES256, KEYS},
    shop::{Shop, now},
    text,
};

pub const ISSUER: &str = "https://id.example.com";

pub fn target(data: &[u8]) {
    let Some((choice, rest)) = text::choice(data) else {
        return;
    };
    if !b"tuchk".contains(&choice) {
        return;
    }
    let id_token = Arc::new(Mutex::new(String::new()));
    let keys = match choice {
        b'k' => text::fill(
            rest,
            &[
                ("x", &KEYS.x),
                ("y", &KEYS.y),
                ("n", &KEYS.n),
                ("e", &KEYS.e),
            ],
        ),
        _ => KEYS.set().into_bytes(),
    };
    let shop = shop(keys.clone(), Arc::clone(&id_token));
    let attempt = shop.begin("/").expect("a login begins");
    let seconds = now().to_string();
    let values = [("now", seconds.as_str()), ("nonce", attempt.nonce.as_str())];
    let input = text::fill(rest, &values);
    let right = claims(&attempt.nonce, true).to_string();
    *id_token.lock().unwrap() = match choice {
        b't' => String::from_utf8_lossy(&input).into_owned(),
        b'u' => unsigned(&input),
        b'c' => KEYS.sign_ec(ES256, &input),
        b'h' => KEYS.sign_ec(&input, right.as_bytes()),
        _ => KEYS.sign_ec(ES256, right.as_bytes()),
    };
    let response = shop.come_back("oidc", &attempt);
    if let Some(user) = shop.arrival(&response) {
        match choice {
            b'c' => check_claims(&input, &attempt.nonce, &user.subject),
            b'h' => check_header(&input),
            b'k' => assert!(publishes_our_key(&keys), "a key that was not published"),
            _ => panic!("a token without a signature"),
        }
    }
}

fn shop(keys: Vec<u8>, id_token: Arc<Mutex<String>>) -> Shop {
    let fake = Fake::new(move |request| {
        Some(match request.uri().path() {
            "/.well-known/openid-configuration" => {
                json(StatusCode::OK, metadata(false).to_string())
            }
            "/token" => tokens(Some(&id_token.lock().unwrap())),
            "/keys" => json(StatusCode::OK, keys.clone()),
            _ => return None,
        })
    });
    Shop::new(Oidc::new(ISSUER, "client", "secret"), fake)
}

/// The provider's metadata.
pub fn metadata(userinfo: bool) -> Value {
    let mut metadata = json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://id.example.com/authorize",
        "token_endpoint": "https://id.example.com/token",
        "jwks_uri": "https://id.example.com/keys",
        "id_token_signing_alg_values_supported": ["ES256", "RS256"],
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
    });
    if userinfo {
        metadata["userinfo_endpoint"] = "https://id.example.com/userinfo".into();
    }
    metadata
}

/// Valid claims.
pub fn claims(nonce: &str, with_phone: bool) -> Value {
    let mut claims = json!({
        "iss": ISSUER,
        "aud": "client",
        "sub": "user-1",
        "iat": now(),
        "exp": now() + 300,
        "nonce": nonce,
    });
    if with_phone {
        claims["phone_number"] = "+821012345678".into();
        claims["phone_number_verified"] = true.into();
    }
    claims
}

fn unsigned(input: &[u8]) -> String {
    let (header, rest) = text::line(input);
    let (claims, signature) = text::line(rest);
    [header, claims, signature].map(jwt::text).join(".")
}

/// OpenID Connect Core section 3.1.3.7, as far as it concerns every provider.
fn check_claims(input: &[u8], nonce: &str, subject: &str) {
    let claims: Value = serde_json::from_slice(input).expect("claims are JSON");
    assert_eq!(claims["iss"], ISSUER);
    let is_us = |audience: &Value| audience == "client";
    let (for_us, for_others) = match &claims["aud"] {
        Value::Array(several) => (several.iter().any(is_us), !several.iter().all(is_us)),
        one => (is_us(one), false),
    };
    assert!(for_us, "the token is for others");
    let party = &claims["azp"];
    assert!(
        party.is_null() || is_us(party),
        "another party asked for it"
    );
    assert!(!for_others || is_us(party), "no `azp` names this client");
    assert_eq!(claims["nonce"], nonce);
    assert_eq!(claims["sub"], subject);
    let (now, skew) = (now() as f64, 120.0);
    let expires = claims["exp"].as_f64().expect("exp is a number");
    assert!(expires > now - skew, "an expired token");
    let issued = claims["iat"].as_f64().expect("iat is a number");
    assert!(issued < now + skew, "the token is from the future");
    assert_eq!(claims["phone_number_verified"], true);
}

fn check_header(input: &[u8]) {
    /// Members that are not read may have any type.
    #[derive(serde::Deserialize)]
    struct Header {
        alg: String,
        crit: Option<serde::de::IgnoredAny>,
    }

    let header: Header = serde_json::from_slice(input).expect("a header is JSON");
    assert_eq!(header.alg, "ES256");
    assert!(header.crit.is_none(), "an extension that is not known here");
}

/// Whether a key of the set has our coordinates, in any encoding.
fn publishes_our_key(set: &[u8]) -> bool {
    let set: Value = serde_json::from_slice(set).expect("a set is JSON");
    let keys = set["keys"].as_array().expect("a set has keys");
    let has = |key: &Value, name: &str, right: &str| {
        let text = key[name].as_str();
        text.is_some_and(|text| octets(text) == octets(right))
    };
    let is_ours = |key: &&Value| has(key, "x", &KEYS.x) && has(key, "y", &KEYS.y);
    keys.iter().any(|key| is_ours(&key))
}

/// Without leading zeros, in either base64 alphabet.
fn octets(text: &str) -> Option<Vec<u8>> {
    let plain = |character| match character {
        '-' => '+',
        '_' => '/',
        other => other,
    };
    let text: String = text.split_ascii_whitespace().collect();
    let text: String = text.trim_end_matches('=').chars().map(plain).collect();
    let octets = LENIENT.decode(text).ok()?;
    let first = octets.iter().position(|octet| *octet != 0)?;
    Some(octets[first..].to_vec())
}

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);
