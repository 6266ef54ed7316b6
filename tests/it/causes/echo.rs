//! A provider that repeats what is sent to it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE},
};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header::AUTHORIZATION};
use serde_json::{Value, json};
use tower_phone_auth::{BoxFuture, HttpClient, HttpError, Kakao, Oidc, Provider};
use tower_phone_auth_local_provider::LocalProvider;

use crate::support::{browser::parameter, events::Events, shop::Shop};

/// Refuses the call to one path, and repeats one value of its request in one spelling: the next one at each call.
#[derive(Clone)]
struct Echo {
    path: &'static str,
    calls: Arc<AtomicUsize>,
}

impl HttpClient for Echo {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        Box::pin(async move {
            if request.uri().path() != self.path {
                let answer = canned(request.uri().path()).to_string();
                return Ok(Response::new(answer.into()));
            }
            let spelled: Vec<String> = values(&request)
                .iter()
                .flat_map(|value| spellings(value))
                .collect();
            let call = self.calls.fetch_add(1, Ordering::SeqCst);
            let echo = spelled.get(call).map_or("over", String::as_str);
            let body = json!({ "error": "invalid_request", "error_description": format!("echo {echo} end") });
            let mut answer = Response::new(Bytes::from(body.to_string()));
            *answer.status_mut() = StatusCode::BAD_REQUEST;
            Ok(answer)
        })
    }
}

fn canned(path: &str) -> Value {
    let at = |path| format!("https://id.example.com/{path}");
    match path {
        "/oauth/token" => json!({ "access_token": "qx81-access-token-ab", "token_type": "bearer" }),
        _ => json!({
            "issuer": "https://id.example.com",
            "authorization_endpoint": at("authorize"),
            "token_endpoint": at("token"),
            "jwks_uri": at("jwks"),
            "pushed_authorization_request_endpoint": at("par"),
            "require_pushed_authorization_requests": true,
        }),
    }
}

/// What the request holds and no log may.
fn values(request: &Request<Bytes>) -> Vec<String> {
    let known = [
        "client_id",
        "grant_type",
        "redirect_uri",
        "response_type",
        "scope",
        "code_challenge_method",
    ];
    let pairs = form_urlencoded::parse(request.body()).into_owned();
    let mut values: Vec<String> = pairs
        .filter(|(name, _)| !known.contains(&&**name))
        .map(|(_, value)| value)
        .collect();
    if let Some(authorization) = request.headers().get(AUTHORIZATION) {
        values.push(
            authorization
                .to_str()
                .unwrap()
                .split_once(' ')
                .unwrap()
                .1
                .to_owned(),
        );
    }
    values
}

fn spellings(value: &str) -> Vec<String> {
    let form: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let percent: String = value.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let twice: String = form_urlencoded::byte_serialize(form.as_bytes()).collect();
    let spaced: Vec<&str> = value.split('-').collect();
    vec![
        value.to_owned(),
        form,
        percent,
        twice,
        spaced.join(" - "),
        value.to_uppercase(),
        STANDARD.encode(value),
        URL_SAFE.encode(value),
        STANDARD.encode(format!("shop:{value}")),
        value.chars().take(12).collect(),
    ]
}

/// Signs in until every value was repeated in every spelling; gives how many that were.
async fn repeats(path: &'static str, client: Provider) -> usize {
    let provider = LocalProvider::start().await.unwrap();
    let calls = Arc::<AtomicUsize>::default();
    let echo = Echo {
        path,
        calls: Arc::clone(&calls),
    };
    let shop = Shop::at(provider, client, |builder| builder.http_client(echo));
    loop {
        // Lines that a browser causes are limited.
        shop.time.pass(std::time::Duration::from_secs(1));
        let events = Events::capture();
        let mut browser = shop.browser();
        let away = browser.visit("/").await;
        if away.status() == StatusCode::SEE_OTHER {
            let state = parameter(&away, "state").unwrap();
            let callback =
                format!("/auth/callback/kakao?code=qk7-code-of-the-user-00&state={state}");
            browser.visit(&callback).await;
        }
        let line = &events.audit("refusal")[0];
        let description = line.field("description");
        if description == "echo over end" {
            return calls.load(Ordering::SeqCst) - 1;
        }
        let rest = description.split(['[', ']']).step_by(2).collect::<String>();
        let is_replaced = description.contains('[') && rest.len() <= "echo  end".len() + 10;
        assert!(is_replaced, "{path}: {description}");
    }
}

#[tokio::test]
async fn a_provider_that_repeats_the_request_is_quoted_without_it() {
    let kakao = || Kakao::new("shop", "qs5-secret-of-the-shop-1").into();
    // Code, verifier and secret, in ten spellings.
    assert_eq!(repeats("/oauth/token", kakao()).await, 30);
    assert_eq!(repeats("/v2/user/me", kakao()).await, 10);
    let oidc = Oidc::new("https://id.example.com", "shop", "qs5-secret-of-the-shop-1");
    assert!(repeats("/par", oidc.into()).await >= 40);
}
