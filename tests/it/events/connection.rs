//! An answer to a provider ends its connection. Otherwise the provider would keep the connection
//! open.

use axum::body::Body;
use http::{Method, Request, StatusCode, Version};
use tower_phone_auth_local_provider::{LocalProvider, Person};

use super::{FORM, SET};
use crate::support::clients::Clients as _;
use crate::support::{browser::Page, shop::Shop};

async fn open() -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let (oidc, google, kakao) = (provider.oidc(), provider.google(), provider.kakao());
    let naver = provider.naver();
    Shop::at(provider, oidc, |builder| {
        builder.provider(google).provider(kakao).provider(naver)
    })
}

async fn call(
    shop: &Shop,
    version: Version,
    method: Method,
    path: &str,
    body: (&str, String),
) -> Page {
    let (media_type, body) = body;
    let request = Request::builder().method(method).uri(path);
    let request = request.version(version).header("content-type", media_type);
    shop.browser()
        .call(request.body(Body::from(body)).unwrap())
        .await
}

#[tokio::test]
async fn an_answer_to_a_provider_ends_an_http_1_connection() {
    let shop = open().await;
    let token = || shop.provider.logout_token(Person::WITH_PHONE).unwrap();
    let event = "https://schemas.openid.net/secevent/risc/event-type/sessions-revoked";
    let google = || {
        shop.provider
            .google_event(event, Person::WITH_PHONE)
            .unwrap()
    };
    for version in [Version::HTTP_10, Version::HTTP_11, Version::HTTP_2] {
        for (path, body, status) in [
            (
                "/auth/events/oidc",
                (FORM, format!("logout_token={}", token())),
                200,
            ),
            (
                "/auth/events/oidc",
                (FORM, "logout_token=a.b.c".to_owned()),
                400,
            ),
            ("/auth/events/oidc", (FORM, "x".repeat(1 << 20)), 413),
            ("/auth/events/google", (SET, google()), 202),
            ("/auth/events/google", (SET, "a.b.c".to_owned()), 400),
            ("/auth/events/kakao", (SET, "a.b.c".to_owned()), 400),
            ("/auth/events/naver", (FORM, "clientId=1".to_owned()), 400),
            ("/auth/events/unknown", (FORM, String::new()), 404),
        ] {
            let page = call(&shop, version, Method::POST, path, body).await;
            assert_eq!(page.status(), status, "{path}");
            let connection = page.headers().get("connection");
            let expected = (version < Version::HTTP_2).then_some("close");
            let connection = connection.map(|value| value.to_str().unwrap());
            assert_eq!(connection, expected, "{path} {status} {version:?}");
        }
        let body = (FORM, String::new());
        let page = call(&shop, version, Method::GET, "/auth/events/oidc", body).await;
        assert_eq!(page.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(
            page.headers().contains_key("connection"),
            version < Version::HTTP_2
        );
    }
}

#[tokio::test]
async fn other_answers_of_the_layer_keep_the_connection() {
    let shop = open().await;
    for path in [
        "/",
        "/auth/login",
        "/auth/logout",
        "/auth/events",
        "/events/oidc",
    ] {
        let body = (FORM, String::new());
        let page = call(&shop, Version::HTTP_11, Method::GET, path, body).await;
        assert!(!page.headers().contains_key("connection"), "{path}");
    }
}
