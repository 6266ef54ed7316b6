//! `PHONE_STEP` and the variables beside it.

use std::{collections::BTreeMap, time::Duration};

use http::StatusCode;
use reqwest::Response;
use tokio::time::timeout;
use tower_phone_auth_local_provider::Person;
use url::Url;

use super::{KEY, Running, example, header, refused};

/// The cookies of one browser.
#[derive(Default)]
struct Jar(BTreeMap<String, String>);

impl Jar {
    fn keep(&mut self, response: &Response) {
        for line in response.headers().get_all("set-cookie") {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.0.insert(name.to_owned(), value.to_owned());
        }
    }

    fn header(&self) -> String {
        let held = self.0.iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<_> = held
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    async fn get(&mut self, app: &Running, path: &str) -> Response {
        let cookies = self.header();
        let headers = [("accept", "text/html"), ("cookie", cookies.as_str())];
        let response = app.get(path, &headers).await;
        self.keep(&response);
        response
    }

    async fn post(&mut self, app: &Running, path: &str, body: &str) -> Response {
        let request = app.client.post(format!("{}{path}", app.address));
        let request = request
            .header("cookie", self.header())
            .header("origin", &app.address)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.to_owned());
        let response = request.send().await.unwrap();
        self.keep(&response);
        response
    }
}

/// Signs in at the local provider as the person without a number.
async fn begin(app: &Running, jar: &mut Jar, path: &str) -> Response {
    let away = jar.get(app, path).await;
    let authorize = Url::parse(header(&away, "location")).unwrap();
    let person = Person::WITHOUT_PHONE;
    let form = format!(
        "{}&person={person}&phone_number=yes&decision=agree",
        authorize.query().unwrap()
    );
    let mut page = authorize;
    page.set_query(None);
    let answered = app.client.post(page);
    let answered = answered.header("content-type", "application/x-www-form-urlencoded");
    let answered = answered.body(form).send().await.unwrap();
    let callback = header(&answered, "location").to_owned();
    jar.get(app, callback.strip_prefix(&app.address).unwrap())
        .await
}

/// The link to the inbox on the page of the code.
fn inbox(page: &str) -> &str {
    let (_, rest) = page.split_once("href=\"http").unwrap();
    let link = rest.split('"').next().unwrap();
    &page[page.find(link).unwrap() - 4..page.find(link).unwrap() + link.len()]
}

#[tokio::test]
async fn the_whole_way_works_offline_with_the_local_inbox() {
    let app = Running::start(&[("SITE_NAME", "Shop")]).await;
    let mut jar = Jar::default();
    let back = begin(&app, &mut jar, "/me?x=%20").await;
    assert_eq!(back.status(), StatusCode::SEE_OTHER);
    assert_eq!(header(&back, "location"), "/auth/phone");
    let sent = jar.post(&app, "/auth/phone", "number=010-2345-6789").await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    assert_eq!(header(&sent, "location"), "/auth/phone/code");
    let page = jar
        .get(&app, "/auth/phone/code")
        .await
        .text()
        .await
        .unwrap();
    let inbox = format!("{}.json", inbox(&page));
    let messages = app.client.get(inbox).send().await.unwrap();
    let messages: serde_json::Value =
        serde_json::from_slice(&messages.bytes().await.unwrap()).unwrap();
    assert!(
        messages[0]["text"].as_str().unwrap().contains("Shop"),
        "{messages}"
    );
    let code = messages[0]["code"].as_str().unwrap();
    let body = format!("code={code}");
    let back = jar.post(&app, "/auth/phone/code", &body).await;
    assert_eq!(header(&back, "location"), "/me?x=%20");
    let me = jar.get(&app, "/me").await.text().await.unwrap();
    assert!(me.contains("+821023456789"), "{me}");
    assert!(me.contains("\"assurance\":\"confirmed\""), "{me}");
}

