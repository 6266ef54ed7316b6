//! A custom provider, whose profile a `ReadProfile` reads. The tests use the local provider for it.

use bytes::Bytes;
use http::{Request, StatusCode};
use tower_phone_auth::{
    CustomProvider,
    error::LoginErrorKind,
    phone::PhoneAssurance,
    provider::{Profile, ProfileRequest},
};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Person};

use crate::support::{
    browser::{Act, JIWOO, parameter, refusal, text},
    shop::Shop,
};

mod context;
mod limits;
mod payco;
mod server;
mod vk_id;

struct Club {
    origin: String,
}

impl ProfileRequest for Club {
    fn request(&self, access_token: &str) -> http::Result<Request<Bytes>> {
        Request::get(format!("{}/v2/user/me", self.origin))
            .header("authorization", format!("Bearer {access_token}"))
            .body(Bytes::new())
    }

    fn read(&self, status: StatusCode, body: &[u8]) -> Result<Profile, LoginErrorKind> {
        if status != StatusCode::OK {
            return Err(LoginErrorKind::ProviderBusy);
        }
        let me: serde_json::Value =
            serde_json::from_slice(body).map_err(|_| LoginErrorKind::InvalidAnswer)?;
        let phone = me["kakao_account"]["phone_number"].as_str();
        let phone = phone.ok_or(LoginErrorKind::PhoneNotShared)?;
        let id = me["id"].to_string();
        Ok(Profile::new(id, phone, PhoneAssurance::Asserted))
    }
}

/// A client of the custom provider, for tests that need no answer of it.
pub(crate) fn club() -> CustomProvider {
    let origin = "http://127.0.0.1:9".to_owned();
    let (page, token) = (format!("{origin}/authorize"), format!("{origin}/token"));
    CustomProvider::new("club", "id", "secret", Club { origin }).endpoints(page, token)
}

async fn shop() -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let origin = provider.origin();
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    let club = CustomProvider::new(
        "club",
        id,
        secret,
        Club {
            origin: origin.clone(),
        },
    )
    .endpoints(
        format!("{origin}/oauth/authorize?lang=ko"),
        format!("{origin}/oauth/token"),
    )
    .ask_again_with("scope", "phone_number");
    Shop::at(provider, club, |builder| builder)
}

#[tokio::test]
async fn a_custom_provider_signs_in() {
    let shop = shop().await;
    let page = shop.browser().sign_in("/orders", JIWOO).await;
    assert_eq!(text(&page), "+821012345678");
}

#[tokio::test]
async fn the_query_of_the_authorization_endpoint_is_kept() {
    let shop = shop().await;
    let away = shop.browser().visit("/").await;
    assert_eq!(parameter(&away, "lang").as_deref(), Some("ko"));
}

#[tokio::test]
async fn an_unshared_phone_number_is_requested_again_with_the_set_parameter() {
    let shop = shop().await;
    let mut browser = shop.browser();
    let untick = Act::Untick(Person::WITH_PHONE);
    let again = browser.come_back("/", untick).await;
    assert_eq!(parameter(&again, "scope").as_deref(), Some("phone_number"));
    let callback = browser.act(&again, untick).await;
    let refused = browser.visit(&callback).await;
    assert_eq!(refusal(&refused), Some(LoginErrorKind::PhoneNotShared));
}

#[tokio::test]
async fn the_error_of_the_profile_reader_decides_the_page() {
    let shop = shop().await;
    let fault = tower_phone_auth_local_provider::faults::Fault::api(StatusCode::BAD_REQUEST, -10);
    shop.provider.fail_next(Endpoint::Profile, fault);
    let refused = shop.browser().come_back("/", JIWOO).await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
}
