//! A small application and its tests, which `cargo test --example tested` runs.
//!
//! `app` takes the layer as a parameter, so that `main` and the tests build the same application.
#![cfg_attr(test, allow(clippy::unwrap_used))]

use std::{error::Error, time::Duration};

use axum::{
    Router,
    routing::{get, post},
};
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, VerifiedUser};
use tower_phone_auth_local_provider::LocalProvider;

const ORIGIN: &str = "http://127.0.0.1:3000";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let local = LocalProvider::start().await?;
    let app = app(&layer(&local)?);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("open {ORIGIN}");
    Ok(axum::serve(listener, app).await?)
}

fn app(auth: &OAuthLayer) -> Router {
    let fresh = auth.require().max_age(Duration::from_secs(5 * 60));
    Router::new()
        .route("/pay", post(async || "paid"))
        .route_layer(fresh)
        .route("/", get(async |user: VerifiedUser| user.phone.to_string()))
        .layer(auth.clone())
}

/// The layer at the local provider. In production, the provider is `Kakao::new("key", "secret")`.
fn layer(local: &LocalProvider) -> Result<OAuthLayer, Box<dyn Error>> {
    local.configure(|settings| settings.kakao_oidc = true);
    let secret = local.client_secret().unwrap_or_default();
    let kakao = Kakao::new(local.client_id(), secret).endpoint_base(local.origin());
    let kakao = kakao.openid_connect(); // proves the time of a sign-in, for `max_age`
    Ok(OAuthLayer::new(kakao, ORIGIN, SessionKey::random())?)
}

#[cfg(test)]
mod tests {
    use axum::{
        body::{Body, to_bytes},
        http::{HeaderMap, Request, StatusCode, header},
    };
    use tower::ServiceExt;
    use tower_phone_auth::TestUser;
    use tower_phone_auth_local_provider::Person;

    use super::*;

    /// The application with its layer. The provider runs as long as the test.
    async fn start() -> (Router, OAuthLayer, LocalProvider) {
        let local = LocalProvider::start().await.unwrap();
        let auth = layer(&local).unwrap();
        (app(&auth), auth, local)
    }

    fn user() -> TestUser {
        TestUser::new("+82 10-1234-5678").unwrap()
    }

    /// The answer to a request with these cookies. It is one of a script, unless `mode` is
    /// `navigate`, as for a page.
    async fn call(app: &Router, request: &str, cookies: &str, mode: &str) -> Answer {
        let (method, path) = request.split_once(' ').unwrap();
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::COOKIE, cookies);
        let request = request.header("sec-fetch-mode", mode);
        let answer = app.clone().oneshot(request.body(Body::empty()).unwrap());
        let (head, body) = answer.await.unwrap().into_parts();
        let body = to_bytes(body, 64 * 1024).await.unwrap();
        Answer(
            head.status,
            head.headers,
            String::from_utf8(body.to_vec()).unwrap(),
        )
    }

    struct Answer(StatusCode, HeaderMap, String);

    impl Answer {
        fn header(&self, name: header::HeaderName) -> &str {
            self.1[name].to_str().unwrap()
        }

        /// The first cookie that it sets, without its attributes.
        fn cookie(&self) -> &str {
            let cookie = self.header(header::SET_COOKIE);
            cookie.split(';').next().unwrap()
        }
    }

    #[tokio::test]
    async fn the_layer_is_in_the_right_place() {
        let (app, auth, _local) = start().await;
        let pages = ["/", "/pay"];
        auth.check_placement(&app).pages(pages).await.unwrap();
    }

    #[tokio::test]
    async fn a_user_sees_the_own_number() {
        let (app, auth, _local) = start().await;
        let cookie = user().cookie(&auth).unwrap();
        let home = call(&app, "GET /", &cookie, "cors").await;
        assert_eq!(home.2, "+821012345678");
    }

    #[tokio::test]
    async fn without_a_user_a_page_leads_to_the_sign_in_and_a_script_gets_401() {
        let (app, _auth, local) = start().await;
        let page = call(&app, "GET /", "", "navigate").await;
        assert_eq!(page.0, StatusCode::SEE_OTHER);
        assert!(page.header(header::LOCATION).starts_with(&local.origin()));
        let script = call(&app, "GET /", "", "cors").await;
        assert_eq!(script.0, StatusCode::UNAUTHORIZED);
    }

    #[tokio::test]
    async fn only_a_fresh_user_pays() {
        let (app, auth, _local) = start().await;
        let cookie = user().cookie(&auth).unwrap();
        let refused = call(&app, "POST /pay", &cookie, "cors").await;
        assert_eq!(refused.0, StatusCode::UNAUTHORIZED);
        assert!(refused.2.contains("step_up"), "{}", refused.2);
        let cookie = user().fresh().cookie(&auth).unwrap();
        assert_eq!(call(&app, "POST /pay", &cookie, "cors").await.2, "paid");
    }

    #[tokio::test]
    async fn a_whole_sign_in_leads_back_to_the_page() {
        let (app, _auth, _local) = start().await;
        let page = call(&app, "GET /", "", "navigate").await;
        // At the provider, Jiwoo agrees to everything.
        let (address, query) = page.header(header::LOCATION).split_once('?').unwrap();
        let jiwoo = Person::WITH_PHONE;
        let form = format!("{query}&person={jiwoo}&phone_number=yes&decision=agree");
        let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let browser = browser.no_proxy().build().unwrap();
        let form = browser.post(address).body(form);
        let form = form.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let agreed = form.send().await.unwrap();
        // The browser comes back to the callback, with the cookie of its pending sign-in.
        let callback = agreed.headers()[header::LOCATION].to_str().unwrap();
        let callback = callback.replace(ORIGIN, "GET ");
        let back = call(&app, &callback, page.cookie(), "navigate").await;
        assert_eq!(back.header(header::LOCATION), "/");
        let home = call(&app, "GET /", back.cookie(), "navigate").await;
        assert_eq!(home.2, "+821012345678");
    }
}
