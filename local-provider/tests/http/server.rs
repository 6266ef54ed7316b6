use std::io::ErrorKind;

use http::header::HOST;
use http::{Method, StatusCode};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Person, SECRET_PREFIX, Settings};

use super::app::{App, Outcome, encode, query};

#[tokio::test]
async fn mistakes_of_the_app_are_shown_and_not_redirected() -> Outcome {
    let app = App::start().await?;
    for (name, value, code) in [
        ("client_id", "other", "KOE101"),
        ("response_type", "token", "KOE202"),
        ("response_type", "id_token", "KOE201"),
        ("scope", "phone_number,birthday", "KOE205"),
        ("scope", "openid phone_number", "KOE205"),
        ("code_challenge", "plain", "KOE001"),
    ] {
        let page = app.page(vec![(name, value)]).await?;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST);
        assert!(page.text().await?.contains(code));
    }
    app.provider.configure(|settings| {
        settings.login_enabled = false;
        settings.error_page_status = StatusCode::OK;
    });
    let page = app.page(vec![]).await?;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.text().await?.contains("KOE004"));
    Ok(())
}

#[tokio::test]
async fn the_page_is_strict_bilingual_and_escaped() -> Outcome {
    let app = App::start().await?;
    let name = "<script>alert(1)</script>";
    app.provider.add_person(Person::new(7, name));
    let url = format!(
        "{}?{}",
        app.url("/oauth/authorize"),
        encode(query(vec![("nonce", "\"><b>")]))
    );
    let page = app.client.get(&url).send().await?;
    let policy = page.headers()["content-security-policy"].to_str()?;
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
    assert!(!policy.contains("form-action"));
    assert_eq!(page.headers()["cache-control"], "no-store");
    let page_text = page.text().await?;
    assert!(!page_text.contains(name) && !page_text.contains("<b>"));
    assert!(page_text.contains("Local provider, not Kakao"));
    assert!(page_text.contains("no phone number"));

    let korean = app.client.get(&url).header("accept-language", "ko-KR,en");
    let korean = korean.send().await?.text().await?;
    assert!(korean.contains("lang=\"ko\"") && korean.contains("동의하고 계속하기"));
    // A line of Korean does not break inside a word, unless the word is too long for it.
    assert!(korean.contains("word-break: keep-all; overflow-wrap: anywhere"));
    Ok(())
}

#[tokio::test]
async fn only_loopback_addresses_are_bound() -> Outcome {
    let error = LocalProvider::bind("0.0.0.0:4000".parse()?).await;
    let error = error.err().ok_or("bound")?;
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("0.0.0.0:4000"));
    assert!(error.to_string().contains("127.0.0.1:4000"));
    Ok(())
}

#[tokio::test]
async fn a_foreign_host_is_refused() -> Outcome {
    let app = App::start().await?;
    for (host, status) in [
        ("evil.example", StatusCode::FORBIDDEN),
        ("127.0.0.1.evil.example", StatusCode::FORBIDDEN),
        ("localhost:80", StatusCode::NOT_FOUND),
        ("[::1]", StatusCode::NOT_FOUND),
    ] {
        let request = app.client.get(app.url("/")).header(HOST, host);
        assert_eq!(request.send().await?.status(), status);
    }
    Ok(())
}

#[tokio::test]
async fn dropping_the_handle_stops_serving() -> Outcome {
    let app = App::start().await?;
    let url = app.url("/oauth/authorize");
    drop(app.provider);
    tokio::task::yield_now().await;
    assert!(app.client.get(url).send().await.is_err());
    Ok(())
}

#[tokio::test]
async fn requests_are_recorded_until_forgotten() -> Outcome {
    let app = App::start().await?;
    app.exchange("lpsecret-code-x", vec![]).await?;
    let requests = app.provider.requests();
    let request = requests.first().ok_or("nothing recorded")?;
    assert_eq!(request.endpoint, Some(Endpoint::Token));
    assert_eq!(request.method, Method::POST);
    let secret = ("client_secret".to_owned(), "lpsecret-client".to_owned());
    assert!(request.form().contains(&secret));
    assert!(!format!("{requests:?}").contains(SECRET_PREFIX));
    assert_eq!(app.provider.count(Endpoint::Token), 1);
    app.provider.forget_requests();
    assert_eq!(app.provider.count(Endpoint::Token), 0);
    Ok(())
}

#[tokio::test]
async fn a_body_over_64_kib_is_refused() -> Outcome {
    let app = App::start().await?;
    let request = app.client.post(app.url("/oauth/token"));
    let answer = request.body(vec![b'a'; 65 * 1024]).send().await?;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    Ok(())
}

#[test]
fn debug_shows_neither_secrets_nor_phones() {
    let person = Person::new(7, "Sora").phone("+82 10-9876-5432");
    assert!(!format!("{person:?}").contains("9876"));
    assert!(!format!("{:?}", Settings::default()).contains(SECRET_PREFIX));
}
