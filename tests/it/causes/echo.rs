//! A provider that repeats the values of a request in its error.

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
use serde_json::json;
use tower_phone_auth::{
    Kakao, Oidc,
    provider::{BoxFuture, HttpClient, HttpError, Provider},
};
use tower_phone_auth_local_provider::LocalProvider;

use super::row::PUBLIC_PARAMETERS;
use crate::{
    calls::canned,
    support::{browser::parameter, events::Events, shop::Shop},
};

/// Refuses the calls to one path. Each refusal repeats the next value of the request in its next
/// form.
#[derive(Clone)]
struct Echo {
    path: &'static str,
    calls: Arc<AtomicUsize>,
}

impl HttpClient for Echo {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        Box::pin(async move {
            if request.uri().path() != self.path {
                let answer = canned::answer(request.uri().path()).to_string();
                return Ok(Response::new(answer.into()));
            }
            let forms: Vec<String> = values(&request)
                .iter()
                .flat_map(|value| forms_of(value))
                .collect();
            let call = self.calls.fetch_add(1, Ordering::SeqCst);
            let echo = forms.get(call).map_or("done", String::as_str);
            let body = json!({ "error": "invalid_request", "error_description": format!("echo {echo} end") });
            let mut answer = Response::new(Bytes::from(body.to_string()));
            *answer.status_mut() = StatusCode::BAD_REQUEST;
            Ok(answer)
        })
    }
}

/// The secret values of the request, which no log may hold.
fn values(request: &Request<Bytes>) -> Vec<String> {
    let pairs = form_urlencoded::parse(request.body()).into_owned();
    let mut values: Vec<String> = pairs
        .filter(|(name, _)| !PUBLIC_PARAMETERS.contains(&&**name))
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

fn forms_of(value: &str) -> Vec<String> {
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

/// Signs in until every value was repeated in every form. Returns the number of repetitions.
async fn count_repetitions(path: &'static str, client: Provider) -> usize {
    let provider = LocalProvider::start().await.unwrap();
    let calls = Arc::<AtomicUsize>::default();
    let echo = Echo {
        path,
        calls: Arc::clone(&calls),
    };
    let shop = Shop::at(provider, client, |builder| builder.http_client(echo));
    loop {
        // The number of lines that a browser causes is limited.
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
        if description == "echo done end" {
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
    // Code, verifier and secret, in ten forms each.
    assert_eq!(count_repetitions("/oauth/token", kakao()).await, 30);
    assert_eq!(count_repetitions("/v2/user/me", kakao()).await, 10);
    let oidc = Oidc::new("https://id.example.com", "shop", "qs5-secret-of-the-shop-1");
    assert!(count_repetitions("/par", oidc.into()).await >= 40);
}
