//! The logout page of Kakao.

use http::{Method, StatusCode};
use tower_phone_auth::Kakao;

use crate::support::{
    browser::{JIWOO, location, parameter, text},
    shop::Shop,
};

#[tokio::test]
async fn a_sign_out_goes_to_the_logout_of_kakao_and_returns() {
    let shop = Shop::with(Kakao::logout_at_provider, |builder| builder).await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let form = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "same-origin"),
    ];
    let away = browser.send(Method::POST, "/auth/logout", &form).await;
    assert_eq!(away.status(), StatusCode::SEE_OTHER);
    let logout = format!("{}/oauth/logout?", shop.provider.origin());
    assert!(location(&away).starts_with(&logout));
    let done = "http://127.0.0.1:3000/auth/logout/done";
    assert_eq!(
        parameter(&away, "logout_redirect_uri").as_deref(),
        Some(done)
    );
    assert_eq!(
        parameter(&away, "client_id").as_deref(),
        Some("local-demo-app")
    );
    for name in ["id_token_hint", "post_logout_redirect_uri"] {
        assert_eq!(parameter(&away, name), None);
    }
    let state = parameter(&away, "state").unwrap();
    assert_eq!(browser.session(), None);
    let page = browser
        .visit(&format!("/auth/logout/done?state={state}"))
        .await;
    assert!(text(&page).contains("out of this site and of"));
}

#[tokio::test]
async fn without_the_setting_users_stay_signed_in_at_kakao() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let form = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "same-origin"),
    ];
    let page = browser.send(Method::POST, "/auth/logout", &form).await;
    assert_eq!(location(&page), "/auth/logout");
}
