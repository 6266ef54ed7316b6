//! Visits from the first page to the sign-out, and the `Debug` output of public types.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::Method;
use tower::Layer;
use tower_phone_auth::{OAuthLayer, SessionKey, provider::Provider};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Person, SECRET_PREFIX};

use super::watch::{FREE_TEXT, Watch, key_bytes};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Act, JIWOO, altered},
    shop::ORIGIN,
};

#[tokio::test]
async fn a_whole_visit_leaks_nothing() {
    let mut watch = Watch::open().await;
    let mut browser = watch.browser();
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, JIWOO).await;
    let back = browser.visit(&callback).await;
    let page = browser.visit("/cart").await;
    let question = browser.visit("/auth/logout").await;
    let out = browser.send(Method::POST, "/auth/logout", &[]).await;
    let done = browser.visit("/auth/logout").await;
    assert!(
        watch.log.text().contains("signed in"),
        "{}",
        watch.log.text()
    );
    for page in [away, back, page, question, out, done] {
        watch.look_at(&page);
    }
    assert_eq!(watch.leaks(), [""; 0]);
}

#[tokio::test]
async fn refused_callbacks_leak_neither_code_nor_state() {
    let mut watch = Watch::open().await;
    let mut browser = watch.browser();
    let away = browser.visit("/").await;
    let callback = browser.act(&away, JIWOO).await;
    for refused in [
        callback.replacen("state=", "state=x", 1),
        format!("{callback}&code=again"),
        altered(&callback, "state", None),
        callback.replacen("/kakao?", "/unknown?", 1),
    ] {
        let page = browser.visit(&refused).await;
        watch.look_at(&page);
    }
    let page = browser.send(Method::POST, &callback, &[]).await;
    watch.look_at(&page);
    let issuer = format!("https://{FREE_TEXT}.example");
    let page = browser
        .visit(&altered(&callback, "iss", Some(&issuer)))
        .await;
    watch.look_at(&page);
    let page = browser.visit(&callback).await;
    watch.look_at(&page);
    assert!(watch.log.text().contains("sign-in refused"));
    // The log may name the issuer of the callback.
    assert_eq!(watch.leaks(), [""; 0]);
}

#[tokio::test]
async fn no_debug_shows_a_secret_or_a_phone_number() {
    let mut watch = Watch::open().await;
    let key = SessionKey::parse(&STANDARD.encode(key_bytes())).unwrap();
    let provider: LocalProvider = LocalProvider::start().await.unwrap();
    let builder = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(key.clone())
        .provider(provider.kakao())
        .provider(provider.oidc());
    watch.note(&(
        builder,
        &key,
        provider.kakao(),
        Provider::from(provider.oidc()),
        &provider,
    ));
    let service = watch.shop.layer.layer(());
    watch.note(&(service, watch.shop.layer.clone()));

    let mut browser = watch.shop.browser();
    browser.sign_in("/", JIWOO).await;
    let page = browser.come_back("/auth/login", Act::Cancel).await;
    watch.look_at(&page);
    let mut browser = watch.browser();
    let page = browser.sign_in("/", Act::Agree(Person::WITH_PHONE)).await;
    assert!(String::from_utf8_lossy(page.body()).contains("VerifiedUser"));
    watch.look_at(&page);
    let requests = watch.shop.provider.requests();
    watch.note(&requests);
    watch.shop.provider.configure(|settings| {
        let settings = format!("{settings:?}");
        assert!(!settings.contains(SECRET_PREFIX), "{settings}");
    });
    let provider = format!("{:?}", watch.shop.provider);
    watch.note(&provider);
    assert_eq!(watch.leaks(), [""; 0]);
}

#[tokio::test]
async fn answers_to_programs_leak_nothing() {
    let mut watch = Watch::open().await;
    let mut browser = watch.browser();
    browser.sign_in("/", JIWOO).await;
    let session = browser.session().unwrap().to_owned();
    let broken = format!("{session}x");
    browser.cookies.insert("phone-auth".to_owned(), broken);
    for path in ["/", "/auth/login", "/auth/nowhere"] {
        let page = browser.fetch(Method::GET, path).await;
        watch.look_at(&page);
    }
    let page = browser.fetch(Method::DELETE, "/auth/logout").await;
    watch.look_at(&page);
    assert!(!watch.seen.contains(&session) && !watch.log.text().contains(&session));
    assert_eq!(watch.leaks(), [""; 0]);
}

#[tokio::test]
async fn the_watch_finds_leaks() {
    let mut watch = Watch::open().await;
    assert_eq!(watch.leaks(), [""; 0]);
    tracing::trace!(target: "tower_phone_auth::canary", code = "lpsecret-code-1");
    assert_eq!(watch.leaks(), [SECRET_PREFIX]);

    let mut shops = watch.shop.browser();
    let page = shops.sign_in("/", JIWOO).await;
    watch.look_at(&page);
    assert_eq!(watch.leaks(), [SECRET_PREFIX, "12345678"]);

    let requests = watch.shop.provider.requests();
    let tokens = requests
        .iter()
        .filter(|request| request.endpoint == Some(Endpoint::Token));
    let bodies: Vec<_> = tokens.map(|request| request.body.clone()).collect();
    watch
        .seen
        .push_str(&String::from_utf8_lossy(&bodies.concat()));
    assert_eq!(watch.leaks().len(), 3, "the verifier is found too");
}
