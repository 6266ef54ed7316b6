//! Profiles and token answers of providers: a session is of the user that the answer names.
//!
//! The first byte is the provider: `k` Kakao, `n` Naver, `g` Google, `o` OpenID userinfo; in
//! capital letters, the input is the answer of the token endpoint instead. The second byte is the
//! class of the status, `2` to `5`.

use std::sync::{Arc, Mutex};

use http::{Response, StatusCode};
use serde_json::{Value, json};
use tower_phone_auth::{
    Google, Kakao, Naver, Oidc, VerifiedUser, phone::PhoneAssurance, provider::Provider,
};

use crate::{
    fake::{Fake, json, tokens},
    id_token::{ISSUER, claims, metadata},
    jwt::{ES256, KEYS, RS256},
    shop::Shop,
    text,
};

pub fn target(data: &[u8]) {
    let Some((choice, rest)) = text::choice(data) else {
        return;
    };
    let Some((class, body)) = text::choice(rest) else {
        return;
    };
    let status = match class {
        b'2' => StatusCode::OK,
        b'3' => StatusCode::FOUND,
        b'4' => StatusCode::UNAUTHORIZED,
        b'5' => StatusCode::BAD_GATEWAY,
        _ => return,
    };
    let Some((name, provider)) = provider(choice.to_ascii_lowercase()) else {
        return;
    };
    let nonce = Arc::new(Mutex::new(String::new()));
    let answer = Answer {
        provider: choice.to_ascii_lowercase(),
        is_token: choice.is_ascii_uppercase(),
        status,
        body: body.to_vec(),
        nonce: Arc::clone(&nonce),
    };
    let fake = Fake::new(move |request| answer.to(request.uri().path()));
    let shop = Shop::with(provider, fake, |builder| {
        builder.minimum_assurance(PhoneAssurance::Unverified)
    });
    let attempt = shop.begin("/").expect("a login begins");
    nonce.lock().unwrap().clone_from(&attempt.nonce);
    let response = shop.come_back(name, &attempt);
    if let Some(user) = shop.arrival(&response) {
        assert_eq!(status, StatusCode::OK, "an error answer signed a user in");
        check(choice, body, &user);
    }
}

fn provider(choice: u8) -> Option<(&'static str, Provider)> {
    let (id, secret) = ("client", "secret");
    Some(match choice {
        b'k' => ("kakao", Kakao::new(id, secret).into()),
        b'n' => ("naver", Naver::new(id, secret).into()),
        b'g' => ("google", Google::new(id, secret).into()),
        b'o' => ("oidc", Oidc::new(ISSUER, id, secret).into()),
        _ => return None,
    })
}

struct Answer {
    provider: u8,
    is_token: bool,
    status: StatusCode,
    body: Vec<u8>,
    nonce: Arc<Mutex<String>>,
}

impl Answer {
    fn to(&self, path: &str) -> Option<Response<bytes::Bytes>> {
        let input = || json(self.status, self.body.clone());
        let is_token = matches!(
            path,
            "/token" | "/oauth/token" | "/oauth2.0/token" | "/oauth2/token"
        );
        let is_keys = path.contains("keys") || path.contains("certs") || path.contains("jwks");
        Some(if path.contains(".well-known/openid-configuration") {
            json(StatusCode::OK, metadata(true).to_string())
        } else if is_keys {
            json(StatusCode::OK, KEYS.set())
        } else if is_token && self.is_token {
            input()
        } else if is_token {
            tokens(self.id_token().as_deref())
        } else if self.is_token {
            json(StatusCode::OK, right(self.provider).to_string())
        } else {
            input()
        })
    }

    fn id_token(&self) -> Option<String> {
        let nonce = self.nonce.lock().unwrap();
        let mut claims = claims(&nonce, false);
        match self.provider {
            b'o' => Some(KEYS.sign_ec(ES256, claims.to_string().as_bytes())),
            b'g' => {
                claims["iss"] = "https://accounts.google.com".into();
                Some(KEYS.sign_rsa(RS256, claims.to_string().as_bytes()))
            }
            _ => None,
        }
    }
}

fn right(provider: u8) -> Value {
    let phone = "+82 10-1234-5678";
    match provider {
        b'k' => json!({ "id": 1, "kakao_account": { "phone_number": phone } }),
        b'n' => json!({ "resultcode": "00", "response": { "id": "1", "mobile": phone } }),
        b'g' => json!({ "phoneNumbers": [{ "canonicalForm": "+821012345678" }] }),
        _ => json!({ "sub": "user-1", "phone_number": phone, "phone_number_verified": true }),
    }
}

/// The signed-in user is the user of the answer or of the ID token.
fn check(choice: u8, body: &[u8], user: &VerifiedUser) {
    let text = body.trim_ascii_start();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    // A member that is not read may contain bytes that are not UTF-8.
    let Ok(answer) = serde_json::from_slice::<Value>(text) else {
        return;
    };
    let id = match choice {
        b'k' => answer["id"].to_string(),
        b'n' => match &answer["response"]["id"] {
            Value::String(id) => id.clone(),
            other => other.to_string(),
        },
        b'g' | b'o' => "user-1".to_owned(),
        _ => return,
    };
    assert_eq!(*user.subject, *id);
    if choice == b'o' && user.phone_assurance == PhoneAssurance::Verified {
        assert_eq!(answer["phone_number_verified"], true);
    }
    if choice == b'g' {
        let text = answer["phoneNumbers"].to_string();
        let is_verified = user.phone_assurance == PhoneAssurance::Verified;
        assert!(!is_verified || text.contains("\"verified\":true"));
    }
}
