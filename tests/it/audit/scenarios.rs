//! Scenarios that cause every event of the audit log, with a user whose subject is a phone number.

use std::time::Duration;

use axum::Router;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::json;
use tower::ServiceExt;
use tower_phone_auth::{Builder, OAuthLayer, SessionKey, Text, hooks::Denied};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Person, faults::Fault};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Act, Browser, JIWOO, Page, altered, refusal},
    shop::{ORIGIN, Time, routes},
};

/// A phone number as a subject: digits at Kakao, any text at an OpenID provider.
pub(super) const DIGITS: u64 = 821_098_765_432;
pub(super) const E164: &str = "+821098765432";
const ADMIN_KEY: &str = "lpsecret-admin-key";

/// An application with two providers, both of which name the user by the phone number.
pub(super) struct Shop {
    pub(super) provider: LocalProvider,
    pub(super) time: Time,
    pub(super) key: SessionKey,
    pub(super) layer: OAuthLayer,
    pub(super) app: Router,
}

impl Shop {
    pub(super) async fn open() -> Self {
        let provider = LocalProvider::start().await.unwrap();
        provider.add_person(Person::new(DIGITS, "x").phone("+82 10-9876-5432"));
        provider.configure(|settings| settings.oidc.userinfo_sub = Some(E164.to_owned()));
        provider.forge_id_token(|_, claims| {
            if claims.get("sub").is_some() {
                claims["sub"] = E164.into();
            }
        });
        let (time, key) = (Time::default(), SessionKey::random());
        let layer = layer(&provider, &time, key.clone(), |builder| builder);
        Self {
            app: routes().layer(layer.clone()),
            provider,
            time,
            key,
            layer,
        }
    }

    pub(super) fn browser(&self) -> Browser {
        Browser::new(self.app.clone(), ORIGIN)
    }

    pub(super) fn with(&self, settings: impl FnOnce(Builder) -> Builder) -> Router {
        let layer = layer(&self.provider, &self.time, self.key.clone(), settings);
        routes().layer(layer)
    }

