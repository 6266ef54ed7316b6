//! A provider that the crate does not know: PAYCO, with OAuth 2.0 and a non-standard profile. Run
//! `PAYCO_CLIENT_ID=… PAYCO_CLIENT_SECRET=… cargo run --example payco`.

use std::{env, error::Error};

use axum::{Router, routing::get};
use bytes::Bytes;
use http::{Request, StatusCode};
use tower_phone_auth::{
    CustomProvider, OAuthLayer, SessionKey, Text, VerifiedUser,
    error::LoginErrorKind,
    phone::PhoneAssurance,
    provider::{Profile, ReadProfile},
};

const AUTHORIZE: &str =
    "https://id.payco.com/oauth2.0/authorize?serviceProviderCode=FRIENDS&userLocale=ko_KR";
const TOKEN: &str = "https://id.payco.com/oauth2.0/token";
const PROFILE: &str = "https://apis-payco.krp.toastoven.net/payco/friends/find_member_v2.json";

/// Holds the client id, which the profile request sends in a header.
struct Payco(String);

impl ReadProfile for Payco {
    fn request(&self, access_token: &str) -> http::Result<Request<Bytes>> {
        let request = Request::post(PROFILE).header("content-type", "application/json");
        let request = request.header("client_id", &self.0);
        request
            .header("access_token", access_token)
            .body(Bytes::new())
    }

    /// PAYCO reports failures with status 200 and `header.isSuccessful: false`.
    fn read(&self, _: StatusCode, body: &[u8]) -> Result<Profile, LoginErrorKind> {
        let answer: serde_json::Value =
            serde_json::from_slice(body).map_err(|_| LoginErrorKind::ProviderUnavailable)?;
        if answer["header"]["isSuccessful"] != true {
            return Err(LoginErrorKind::ProviderRefused);
        }
        let member = &answer["data"]["member"];
        let id = member["idNo"]
            .as_str()
            .ok_or(LoginErrorKind::InvalidAnswer)?;
        let mobile = member["mobile"]
            .as_str()
            .ok_or(LoginErrorKind::PhoneNotConfigured)?;
        Ok(Profile::new(id, mobile, PhoneAssurance::Asserted).phone_region("KR"))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (id, secret) = (
        env::var("PAYCO_CLIENT_ID")?,
        env::var("PAYCO_CLIENT_SECRET")?,
    );
    let payco = CustomProvider::new("payco", &id, secret, Payco(id.clone()))
        .endpoints(AUTHORIZE, TOKEN)
        .titled(Text::en("Sign in with PAYCO").ko("페이코로 로그인"));
    let auth = OAuthLayer::new(payco, "http://127.0.0.1:3000", SessionKey::random())?;
    if let Err(error) = auth.warm_up().await {
        eprintln!("not ready yet: {error}");
    }
    let home = get(|user: VerifiedUser| async move { user.phone.to_string() });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, Router::new().route("/", home).layer(auth)).await?)
}
