use axum::body::Body;
use http::{Request, StatusCode, header::SET_COOKIE};
use tower::ServiceExt;
use tower_phone_auth::{SessionKey, TestUser, gateway::Judgement};

use super::{VISIT, head, session, shop, with};
use crate::support::shop::Shop;

/// A short form of a judgement, to compare it with the answer of the service.
fn short(judgement: &Judgement) -> String {
    match judgement {
        Judgement::Pass { user: Some(_), .. } => "200 signed in".to_owned(),
        Judgement::Pass { user: None, .. } => "200 anonymous".to_owned(),
        Judgement::SignIn(response) | Judgement::Refuse(response) => {
            response.status().as_u16().to_string()
        }
        Judgement::Own => "own".to_owned(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_judgement_is_the_answer_of_the_service_without_a_service() {
    let (shop, cookie) = shop().await;
    let foreign = [("sec-fetch-site", "cross-site")];
    let form = [
        ("accept", "text/html"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    for (method, path, lines, expected) in [
        ("GET", "/orders", with(&VISIT, &cookie), "200 signed in"),
        ("GET", "/maybe", with(&VISIT, &cookie), "200 signed in"),
        ("GET", "/maybe", VISIT.to_vec(), "200 anonymous"),
        ("GET", "/orders", VISIT.to_vec(), "303"),
        ("GET", "/orders", vec![], "401"),
        ("POST", "/orders", form.to_vec(), "401"),
        ("POST", "/orders", with(&foreign, &cookie), "403"),
        ("GET", "/orders", with(&VISIT, "phone-auth=nonsense"), "303"),
        ("GET", "/%6frders/../healthz", VISIT.to_vec(), "303"),
    ] {
        let judged = shop.layer.judge(&head(method, path, &lines)).await;
        assert_eq!(short(&judged), expected, "{method} {path} {lines:?}");
        let request = Request::from_parts(head(method, path, &lines), Body::empty());
        let served = shop.app.clone().oneshot(request).await.unwrap();
        let expected = &expected[..3];
        assert_eq!(served.status().as_str(), expected, "{method} {path}");
    }
}

#[tokio::test]
async fn a_path_of_the_layer_is_left_to_the_service_behind_it() {
    let (shop, cookie) = shop().await;
    for path in [
        "/auth/callback/kakao?code=c&state=s",
        "/auth/logout",
        "/auth/nowhere",
    ] {
        let judged = shop
            .layer
            .judge(&head("GET", path, &with(&VISIT, &cookie)))
            .await;
        assert_eq!(short(&judged), "own", "{path}");
    }
    let other = shop.layer.judge(&head("GET", "/authors", &VISIT)).await;
    assert_eq!(short(&other), "303");
}

#[tokio::test]
async fn a_sign_in_begun_by_a_judgement_ends_at_the_service() {
    let (shop, _) = shop().await;
    let mut browser = shop.browser();
    let Judgement::SignIn(away) = shop.layer.judge(&head("GET", "/orders", &VISIT)).await else {
        panic!("a page visit begins a sign-in");
    };
    browser.keep_cookies(&away);
    let page = browser.act(&away, crate::support::browser::JIWOO).await;
    let back = browser.visit(&page).await;
    assert_eq!(back.status(), StatusCode::SEE_OTHER);
    assert_eq!(back.headers()["location"], "/orders");
}

#[tokio::test]
async fn a_session_under_a_retired_key_is_renewed_by_the_headers_of_the_judgement() {
    let old = SessionKey::random();
    let first = Shop::with(|kakao| kakao, |builder| builder.session_key(old.clone())).await;
    let cookie = session(&first.layer);
    let keys = SessionKey::random().and(old);
    let second = Shop::with(|kakao| kakao, |builder| builder.session_key(keys)).await;
    let request = head("GET", "/", &with(&VISIT, &cookie));
    let judged = second.layer.judge(&request);
    let Judgement::Pass { headers, .. } = judged.await else {
        panic!("the session is live");
    };
    let shown = format!("{headers:?}");
    assert!(!shown.contains("phone-auth="), "{shown}");
    assert!(
        headers[SET_COOKIE]
            .to_str()
            .unwrap()
            .starts_with("phone-auth=")
    );
    assert_eq!(headers["cache-control"], "no-store");
}

#[tokio::test]
async fn a_revoked_session_is_refused_by_the_next_judgement() {
    let (shop, _) = shop().await;
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let cookie = user.cookie(&shop.layer).unwrap();
    let request = head("GET", "/", &with(&VISIT, &cookie));
    let Judgement::Pass {
        user: Some(user),
        headers,
        ..
    } = shop.layer.judge(&request).await
    else {
        panic!("the session is live");
    };
    assert_eq!(headers["cache-control"], "no-store");
    shop.layer.revoke_session(user.session_id()).await.unwrap();
    assert_eq!(short(&shop.layer.judge(&request).await), "303");
}
