//! A form whose route requires a fresher sign-in.

use std::time::{Duration, SystemTime};

use axum::{Router, routing::post};
use http::StatusCode;
use tower_phone_auth::{Builder, Kakao, TestUser};
use tower_phone_auth_local_provider::Person;

use super::{form, sign_in};
use crate::support::{
    browser::{Act, Browser, FORM, JIWOO, location, parameter, text},
    shop::{ORIGIN, Shop, routes},
};

/// A signed-in browser at a shop whose payment requires a sign-in within the last five minutes.
async fn paying(settings: impl FnOnce(Builder) -> Builder) -> (Shop, Browser) {
    let shop = Shop::with(Kakao::openid_connect, settings).await;
    shop.provider
        .configure(|settings| settings.kakao_oidc = true);
    let fresh = shop.layer.require().max_age(Duration::from_secs(5 * 60));
    let pay = Router::new().route("/pay", post(async |body: String| body));
    let app = Router::new()
        .nest("/shop", pay.route_layer(fresh))
        .fallback_service(routes())
        .layer(shop.layer.clone());
    let mut browser = Browser::new(app, ORIGIN);
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(Duration::from_secs(6 * 60));
    (shop, browser)
}

#[tokio::test]
async fn a_form_is_offered_after_the_fresh_sign_in_and_accepted() {
    for settings in [Builder::save_forms, |builder: Builder| {
        builder.save_forms().strip_cookies()
    }] {
        let (_shop, mut browser) = paying(settings).await;
        let kept = browser.submit("/shop/pay?order=7", "sum=9").await;
        assert_eq!(kept.status(), StatusCode::SEE_OTHER);
        let away = browser.visit(location(&kept)).await;
        assert_eq!(parameter(&away, "prompt").as_deref(), Some("login"));
        let page = sign_in(&mut browser, &kept, JIWOO).await;
        let (action, body) = form(&page).unwrap();
        assert_eq!(action, "/shop/pay?order=7");
        assert_eq!(text(&browser.submit(&action, body).await), "sum=9");
    }
}

#[tokio::test]
async fn a_form_is_not_offered_to_another_user_who_signs_in() {
    for settings in [Builder::save_forms, |builder: Builder| {
        builder.save_forms().strip_cookies()
    }] {
        let (_shop, mut browser) = paying(settings).await;
        let kept = browser.submit("/shop/pay", "sum=9").await;
        let page = sign_in(&mut browser, &kept, Act::Agree(Person::FOREIGN)).await;
        assert_eq!(page.status(), StatusCode::FORBIDDEN);
        assert!(form(&page).is_none());
    }
}

/// A browser may send an older session beside the live one, for example under another path.
#[tokio::test]
async fn a_form_is_of_the_user_of_the_live_session_in_any_order() {
    let (shop, mut browser) = paying(Builder::save_forms).await;
    let live = format!("phone-auth={}", browser.session().unwrap());
    let hours = |ago: u64| SystemTime::now() - Duration::from_secs(ago * 60 * 60);
    let expired = TestUser::new("+82 10-0000-0000").unwrap();
    let expired = expired.signed_in(hours(3), hours(2));
    let expired = expired.cookie(&shop.layer).unwrap();
    for cookies in [[&live, &expired], [&expired, &live]] {
        browser.cookies.remove("phone-auth");
        let cookies = format!("{}; {}", cookies[0], cookies[1]);
        let headers = [&FORM[..], &[("cookie", &cookies)]].concat();
        let kept = browser.submit_as(&headers, "/shop/pay", "sum=9").await;
        let page = sign_in(&mut browser, &kept, JIWOO).await;
        assert_eq!(form(&page).unwrap().1, "sum=9", "{}", text(&page));
    }
}