    pub(super) async fn post(&self, path: &str, headers: &[(&str, &str)], body: String) -> Page {
        let mut request = Request::post(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(axum::body::Body::from(body)).unwrap();
        let page = self.app.clone().oneshot(request).await.unwrap();
        let (head, body) = page.into_parts();
        Page::from_parts(head, body.collect().await.unwrap().to_bytes())
    }
}

fn layer(
    provider: &LocalProvider,
    time: &Time,
    key: SessionKey,
    settings: impl FnOnce(Builder) -> Builder,
) -> OAuthLayer {
    let builder = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(key)
        .provider(provider.kakao().admin_key(ADMIN_KEY))
        .provider(provider.oidc().named("oidc"))
        .clock(time.clock());
    settings(builder).build().unwrap()
}

const USER: Act = Act::Agree(DIGITS);
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

pub(super) async fn sign_in(browser: &mut Browser, provider: &str) {
    let login = format!("/auth/login?provider={provider}");
    let back = browser.come_back(&login, USER).await;
    assert_eq!(back.status(), StatusCode::SEE_OTHER);
}

/// Sign-ins, sign-outs, fresh sign-ins, replaced sessions and revocations.
pub(super) async fn sessions(shop: &Shop) {
    for provider in ["kakao", "oidc"] {
        let mut browser = shop.browser();
        sign_in(&mut browser, provider).await;
        browser.visit("/").await;
        // Another sign-in in the same browser, with a fresh proof, replaces the session.
        let login = format!("/auth/login?provider={provider}&fresh=1");
        browser.come_back(&login, USER).await;
        browser.send(Method::POST, "/auth/logout", &[]).await;
        sign_in(&mut browser, provider).await;
        let everywhere = "/auth/logout?everywhere";
        browser.send(Method::POST, everywhere, &[]).await;
    }
    shop.layer.revoke("oidc", E164).await.unwrap();
    let mut browser = shop.browser();
    sign_in(&mut browser, "oidc").await;
    let id = "000102030405060708090a0b0c0d0e0f".parse().unwrap();
    shop.layer.revoke_session(id).await.unwrap();
}

/// Refusals caused by the browser, the provider and the application.
pub(super) async fn refusals(shop: &Shop) {
    for provider in ["kakao", "oidc"] {
        let mut browser = shop.browser();
        let login = format!("/auth/login?provider={provider}");
        let away = browser.visit(&login).await;
        let callback = browser.act(&away, USER).await;
        let error = altered(&callback, "error", Some("invalid_scope"));
        let error = altered(&error, "error_description", Some("of 010 9876 5432"));
        for made_up in [
            format!("/auth/callback/{provider}?code={E164}"),
            altered(&callback, "state", Some(E164)),
            // The first outcome of a state is kept, so the error comes before the issuer.
            error,
            altered(&callback, "iss", Some("https://evil.example")),
        ] {
            let mut copy = shop.browser();
            copy.cookies.clone_from(&browser.cookies);
            let page = copy.visit(&made_up).await;
            assert!(refusal(&page).is_some(), "{made_up}");
        }
        let refused = json!({
            "error": "invalid_client",
            "error_code": "KOE010",
            "error_description": format!("no such secret for +82 10-9876-5432 ({E164})"),
        });
        let fault = Fault::json(StatusCode::UNAUTHORIZED, &refused);
        shop.provider.fail_next(Endpoint::Token, fault);
        shop.browser().come_back(&login, USER).await;
        shop.provider.fail_next(Endpoint::Token, Fault::Close);
        shop.browser().come_back(&login, USER).await;
        shop.browser().come_back(&login, Act::Cancel).await;
        let deny = shop.with(|builder| {
            builder.on_sign_in(|_| async {
                Err::<(), _>(Denied::new(Text::en("Members only.").ko("회원 전용입니다.")).into())
            })
        });
        Browser::new(deny, ORIGIN).come_back(&login, USER).await;
    }
}

/// Tokens with wrong times, and metadata that are missing.
pub(super) async fn mismatches(shop: &Shop) {
    let login = "/auth/login?provider=oidc";
    let an_hour = |claims: &mut serde_json::Value, sign: i64| {
        for name in ["iat", "exp"] {
            let time = claims[name].as_i64().unwrap();
            claims[name] = (time + sign * 3600).into();
        }
    };
    for sign in [-1, 1] {
        shop.provider
            .forge_id_token(move |_, claims| an_hour(claims, sign));
        shop.browser().come_back(login, USER).await;
        let token = shop.provider.logout_token(DIGITS).unwrap();
        let body = format!("logout_token={token}");
        shop.post("/auth/events/oidc", &[FORM], body).await;
    }
    shop.provider.clear_id_token_faults();
    let gone = Fault::json(StatusCode::NOT_FOUND, &json!({ "error": "no such realm" }));
    shop.provider.fail_next(Endpoint::Discovery, gone);
    let app = shop.with(|builder| builder);
    Browser::new(app, ORIGIN).visit(login).await;
}

/// Warm-ups of new processes at a provider with several faults, and with a wrong clock.
pub(super) async fn starts(shop: &Shop) {
    let gone = Fault::json(StatusCode::NOT_FOUND, &json!({}));
    let no_token = Fault::Merge(json!({ "token_endpoint": null }));
    let no_pkce = Fault::Merge(json!({ "code_challenge_methods_supported": ["plain"] }));
    for fault in [gone, no_token, Fault::Close, no_pkce] {
        shop.provider.fail(Endpoint::Discovery, fault);
        let layer = layer(&shop.provider, &shop.time, shop.key.clone(), |it| it);
        let _ = layer.warm_up().await;
    }
    shop.provider.clear_faults(Endpoint::Discovery);
    shop.time.set_forward(Duration::from_secs(90));
    let layer = layer(&shop.provider, &shop.time, shop.key.clone(), |it| it);
    layer.warm_up().await.unwrap();
}

/// Events of the providers: genuine, repeated and forged.
pub(super) async fn events(shop: &Shop) {
    let token = shop.provider.logout_token(DIGITS).unwrap();
    for token in [&token, &token, &format!("{token}x"), &E164.to_owned()] {
        let body = format!("logout_token={token}");
        shop.post("/auth/events/oidc", &[FORM], body).await;
    }
    let notice = shop.provider.kakao_unlink_notice(DIGITS).unwrap();
    let proof = format!("KakaoAK {ADMIN_KEY}");
    for authorization in [&*proof, "KakaoAK wrong"] {
        let headers = [FORM, ("authorization", authorization)];
        shop.post("/auth/events/kakao", &headers, notice.clone())
            .await;
    }
}

/// A new session key, and new keys at the provider.
pub(super) async fn rotations(shop: &Shop) {
    let mut browser = shop.browser();
    sign_in(&mut browser, "oidc").await;
    let rotated = SessionKey::random().and(shop.key.clone());
    browser.moves_to(shop.with(|builder| builder.session_key(rotated)));
    assert_eq!(browser.visit("/").await.status(), StatusCode::OK);
    shop.provider.rotate_keys();
    sign_in(&mut shop.browser(), "oidc").await;
}

/// A page of another origin posts with the user's session, to the application and to the sign-out.
pub(super) async fn requests(shop: &Shop) {
    let mut browser = shop.browser();
    sign_in(&mut browser, "kakao").await;
    for path in ["/", "/auth/logout"] {
        let page = browser
            .send(
                http::Method::POST,
                path,
                &[("sec-fetch-site", "cross-site")],
            )
            .await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN, "{path}");
    }
}

/// More refusals than the log's limit, and one a minute later.
pub(super) async fn flood(shop: &Shop) {
    let path = format!("/auth/callback/kakao?code=made-up&state={E164}");
    let mut browser = shop.browser();
    for _ in 0..40 {
        browser.visit(&path).await;
    }
    shop.time.pass(Duration::from_secs(60));
    browser.visit(&path).await;
}

pub(super) async fn all(shop: &Shop) {
    sessions(shop).await;
    refusals(shop).await;
    events(shop).await;
    requests(shop).await;
    rotations(shop).await;
    mismatches(shop).await;
    starts(shop).await;
    flood(shop).await;
    // A user with an ordinary subject.
    shop.browser()
        .come_back("/auth/login?provider=kakao", JIWOO)
        .await;
}