#[tokio::test]
async fn without_the_step_the_person_without_a_number_is_refused() {
    let app = Running::start(&[("PHONE_STEP", "off")]).await;
    let mut jar = Jar::default();
    let back = begin(&app, &mut jar, "/").await;
    assert_eq!(back.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn settings_of_the_step_that_cannot_work_are_refused_with_their_variable() {
    const SOLAPI: [(&str, &str); 4] = [
        ("PHONE_STEP", "solapi"),
        ("SOLAPI_API_KEY", "key"),
        ("SOLAPI_API_SECRET", "secret"),
        ("SOLAPI_FROM", "0212345678"),
    ];
    // The last one is of other senders, and is not the cause.
    const LOCAL: [(&str, &str); 6] = [
        ("OAUTH_PROVIDER", "kakao"),
        ("OAUTH_CLIENT_ID", "id"),
        ("PUBLIC_URL", "https://shop.example.com"),
        ("SESSION_KEY", KEY),
        ("PHONE_STEP", "local"),
        ("SMS_ENDPOINT_BASE", "http://127.0.0.1:9"),
    ];
    for (settings, message) in [
        (
            &[("PHONE_STEP", "sms")][..],
            "PHONE_STEP: \"sms\" is not known",
        ),
        (&SOLAPI[..1], "SOLAPI_API_KEY: is not set"),
        (&SOLAPI[..3], "SOLAPI_FROM: is not set"),
        (
            &[SOLAPI[0], SOLAPI[1], SOLAPI[2], ("SOLAPI_FROM", "+82")],
            "SOLAPI_FROM: ",
        ),
        (
            &[("PHONE_STEP", "twilio-verify")],
            "TWILIO_ACCOUNT_SID: is not set",
        ),
        (&[("PHONE_REGIONS", "Korea")], "PHONE_REGIONS: "),
        (
            &[("PHONE_LIMITS", "number=many")],
            "PHONE_LIMITS: \"number=many\"",
        ),
        (
            &[("PHONE_LIMITS", "numbers=5")],
            "PHONE_LIMITS: \"numbers=5\"",
        ),
        (&[("PHONE_LIMITS", "number=0")], "PHONE_LIMITS: "),
        (
            &[("PHONE_LIMITS", "number=5, number=6")],
            "PHONE_LIMITS: \"number\" is given twice",
        ),
        (
            &[("PHONE_STEP", "off"), ("PHONE_LIMITS", "wait=soon")],
            "PHONE_LIMITS: \"wait=soon\"",
        ),
        (
            &[("PHONE_STEP", "off"), ("PHONE_POLICY", "confirmed")],
            "set PHONE_STEP to solapi",
        ),
        (&LOCAL[..], "PHONE_STEP: \"local\" shows the codes"),
        (&LOCAL[..5], "PHONE_STEP: \"local\" shows the codes"),
        (&[("TRUSTED_PROXIES", "10.0.0.0/33")], "TRUSTED_PROXIES: "),
        (
            &[(
                "SITE_NAME",
                "A name that is much too long for one message of eighty bytes",
            )],
            "SITE_NAME: ",
        ),
        (
            &[
                SOLAPI[0],
                SOLAPI[1],
                SOLAPI[2],
                SOLAPI[3],
                ("SMS_ENDPOINT_BASE", "https://sms.example"),
            ],
            "SMS_ENDPOINT_BASE: ",
        ),
    ] {
        let said = refused(settings).await;
        assert!(said.contains(message), "{settings:?}: {said}");
    }
}

#[tokio::test]
async fn settings_of_a_step_that_is_off_are_checked_too() {
    let long = "A name that is much too long for one message of eighty bytes";
    for (name, value) in [
        ("PHONE_REGIONS", "Korea"),
        ("PHONE_LIMITS", "total=0"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("SITE_NAME", long),
        ("SMS_ENDPOINT_BASE", "https://sms.example"),
        ("SMS_ENDPOINT_BASE", "127.0.0.1"),
    ] {
        for step in ["off", "local"] {
            let said = refused(&[("PHONE_STEP", step), (name, value)]).await;
            assert!(said.starts_with(&format!("error: {name}: ")), "{said}");
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_variable_that_is_not_utf_8_is_refused_with_its_name() {
    use std::os::unix::ffi::OsStrExt as _;

    let bytes = std::ffi::OsStr::from_bytes(b"shop \xff");
    for name in ["SITE_NAME", "PHONE_STEP", "OAUTH_CLIENT_ID", "SESSION_KEY"] {
        let mut command = example(&[("OAUTH_PROVIDER", "naver"), ("OAUTH_CLIENT_SECRET", "s")]);
        command.env("OAUTH_CLIENT_ID", "id").env("SESSION_KEY", KEY);
        let run = command.env(name, bytes).output();
        let run = timeout(Duration::from_secs(60), run).await.unwrap();
        let said = String::from_utf8(run.unwrap().stderr).unwrap();
        assert!(said.starts_with(&format!("error: {name}: ")), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}
