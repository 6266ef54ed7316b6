//! Reports of providers: an unproved report ends no session, and a proved one ends those it names.
//!
//! The first byte chooses: `l` the body of a logout request; `c` the claims of a signed logout
//! token; `s` those of a signed security event to Google, `S` to Kakao; `w` the body of Kakao's
//! webhook, `W` the same without its key; `n` Naver's notice as it is, `N` its `encryptUniqueId`
//! and `timestamp` on a line each, signed; `h` a content type and a body on a line each.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE};
use http::{Request, StatusCode};
use http_body_util::Full;
use md5::{Digest, Md5};
use serde_json::Value;
use tower_phone_auth::{Google, Kakao, Naver, Oidc};

use crate::{
    fake::{Fake, json},
    id_token::{ISSUER, metadata},
    jwt::{KEYS, RS256},
    shop::{Shop, now},
    text,
};

const FORM: &str = "application/x-www-form-urlencoded";
const SECURITY_EVENT: &str = "application/secevent+jwt";
const PROVIDERS: [&str; 4] = ["kakao", "naver", "google", "oidc"];
/// Users that an event may name.
const USERS: [&str; 2] = ["1", "bystander"];

pub fn target(data: &[u8]) {
    let Some((choice, rest)) = text::choice(data) else {
        return;
    };
    let shop = shop();
    let seconds = now().to_string();
    let input = text::fill(rest, &[("now", &seconds)]);
    let Some(event) = Event::read(choice, &input) else {
        return;
    };
    event.send(&shop);
    SESSIONS.with(|sessions| {
        for (provider, user, cookie) in sessions {
            if !shop.lets_in(cookie) {
                assert!(event.is_proved, "an event without proof ended a session");
                assert_eq!(
                    *provider, event.provider,
                    "a session at another provider ended"
                );
                assert!(event.names(user), "{user} is not named");
            }
        }
    });
}

thread_local! {
    /// Provider, user and cookie, valid at every shop because they share the key.
    static SESSIONS: Vec<(&'static str, &'static str, String)> = sessions();
}

fn sessions() -> Vec<(&'static str, &'static str, String)> {
    let shop = shop();
    let of = |provider| USERS.map(|user| (provider, user, shop.session(provider, user)));
    PROVIDERS.into_iter().flat_map(of).collect()
}

fn shop() -> Shop {
    let fake = Fake::new(|request| {
        Some(match request.uri().path() {
            "/.well-known/openid-configuration" => {
                json(StatusCode::OK, metadata(false).to_string())
            }
            _ => json(StatusCode::OK, KEYS.set()),
        })
    });
    let kakao = Kakao::new("client", "secret").admin_key("admin-key");
    Shop::with(kakao, fake, |builder| {
        builder
            .provider(Naver::new("client", "secret"))
            .provider(Google::new("client", "secret"))
            .provider(Oidc::new(ISSUER, "client", "secret"))
    })
}

struct Event {
    provider: &'static str,
    content_type: Vec<u8>,
    authorization: Option<&'static str>,
    body: Vec<u8>,
    is_proved: bool,
    /// The content of the report, where the target knows it.
    said: Vec<u8>,
}

impl Event {
    fn read(choice: u8, input: &[u8]) -> Option<Self> {
        let (first, rest) = text::line(input);
        let event = |provider, content_type: &str, body: Vec<u8>| Self {
            provider,
            content_type: content_type.as_bytes().to_vec(),
            authorization: None,
            body,
            is_proved: false,
            said: input.to_vec(),
        };
        let proved = |event: Self| Self {
            is_proved: true,
            ..event
        };
        let logout = |token: String| format!("logout_token={token}").into_bytes();
        let signed = || KEYS.sign_rsa(RS256, input).into_bytes();
        let header = br#"{"alg":"ES256","kid":"ec","typ":"logout+jwt"}"#;
        Some(match choice {
            b'l' => event("oidc", FORM, input.to_vec()),
            b'c' => proved(event("oidc", FORM, logout(KEYS.sign_ec(header, input)))),
            b's' => proved(event("google", SECURITY_EVENT, signed())),
            b'S' => proved(event("kakao", SECURITY_EVENT, signed())),
            b'w' => Self {
                authorization: Some("KakaoAK admin-key"),
                ..proved(event("kakao", FORM, input.to_vec()))
            },
            b'W' => event("kakao", FORM, input.to_vec()),
            b'n' => event("naver", FORM, input.to_vec()),
            b'N' => proved(event("naver", FORM, naver(first, rest))),
            b'h' => Self {
                content_type: first.to_vec(),
                ..event("oidc", FORM, rest.to_vec())
            },
            _ => return None,
        })
    }

    fn send(&self, shop: &Shop) {
        let request = Request::post(format!("/auth/events/{}", self.provider))
            .header("content-type", &self.content_type[..]);
        let request = match self.authorization {
            Some(value) => request.header("authorization", value),
            None => request,
        };
        if let Ok(request) = request.body(Full::new(self.body.clone().into())) {
            let status = shop.send(request).status();
            assert!(!status.is_redirection(), "an event is not sent elsewhere");
        }
    }

    /// Whether the event names a user, in any format.
    fn names(&self, user: &str) -> bool {
        let plain = |text: &str| text.contains(user);
        match serde_json::from_slice::<Value>(&self.said) {
            Ok(said) => strings(&said).iter().any(|text| plain(text)),
            // A subject that Naver encrypts. This target knows the key, but not the text.
            Err(_) if self.provider == "naver" => true,
            Err(_) => form_urlencoded::parse(&self.said).any(|(_, value)| plain(&value)),
        }
    }
}

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(strings).collect(),
        Value::Object(members) => members.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

/// Naver's notice, signed by section 4.4 of its guide.
fn naver(sealed: &[u8], timestamp: &[u8]) -> Vec<u8> {
    let sealed = String::from_utf8_lossy(sealed);
    let timestamp = String::from_utf8_lossy(timestamp);
    let key: [u8; 16] = Md5::digest("secret").into();
    let signed = format!("clientId=client&encryptUniqueId={sealed}&timestamp={timestamp}");
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("clientId", "client");
    form.append_pair("encryptUniqueId", &sealed);
    form.append_pair("timestamp", &timestamp);
    form.append_pair("signature", &URL_SAFE.encode(signature));
    form.finish().into_bytes()
}
