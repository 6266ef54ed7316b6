//! PAYCO Login: <https://developers.payco.com/guide/development/apply>.

use bytes::Bytes;
use http::{Request, StatusCode, header::CONTENT_TYPE};
use serde_json::Value;
use tower_phone_auth::{
    CustomProvider, Text,
    error::LoginErrorKind,
    phone::PhoneAssurance,
    provider::{Profile, ProfileRequest},
};

/// The authorization server.
const LOGIN: &str = "https://id.payco.com";
/// The API of profiles.
const API: &str = "https://apis-payco.krp.toastoven.net";

/// PAYCO with one request for the profile, so the short form of a reader is enough.
struct Payco {
    client_id: String,
    profile: String,
}

/// PAYCO for an application with this id and secret.
pub(crate) fn payco(client_id: &str, client_secret: &str) -> CustomProvider {
    at(LOGIN, API, client_id, client_secret)
}

/// The same at other hosts, for tests.
pub(crate) fn at(login: &str, api: &str, client_id: &str, client_secret: &str) -> CustomProvider {
    let reader = Payco {
        client_id: client_id.to_owned(),
        profile: format!("{api}/payco/friends/find_member_v2.json"),
    };
    let page = "/oauth2.0/authorize?serviceProviderCode=FRIENDS&userLocale=ko_KR";
    CustomProvider::new("payco", client_id, client_secret, reader)
        .endpoints(format!("{login}{page}"), format!("{login}/oauth2.0/token"))
        .titled(Text::en("Sign in with PAYCO").ko("페이코로 로그인"))
}

impl ProfileRequest for Payco {
    /// The client id and the token stand in headers of their own, and not in `Authorization`.
    fn request(&self, access_token: &str) -> http::Result<Request<Bytes>> {
        Request::post(&self.profile)
            .header(CONTENT_TYPE, "application/json")
            .header("client_id", &self.client_id)
            .header("access_token", access_token)
            .body(Bytes::new())
    }

    /// A failure has the status 200, and `header.isSuccessful: false` with a `resultCode`.
    fn read(&self, status: StatusCode, body: &[u8]) -> Result<Profile, LoginErrorKind> {
        let answer: Value = serde_json::from_slice(body).unwrap_or_default();
        if status.is_server_error() || !answer["header"].is_object() {
            return Err(LoginErrorKind::ProviderUnavailable);
        }
        if answer["header"]["isSuccessful"] != true {
            return Err(LoginErrorKind::ProviderRefused);
        }
        let member = &answer["data"]["member"];
        let id = member["idNo"].as_str();
        let id = id.filter(|id| !id.is_empty());
        let id = id.ok_or(LoginErrorKind::InvalidAnswer)?;
        // The console decides which members an application gets.
        let profile = match member["mobile"].as_str() {
            Some(mobile) => Profile::new(id, mobile, PhoneAssurance::Asserted).phone_region("KR"),
            None => Profile::without_phone(id, LoginErrorKind::PhoneNotConfigured),
        };
        Ok(match member["name"].as_str() {
            Some(name) => profile.name(name),
            None => profile,
        })
    }
}
