//! A repeated callback after a refusal gets the same cause, reference and place.

use http::StatusCode;
use tower_phone_auth::{Text, error::LoginErrorKind, hooks::Denied};
use tower_phone_auth_local_provider::{Endpoint, Person, faults::Fault};

use crate::support::{
    browser::{Act, JIWOO, Page, text},
    outcome::error,
    shop::Shop,
};

fn assert_same(one: &Page, two: &Page) {
    assert_eq!(one.status(), two.status());
    assert_eq!(text(one), text(two));
    let (one, two) = (error(one), error(two));
    assert_eq!((one.kind(), one.code()), (two.kind(), two.code()));
    assert_eq!(one.reference(), two.reference());
}

/// Loads a refused callback again, with the cookies of its answer and with those of before.
async fn assert_same_refusal_again(shop: &Shop, act: Act, kind: LoginErrorKind) {
    let mut browser = shop.browser();
    let away = browser.visit("/cart?item=7").await;
    let callback = browser.act(&away, act).await;
    let mut copy = shop.browser();
    copy.cookies = browser.cookies.clone();
    let page = browser.visit(&callback).await;
    let calls = shop.provider.count(Endpoint::Token);
    assert_eq!(error(&page).kind(), kind);
    assert!(text(&page).contains("return_to=%2Fcart%3Fitem%3D7"));
    for again in [
        browser.visit(&callback).await,
        browser.visit(&callback).await,
        copy.visit(&callback).await,
    ] {
        assert_same(&page, &again);
    }
    assert_eq!(shop.provider.count(Endpoint::Token), calls);
    assert_eq!((browser.session(), copy.session()), (None, None));
}

#[tokio::test]
async fn a_cancelled_sign_in_is_cancelled_when_it_is_loaded_again() {
    let shop = Shop::open().await;
    assert_same_refusal_again(&shop, Act::Cancel, LoginErrorKind::Cancelled).await;
}

#[tokio::test]
async fn a_fault_of_the_provider_is_the_same_when_it_is_loaded_again() {
    let shop = Shop::open().await;
    let fault = Fault::koe(StatusCode::UNAUTHORIZED, "KOE010", "invalid_client", "bad");
    shop.provider.fail_next(Endpoint::Token, fault);
    assert_same_refusal_again(&shop, JIWOO, LoginErrorKind::Misconfigured).await;
}

#[tokio::test]
async fn an_account_without_a_number_is_refused_again_when_it_is_loaded_again() {
    let shop = Shop::open().await;
    let act = Act::Agree(Person::WITHOUT_PHONE);
    assert_same_refusal_again(&shop, act, LoginErrorKind::PhoneNotOnAccount).await;
}

#[tokio::test]
async fn the_applications_own_refusal_is_the_same_when_it_is_loaded_again() {
    let denied = || async {
        Err::<(), _>(Denied::new(Text::en("Members only.").ko("회원만 이용할 수 있습니다.")).into())
    };
    let shop = Shop::with(
        |kakao| kakao,
        |builder| builder.on_sign_in(move |_| denied()),
    )
    .await;
    assert_same_refusal_again(&shop, JIWOO, LoginErrorKind::Denied).await;
}

#[tokio::test]
async fn a_withheld_number_leads_to_the_same_second_request() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, Act::Untick(Person::WITH_PHONE)).await;
    let mut copy = shop.browser();
    copy.cookies = browser.cookies.clone();
    let (one, two) = (browser.visit(&callback).await, copy.visit(&callback).await);
    assert_eq!(one.headers()["location"], two.headers()["location"]);
    let callback = copy.act(&two, JIWOO).await;
    assert_eq!(copy.visit(&callback).await.headers()["location"], "/cart");
}
