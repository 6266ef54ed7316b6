//! Providers that have a parameter for the choice of another account, and the links of the page.

use tower_phone_auth::{Google, Naver, Text, error::LoginErrorKind, hooks::Denied};
use tower_phone_auth_local_provider::{LocalProvider, Person};

use super::{ANOTHER, link};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Act, JIWOO, location, parameter, refusal, text},
    shop::Shop,
};

async fn provider() -> LocalProvider {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| settings.auto_sign_in = true);
    provider
}

/// Kakao, Naver and Google.
async fn shops() -> Vec<(Shop, &'static str, &'static str)> {
    let kakao = provider().await;
    let client = kakao.kakao();
    let kakao = Shop::at(kakao, client, |builder| builder);
    let naver = provider().await;
    let (id, secret) = (naver.client_id(), naver.client_secret().unwrap());
    let client = Naver::new(id, &*secret).endpoint_base(naver.origin());
    let naver = Shop::at(naver, client, |builder| builder);
    let google = provider().await;
    let (id, secret) = (google.client_id(), google.client_secret().unwrap());
    let client = Google::new(id, &*secret).endpoint_base(google.origin());
    let google = Shop::at(google, client, |builder| builder);
    vec![
        (kakao, "prompt", "select_account"),
        (naver, "auth_type", "reauthenticate"),
        (google, "prompt", "select_account"),
    ]
}

#[tokio::test]
async fn each_provider_gets_its_own_parameter_and_the_page_is_returned_to() {
    for (shop, name, value) in shops().await {
        let mut browser = shop.browser();
        let act = Act::Agree(Person::WITHOUT_PHONE);
        let mut page = browser.come_back("/cart?item=7", act).await;
        if refusal(&page).is_none() {
            let callback = browser.act(&page, act).await;
            page = browser.visit(&callback).await;
        }
        let again = browser.visit(&link(&page, "Try again").unwrap()).await;
        assert_eq!(parameter(&again, name), None, "{value}");
        let away = browser.visit(&link(&page, ANOTHER).unwrap()).await;
        assert_eq!(parameter(&away, name).as_deref(), Some(value));
        let callback = browser.act(&away, JIWOO).await;
        assert_eq!(location(&browser.visit(&callback).await), "/cart?item=7");
    }
}

#[tokio::test]
async fn a_refusal_that_concerns_no_account_has_no_such_link() {
    for (shop, _, _) in shops().await {
        let page = shop.browser().come_back("/cart", Act::Cancel).await;
        assert!(refusal(&page).is_some_and(|kind| !kind.concerns_account()));
        assert_eq!(link(&page, ANOTHER), None);
        assert!(link(&page, "Sign in again").is_some());
        assert!(link(&page, "Go to the start page").is_some());
    }
}

/// A start page that needs a sign-in leads to the same refusal, because the provider signs the same
/// account in again.
#[tokio::test]
async fn no_link_of_the_refusal_page_leads_back_to_the_refusal() {
    let shop = Shop::open().await;
    let act = Act::Agree(Person::WITHOUT_PHONE);
    let page = shop.browser().come_back("/cart", act).await;
    assert_eq!(link(&page, "Go to the start page"), None);
    let provider = provider().await;
    let client = provider.kakao();
    let shop = Shop::at(provider, client, |builder| builder.public(["/"]));
    let page = shop.browser().come_back("/cart", act).await;
    assert_eq!(link(&page, "Go to the start page").as_deref(), Some("/"));
}

#[tokio::test]
async fn an_account_that_the_application_refuses_is_offered_another_one_first() {
    let denied = || async {
        Err::<(), _>(Denied::new(Text::en("Members only.").ko("회원만 이용할 수 있습니다.")).into())
    };
    let provider = provider().await;
    let client = provider.kakao();
    let shop = Shop::at(provider, client, |builder| {
        builder.on_sign_in(move |_| denied())
    });
    let page = shop.browser().come_back("/cart", JIWOO).await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::Denied));
    let page = text(&page);
    let first = page.split_once("class=\"act\"").unwrap().1;
    assert!(first.split("</a>").next().unwrap().ends_with(ANOTHER));
}

#[tokio::test]
async fn with_several_providers_the_page_offers_the_other_providers() {
    let provider = provider().await;
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    let naver = Naver::new(id, &*secret).endpoint_base(provider.origin());
    let client = provider.kakao();
    let shop = Shop::at(provider, client, |builder| builder.provider(naver));
    let mut browser = shop.browser();
    browser
        .headers
        .insert("accept-language", "ko".parse().unwrap());
    let act = Act::Agree(Person::WITHOUT_PHONE);
    let page = browser
        .come_back("/auth/login?provider=kakao&return_to=%2Fcart", act)
        .await;
    let choice = link(&page, "다른 방법으로 로그인");
    assert_eq!(choice.as_deref(), Some("/auth/login?return_to=%2Fcart"));
    assert!(link(&page, "다시 시도").is_some());
    assert!(link(&page, "다른 계정으로 로그인").is_some());
    assert!(text(&browser.visit(&choice.unwrap()).await).contains("provider=naver"));
}
