//! Keys from bytes and files, and numbers from forms and addresses.

use std::fs;

use axum::{
    Form, Json, Router,
    body::Body,
    extract::{Path, Query},
    routing::{get, post},
};
use http::Request;
use http_body_util::BodyExt;
use tower::ServiceExt;
use tower_phone_auth::{
    ConfigError, Kakao, OAuthLayer, PhoneNumber, SessionId, SessionKey, TestUser, phone::IndexKey,
};

use crate::support::folder::Folder;

/// 64 random bytes and 32 random bytes.
const SESSION: &str = "WpHgnAgq9MLYUxbGBnFJiTj0o42Pai+9t+MP++A7M0Bwng6fwTTpuCztVfRF\
    BzboSX2KEZ8KR00R2iC+mBUOhw==";
const INDEX: &str = "5HTywJaSBsDKfJ8tSgSbSjiychTpTm0KyuKg0WS7Ojc=";

fn layer(key: SessionKey) -> OAuthLayer {
    OAuthLayer::new(Kakao::new("key", "secret"), "http://127.0.0.1:3000", key).unwrap()
}

fn problem(result: Result<SessionKey, ConfigError>) -> ConfigError {
    match result {
        Ok(key) => panic!("{key:?}"),
        Err(error) => error,
    }
}

#[test]
fn a_key_from_a_file_is_the_key_from_its_text() {
    let folder = Folder::new();
    let path = folder.join("session_key");
    fs::write(&path, format!("{SESSION}\n")).unwrap();
    let key = SessionKey::from_file(&path).unwrap();
    let cookie = TestUser::new("+82 10-1234-5678")
        .unwrap()
        .cookie(&layer(key))
        .unwrap();
    assert!(is_open(
        &layer(SessionKey::parse(SESSION).unwrap()),
        &cookie
    ));
    assert!(!is_open(&layer(SessionKey::random()), &cookie));

    let rotated = SessionKey::random();
    fs::write(&path, format!("{SESSION},\n{SESSION}")).unwrap();
    let key = rotated.and(SessionKey::from_file(&path).unwrap());
    assert!(is_open(&layer(key), &cookie));
}

/// Whether the layer takes the cookie for a session.
fn is_open(layer: &OAuthLayer, cookie: &str) -> bool {
    use http::{Request, Response, header::COOKIE};
    use tower::{Layer, ServiceExt, service_fn};

    let inner = service_fn(|_| async { Ok::<_, std::convert::Infallible>(Response::new(())) });
    let request = Request::get("/").header(COOKIE, cookie).body(String::new());
    let answer = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(layer.layer(inner).oneshot(request.unwrap()));
    answer.unwrap().status() == 200
}

#[test]
fn a_file_that_holds_no_key_is_named_with_the_remedy() {
    let folder = Folder::new();
    let path = folder.join("session_key");
    let missing = problem(SessionKey::from_file(&path));
    assert_eq!(missing.setting(), path.to_str().unwrap());
    assert!(missing.to_string().contains("cannot be read"), "{missing}");
    assert!(missing.remedy().contains("path"), "{missing}");

    for (content, expected) in [
        (b"".to_vec(), "is empty"),
        (b"c2VjcmV0".to_vec(), "6 bytes, not 64"),
        (INDEX.as_bytes().to_vec(), "32 bytes, not 64"),
        (vec![0xff; 64], "is not text"),
        (vec![b'A'; 20_000], "more than 16 KiB"),
    ] {
        fs::write(&path, &content).unwrap();
        let error = problem(SessionKey::from_file(&path));
        assert_eq!(error.setting(), path.to_str().unwrap());
        assert!(error.to_string().contains(expected), "{error}");
        assert!(
            error.remedy().contains("openssl rand -base64 64"),
            "{error}"
        );
        assert!(!error.to_string().contains("c2Vj"), "{error}");
    }
    assert!(SessionKey::from_file(&folder.0).is_err(), "a folder");
}

#[test]
fn a_key_of_an_index_is_no_session_key() {
    let folder = Folder::new();
    let path = folder.join("index_key");
    fs::write(&path, INDEX).unwrap();
    let phone = "+82 10-1234-5678"
        .parse::<tower_phone_auth::PhoneNumber>()
        .unwrap();
    let hash = phone.keyed_hash(&IndexKey::from_file(&path).unwrap());
    assert_eq!(hash, phone.keyed_hash(&IndexKey::parse(INDEX).unwrap()));
    assert_ne!(
        hash,
        phone.keyed_hash(
            &IndexKey::from_bytes(std::array::from_fn(|index| u8::try_from(index).unwrap()))
                .unwrap()
        )
    );
    let other = "+82 10-1234-5679"
        .parse::<tower_phone_auth::PhoneNumber>()
        .unwrap();
    assert_ne!(hash, other.keyed_hash(&IndexKey::parse(INDEX).unwrap()));

    let error = IndexKey::parse(SESSION).unwrap_err();
    assert_eq!(error.setting(), "index_key");
    assert!(error.to_string().contains("64 bytes, not 32"), "{error}");
    assert!(
        error.remedy().contains("openssl rand -base64 32"),
        "{error}"
    );
    let error = IndexKey::from_env("NO_SUCH_INDEX_KEY").unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("NO_SUCH_INDEX_KEY: is not set"),
        "{error}"
    );
}

#[tokio::test]
async fn numbers_and_ids_are_read_from_paths_queries_forms_and_json_of_axum() {
    #[derive(serde::Deserialize)]
    struct Wanted {
        phone: PhoneNumber,
        session: SessionId,
    }
    let said = |Wanted { phone, session }: Wanted| format!("{phone} {session}");
    let app = Router::new()
        .route(
            "/path/{phone}/{session}",
            get(async move |Path(wanted): Path<Wanted>| said(wanted)),
        )
        .route(
            "/query",
            get(async move |Query(wanted): Query<Wanted>| said(wanted)),
        )
        .route(
            "/form",
            post(async move |Form(wanted): Form<Wanted>| said(wanted)),
        )
        .route(
            "/json",
            post(async move |Json(wanted): Json<Wanted>| said(wanted)),
        );
    let session = "0123456789abcdef0123456789abcdef";
    let pairs = format!("phone=%2B821012345678&session={session}");
    let json = format!(r#"{{"phone":"+821012345678","session":"{session}"}}"#);
    let number = format!(r#"{{"phone":821012345678,"session":"{session}"}}"#);
    for (path, kind, body) in [
        (format!("/path/+821012345678/{session}"), "", ""),
        (format!("/query?{pairs}"), "", ""),
        (
            "/form".to_owned(),
            "application/x-www-form-urlencoded",
            &*pairs,
        ),
        ("/json".to_owned(), "application/json", &*json),
        ("/json".to_owned(), "application/json", &*number),
    ] {
        let method = if body.is_empty() { "GET" } else { "POST" };
        let request = Request::builder().method(method).uri(&path);
        let request = request.header("content-type", kind);
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let page = app.clone().oneshot(request).await.unwrap();
        let status = page.status().as_u16();
        let text = page.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8(text.to_vec()).unwrap();
        if body == number {
            assert_eq!(status, 422, "{path}: {text}");
            assert!(!text.contains("1012345678"), "{text}");
        } else {
            assert_eq!(status, 200, "{path}: {text}");
            assert_eq!(text, format!("+821012345678 {session}"), "{path}");
        }
    }
}
