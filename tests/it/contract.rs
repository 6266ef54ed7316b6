//! The example as a process: its environment variables, its routes, and its messages about wrong
//! settings. `cargo test` builds the examples first.

use std::{
    env,
    path::PathBuf,
    process::{Output, Stdio},
    time::Duration,
};

use http::StatusCode;
use reqwest::{Client, Response, redirect::Policy};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpListener,
    process::{Child, Command},
    time::timeout,
};
use tower_phone_auth_local_provider::{LocalProvider, Settings};
use url::Url;

mod algorithms;
mod below_path;
mod doctor;
mod doctor_tls;
mod events;
mod local;
mod oidc;
mod openid_claims;
mod others;
#[cfg(target_os = "linux")]
mod outages;
mod phone_step;
mod recheck;
mod revocation_file;
mod warm_up;

const KEY: &str =
    "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/QA==";

fn example(settings: &[(&str, &str)]) -> Command {
    named_example("axum", settings)
}

fn named_example(name: &str, settings: &[(&str, &str)]) -> Command {
    let tests: PathBuf = env::current_exe().unwrap();
    let folder = tests.parent().unwrap().parent().unwrap();
    let mut command = Command::new(folder.join("examples").join(name));
    command
        .env_clear()
        .env("LISTEN_ADDR", "127.0.0.1:0")
        .envs(settings.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

struct Running {
    process: Child,
    address: String,
    client: Client,
}

impl Running {
    async fn start(settings: &[(&str, &str)]) -> Self {
        Self::of(example(settings)).await
    }

    async fn of(mut example: Command) -> Self {
        let mut process = example.spawn().unwrap();
        let mut line = String::new();
        let mut printed = BufReader::new(process.stdout.take().unwrap());
        printed.read_line(&mut line).await.unwrap();
        let address = line.trim().strip_prefix("open ").unwrap().to_owned();
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self {
            process,
            address,
            client,
        }
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = self.client.get(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

fn pair(response: &Response) -> String {
    header(response, "set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned()
}

async fn refused(settings: &[(&str, &str)]) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = timeout(Duration::from_secs(60), example(settings).output())
        .await
        .expect("the example serves instead of refusing; build it from this code")
        .unwrap();
    assert!(!status.success(), "{settings:?}");
    assert!(stdout.is_empty(), "{settings:?}");
    let message = String::from_utf8(stderr).unwrap();
    assert_eq!(message.lines().count(), 1, "{message}");
    message
}

/// Signs in on the provider's page. Returns the answer to the callback.
async fn come_back(app: &Running, provider: &str) -> Response {
    let away = app
        .get("/deep?q=%2F%ED%95%9C", &[("accept", "text/html")])
        .await;
    assert_eq!(away.status(), StatusCode::SEE_OTHER);
    let pending = pair(&away);
    let authorize = Url::parse(header(&away, "location")).unwrap();
    assert!(authorize.as_str().starts_with(provider));
    let form = format!(
        "{}&person=1376016924429759228&phone_number=yes&decision=agree",
        authorize.query().unwrap()
    );
    let mut page = authorize.clone();
    page.set_query(None);
    let answered = app
        .client
        .post(page)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    let answered = answered.send().await.unwrap();
    let callback = header(&answered, "location")
        .strip_prefix(&app.address)
        .unwrap()
        .to_owned();
    app.get(&callback, &[("cookie", &pending)]).await
}

/// Signs in. Returns the session cookie.
async fn sign_in(app: &Running, provider: &str) -> String {
    let back = come_back(app, provider).await;
    assert_eq!(header(&back, "location"), "/deep?q=%2F%ED%95%9C");
    assert_eq!(header(&back, "cache-control"), "no-store");
    pair(&back)
}

#[tokio::test]
async fn without_settings_the_example_signs_in_at_the_local_provider() {
    let app = Running::start(&[]).await;
    assert!(app.address.starts_with("http://127.0.0.1:"));
    let session = sign_in(&app, "http://127.0.0.1:").await;
    let me = app
        .get("/me", &[("cookie", &session)])
        .await
        .text()
        .await
        .unwrap();
    assert_eq!(
        me,
        r#"{"phone":"+821012345678","provider":"local","subject":"1376016924429759228","assurance":"asserted"}"#
    );
    let home = app.get("/", &[("cookie", &session)]).await;
    assert_eq!(header(&home, "content-type"), "text/html; charset=utf-8");
    assert!(home.text().await.unwrap().contains("+821012345678"));
}

#[tokio::test]
async fn the_page_of_the_example_is_in_the_language_of_the_user() {
    let app = Running::start(&[]).await;
    let session = sign_in(&app, "http://127.0.0.1:").await;
    for (language, tag, word) in [
        ("ko", "lang=\"ko\"", "모든 기기에서 로그아웃"),
        ("fr, en;q=0.5", "lang=\"en\"", "Sign out everywhere"),
    ] {
        let lines = [("cookie", session.as_str()), ("accept-language", language)];
        let page = app.get("/", &lines).await.text().await.unwrap();
        assert!(page.contains(tag) && page.contains(word), "{page}");
    }
}

#[tokio::test]
async fn requests_without_a_session_are_answered_as_documented() {
    let app = Running::start(&[]).await;
    assert_eq!(app.get("/healthz", &[]).await.status(), StatusCode::OK);
    assert_eq!(app.get("/readyz", &[]).await.status(), StatusCode::OK);
    let script = app.get("/me", &[("accept", "application/json")]).await;
    assert_eq!(script.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(header(&script, "content-type"), "application/problem+json");
    let navigation = app.get("/me", &[("sec-fetch-mode", "navigate")]).await;
    assert_eq!(navigation.status(), StatusCode::SEE_OTHER);
    assert_eq!(header(&navigation, "cache-control"), "no-store");
    let post = app
        .client
        .post(&app.address)
        .header("accept", "text/html")
        .send()
        .await
        .unwrap();
    assert_eq!(post.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_payment_page_opens_only_for_a_password_that_was_just_typed() {
    let app = Running::start(&[]).await;
    let session = sign_in(&app, "http://127.0.0.1:").await;
    let pay = app.get("/pay", &[("cookie", &session)]).await;
    assert_eq!(pay.status(), StatusCode::OK);
    let stranger = app.get("/pay", &[]).await;
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_payment_page_is_closed_at_a_provider_without_proof() {
    let provider = LocalProvider::start().await.unwrap();
    for (name, id) in [("kakao", "KAKAO"), ("naver", "NAVER"), ("google", "GOOGLE")] {
        let (client, secret) = (format!("{id}_CLIENT_ID"), format!("{id}_CLIENT_SECRET"));
        let app = Running::start(&[
            ("OAUTH_PROVIDER", name),
            (&client, &provider.client_id()),
            (&secret, &provider.client_secret().unwrap()),
            ("OAUTH_ENDPOINT_BASE", &provider.origin()),
            ("SESSION_KEY", KEY),
        ])
        .await;
        let session = sign_in(&app, &provider.origin()).await;
        let pay = app.get("/pay", &[("cookie", &session)]).await;
        assert_eq!(pay.status(), StatusCode::FORBIDDEN, "{name}");
        assert_eq!(header(&pay, "content-type"), "application/problem+json");
    }
}

#[tokio::test]
async fn kakao_with_special_characters_in_credentials_signs_in_at_the_endpoint_base() {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| {
        settings.client_id = "key&with=odd+chars %".to_owned();
        settings.client_secret = Some(Settings::AWKWARD_SECRET.to_owned());
    });
    let app = Running::start(&[
        ("OAUTH_PROVIDER", "kakao"),
        ("OAUTH_CLIENT_ID", "overridden"),
        ("KAKAO_CLIENT_ID", "key&with=odd+chars %"),
        ("OAUTH_CLIENT_SECRET", Settings::AWKWARD_SECRET),
        ("OAUTH_ENDPOINT_BASE", &provider.origin()),
        ("SESSION_KEY", KEY),
    ])
    .await;
    let session = sign_in(&app, &provider.origin()).await;
    let me = app
        .get("/me", &[("cookie", &session)])
        .await
        .text()
        .await
        .unwrap();
    assert!(me.contains(r#""provider":"kakao""#), "{me}");
}

#[tokio::test]
async fn a_user_may_post_to_me_and_another_site_may_not() {
    let app = Running::start(&[]).await;
    let session = sign_in(&app, "http://127.0.0.1:").await;
    let post = async |lines: &[(&str, &str)]| {
        let request = app.client.post(format!("{}/me", app.address));
        let request = lines.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let cookie = ("cookie", session.as_str());
    let here = ("origin", app.address.as_str());
    for lines in [
        &[cookie][..],
        &[cookie, here],
        &[cookie, ("sec-fetch-site", "same-origin")],
    ] {
        assert_eq!(post(lines).await, (204, String::new()), "{lines:?}");
    }
    for line in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let (status, problem) = post(&[cookie, line]).await;
        assert_eq!(status, 403, "{line:?}");
        assert!(problem.contains(r#""reason":"cross_site""#), "{problem}");
    }
    assert_eq!(post(&[here]).await.0, 401);
}

#[tokio::test]
async fn an_icon_needs_no_sign_in_and_a_page_with_a_user_is_not_stored() {
    let app = Running::start(&[]).await;
    let icon = app
        .get("/favicon.ico", &[("sec-fetch-dest", "image")])
        .await;
    assert!([200, 204, 404].contains(&icon.status().as_u16()));
    let session = sign_in(&app, "http://127.0.0.1:").await;
    for path in ["/", "/me"] {
        let page = app.get(path, &[("cookie", &session)]).await;
        assert_eq!(header(&page, "cache-control"), "no-store", "{path}");
    }
    let image = [("cookie", session.as_str()), ("sec-fetch-dest", "image")];
    let page = app.get("/me", &image).await;
    assert_eq!(header(&page, "cache-control"), "private, no-cache");
}

#[tokio::test]
async fn every_provider_of_the_contract_signs_in() {
    for name in ["kakao", "naver", "google", "oidc"] {
        let provider = LocalProvider::start().await.unwrap();
        let app = Running::start(&[
            ("OAUTH_PROVIDER", name),
            ("OAUTH_CLIENT_ID", &provider.client_id()),
            ("OAUTH_CLIENT_SECRET", &provider.client_secret().unwrap()),
            ("OAUTH_ENDPOINT_BASE", &provider.origin()),
            ("OIDC_ISSUER", &provider.oidc_issuer()),
            ("SESSION_KEY", KEY),
        ])
        .await;
        let session = sign_in(&app, &provider.origin()).await;
        let me = app
            .get("/me", &[("cookie", &session)])
            .await
            .text()
            .await
            .unwrap();
        let start = format!(r#"{{"phone":"+821012345678","provider":"{name}","subject":""#);
        assert!(me.starts_with(&start), "{me}");
        let assurance = match name {
            "google" | "oidc" => "verified",
            _ => "asserted",
        };
        assert!(
            me.ends_with(&format!(r#","assurance":"{assurance}"}}"#)),
            "{me}"
        );
    }
}

#[tokio::test]
async fn the_phone_policy_decides_which_users_are_signed_in() {
    let provider = LocalProvider::start().await.unwrap();
    for (policy, status) in [("verified", 403), ("asserted", 303), ("unverified", 303)] {
        let app = Running::start(&[
            ("OAUTH_PROVIDER", "kakao"),
            ("OAUTH_CLIENT_ID", &provider.client_id()),
            ("OAUTH_CLIENT_SECRET", &provider.client_secret().unwrap()),
            ("OAUTH_ENDPOINT_BASE", &provider.origin()),
            ("SESSION_KEY", KEY),
            ("PHONE_POLICY", policy),
        ])
        .await;
        assert_eq!(
            come_back(&app, &provider.origin()).await.status(),
            status,
            "{policy}"
        );
    }
}

#[tokio::test]
async fn a_comma_list_of_providers_shows_a_page_of_choices() {
    let app = Running::start(&[
        ("OAUTH_PROVIDER", "kakao, local"),
        ("OAUTH_CLIENT_ID", "key"),
        ("SESSION_KEY", KEY),
    ])
    .await;
    let away = app.get("/", &[("accept", "text/html")]).await;
    assert_eq!(header(&away, "location"), "/auth/login");
    let choice = app.get("/auth/login", &[]).await.text().await.unwrap();
    assert!(choice.contains("/auth/login?provider=kakao"), "{choice}");
    assert!(choice.contains("/auth/login?provider=local"), "{choice}");
}

#[tokio::test]
async fn an_https_public_url_gives_secure_host_cookies() {
    let free = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let app = Running::start(&[
        ("OAUTH_PROVIDER", "kakao"),
        ("OAUTH_CLIENT_ID", "key"),
        ("SESSION_KEY", KEY),
        ("PUBLIC_URL", "https://shop.example.com"),
        ("LISTEN_ADDR", &free),
    ])
    .await;
    assert_eq!(app.address, "https://shop.example.com");
    let here = app
        .client
        .get(format!("http://{free}/"))
        .header("accept", "text/html");
    let away = here.send().await.unwrap();
    let cookie = header(&away, "set-cookie");
    assert!(
        cookie.starts_with("__Host-") && cookie.contains("; Secure;"),
        "{cookie}"
    );
    let redirect = "redirect_uri=https%3A%2F%2Fshop.example.com%2Fauth%2Fcallback%2Fkakao";
    assert!(header(&away, "location").contains(redirect));
}

#[tokio::test]
async fn a_wrong_setting_stops_the_start_with_one_line_that_names_the_variable() {
    let kakao = ("OAUTH_PROVIDER", "kakao");
    let id = ("OAUTH_CLIENT_ID", "key");
    let key = ("SESSION_KEY", KEY);
    for (settings, part) in [
        (
            &[kakao, key][..],
            "OAUTH_CLIENT_ID: is not set; give the client id",
        ),
        (&[kakao, id], "SESSION_KEY: is not set"),
        (
            &[kakao, id, ("SESSION_KEY", "c2hvcnQ=")],
            "SESSION_KEY: a key has 5 bytes",
        ),
        (&[("PUBLIC_URL", "http://shop.example.com")], "PUBLIC_URL: "),
        (
            &[("PUBLIC_URL", "http://127.0.0.1:3000/app?x=1")],
            "PUBLIC_URL: ",
        ),
        (
            &[("PUBLIC_URL", "https://shop.example.com")],
            "OAUTH_PROVIDER: \"local\" lets anyone sign in",
        ),
        (
            &[
                ("PUBLIC_URL", "https://shop.example.com"),
                ("OAUTH_PROVIDER", "kakao,local"),
                ("ALLOW_TEST_ENDPOINTS", "1"),
                id,
                key,
            ],
            "OAUTH_PROVIDER: \"local\" lets anyone sign in",
        ),
        (
            &[
                ("OAUTH_PROVIDER", "kakao,local"),
                ("OAUTH_ENDPOINT_BASE", "https://evil.example"),
                id,
                key,
            ],
            "OAUTH_ENDPOINT_BASE: ",
        ),
        (
            &[("OAUTH_PROVIDER", "facebook")],
            "OAUTH_PROVIDER: \"facebook\" is not known",
        ),
        (&[("OAUTH_PROVIDER", "local,local")], "OAUTH_PROVIDER: "),
        (&[("OAUTH_PROVIDER", "local,")], "OAUTH_PROVIDER: "),
        (
            &[("PHONE_POLICY", "strict")],
            "PHONE_POLICY: \"strict\" is not known",
        ),
        (
            &[("PHONE_POLICY", "confirmed"), ("PHONE_STEP", "off")],
            "PHONE_POLICY: \"confirmed\" needs a phone step",
        ),
        (&[("PHONE_POLICY", "identified")], "PHONE_POLICY: "),
        (&[("PHONE_POLICY", "Asserted")], "PHONE_POLICY: "),
        (
            &[("LISTEN_ADDR", "nowhere")],
            "LISTEN_ADDR: cannot listen on",
        ),
        (
            &[
                kakao,
                id,
                key,
                ("OAUTH_ENDPOINT_BASE", "https://evil.example"),
            ],
            "OAUTH_ENDPOINT_BASE: ",
        ),
    ] {
        let message = refused(settings).await;
        assert!(
            message.starts_with("error: ") && message.contains(part),
            "{settings:?}: {message}"
        );
    }
}

#[tokio::test]
async fn a_credential_that_ends_in_white_space_is_refused_with_its_variable() {
    for provider in ["kakao", "naver", "google", "oidc"] {
        let own = provider.to_uppercase();
        let own = [format!("{own}_CLIENT_ID"), format!("{own}_CLIENT_SECRET")];
        let shared = ["OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET"].map(str::to_owned);
        for wrong in shared.iter().chain(&own) {
            for blank in ["\n", "\r\n", " "] {
                let value = format!("s3cret-word{blank}");
                let message = refused(&[
                    ("OAUTH_PROVIDER", provider),
                    ("OAUTH_CLIENT_ID", "id"),
                    ("OAUTH_CLIENT_SECRET", "secret"),
                    ("OIDC_ISSUER", "https://id.example.com"),
                    ("SESSION_KEY", KEY),
                    (wrong, &value),
                ])
                .await;
                assert!(
                    message.starts_with(&format!("error: {wrong}: ")),
                    "{message}"
                );
                assert!(message.contains("ends in white space"), "{message}");
                assert!(
                    message.contains("printf") && !message.contains("s3cret"),
                    "{message}"
                );
            }
        }
    }
}

#[tokio::test]
async fn test_endpoints_with_a_public_address_are_refused_at_start() {
    let secret = [
        ("PUBLIC_URL", "https://shop.example.com"),
        ("SESSION_KEY", KEY),
        ("OAUTH_CLIENT_ID", "id"),
        ("OAUTH_CLIENT_SECRET", "secret"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&secret[..], more].concat();
    let base = ("OAUTH_ENDPOINT_BASE", "http://127.0.0.1:9000");
    for provider in ["kakao", "naver", "google"] {
        let message = refused(&with(&[("OAUTH_PROVIDER", provider), base])).await;
        assert!(message.contains("OAUTH_ENDPOINT_BASE"), "{message}");
        assert!(message.contains("ALLOW_TEST_ENDPOINTS=1"), "{message}");
    }
    let issuer = ("OIDC_ISSUER", "http://localhost:9000");
    let oidc = [("OAUTH_PROVIDER", "oidc"), issuer];
    let message = refused(&with(&oidc)).await;
    assert!(message.contains("OIDC_ISSUER"), "{message}");
    assert!(message.contains("ALLOW_TEST_ENDPOINTS=1"), "{message}");

    let message = refused(&[("ALLOW_TEST_ENDPOINTS", "yes")]).await;
    assert!(message.contains("ALLOW_TEST_ENDPOINTS"), "{message}");
    let allowed = ("ALLOW_TEST_ENDPOINTS", "1");
    Running::start(&with(&[oidc[0], oidc[1], allowed])).await;
    Running::start(&with(&[("OAUTH_PROVIDER", "kakao"), base, allowed])).await;
}
