//! Checks with each provider that supports requests without a page.

use tower_phone_auth::{
    Builder, CustomProvider,
    error::LoginErrorKind,
    phone::PhoneAssurance,
    provider::{Profile, ProfileRequest, Provider},
};
use tower_phone_auth_local_provider::{LocalProvider, Person};

use super::{AFTER, SECOND, World, assert_without_page, keeps_time};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{JIWOO, location, parameter},
    shop::Shop,
};

fn checking(builder: Builder) -> Builder {
    builder.recheck_after(AFTER)
}

#[tokio::test]
async fn google_is_asked_about_the_subject() {
    let provider = LocalProvider::start().await.unwrap();
    let google = provider.google();
    let shop = Shop::at(provider, google, checking);
    keeps_time(&shop.provider, &shop.time);
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(AFTER + SECOND);
    let away = browser.visit("/cart").await;
    assert_without_page(&away);
    // The local provider's Google puts a digit before the person's number to make its subjects
    // unique.
    let hint = parameter(&away, "login_hint").unwrap();
    assert!(hint.ends_with(&Person::WITH_PHONE.to_string()), "{hint}");
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
    assert_eq!(browser.visit("/cart").await.status(), 200);
}

#[tokio::test]
async fn an_openid_provider_is_asked_about_the_email_address_that_it_gave() {
    for (scope, hint) in [("email", Some("jiwoo@example.com")), ("profile", None)] {
        let mut world = World::with(|oidc| oidc.scope(scope), |builder| builder).await;
        world.make_due();
        let away = world.starts_check("/cart").await;
        let sent = parameter(&away, "login_hint");
        assert_eq!(sent.is_some(), hint.is_some(), "{sent:?}");
        assert_eq!(location(&world.returns(&away).await), "/cart");
    }
}

#[tokio::test]
async fn kakao_with_openid_connect_is_asked_without_a_page() {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| settings.kakao_oidc = true);
    let kakao = provider.kakao().openid_connect();
    let shop = Shop::at(provider, kakao, checking);
    keeps_time(&shop.provider, &shop.time);
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    for _ in 0..2 {
        shop.time.pass(AFTER + SECOND);
        let away = browser.visit("/cart").await;
        assert_without_page(&away);
        let callback = browser.act(&away, JIWOO).await;
        assert_eq!(location(&browser.visit(&callback).await), "/cart");
        assert_eq!(browser.visit("/cart").await.status(), 200);
    }
    shop.provider.unlink(Person::WITH_PHONE);
    shop.time.pass(AFTER + SECOND);
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, JIWOO).await;
    let again = browser.visit(&callback).await;
    assert_eq!(parameter(&again, "prompt"), None);
    assert_eq!(browser.session(), None);
}

struct Club {
    origin: String,
}

impl ProfileRequest for Club {
    fn request(&self, token: &str) -> http::Result<http::Request<bytes::Bytes>> {
        http::Request::get(format!("{}/v2/user/me", self.origin))
            .header("authorization", format!("Bearer {token}"))
            .body(bytes::Bytes::new())
    }

    fn read(&self, _: http::StatusCode, body: &[u8]) -> Result<Profile, LoginErrorKind> {
        let me: serde_json::Value = serde_json::from_slice(body).unwrap();
        let number = me["kakao_account"]["phone_number"].as_str().unwrap();
        let subject = me["id"].to_string();
        Ok(Profile::new(subject, number, PhoneAssurance::Verified))
    }
}

#[tokio::test]
async fn a_provider_of_the_applications_own_is_asked_with_its_own_parameter() {
    let provider = LocalProvider::start().await.unwrap();
    let origin = provider.origin();
    let secret = provider.client_secret().unwrap();
    let club = Club {
        origin: origin.clone(),
    };
    let custom: Provider = CustomProvider::new("club", provider.client_id(), secret, club)
        .endpoints(
            format!("{origin}/oauth/authorize"),
            format!("{origin}/oauth/token"),
        )
        .recheck_with("prompt", "none")
        .into();
    let shop = Shop::at(provider, custom, checking);
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(AFTER + SECOND);
    let away = browser.visit("/cart").await;
    assert_without_page(&away);
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
}
