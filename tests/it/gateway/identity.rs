use http::{HeaderMap, HeaderName, HeaderValue};
use tower_phone_auth::gateway::{IdentityHeaders, Judgement};

use super::{VISIT, head, shop, values, with};

/// Headers as a browser may forge them, beside one that is not ours.
fn forged() -> HeaderMap {
    let mut headers = HeaderMap::new();
    for name in [
        "x-auth-phone",
        "x_auth_phone",
        "x-auth_phone",
        "x.auth.phone",
        "x_auth_phone_assurance",
        "x-auth-provider",
        "x_auth_subject",
    ] {
        let name = HeaderName::from_static(name);
        headers.append(name.clone(), HeaderValue::from_static("+821099999999"));
        headers.append(name, HeaderValue::from_static("+821088888888"));
    }
    headers.insert("x-auth-phones", HeaderValue::from_static("kept"));
    headers
}

const NAMES: [&str; 4] = [
    "x-auth-phone",
    "x-auth-phone-assurance",
    "x-auth-provider",
    "x-auth-subject",
];

#[tokio::test]
async fn the_headers_name_the_user_once_and_no_forged_spelling_is_left() {
    let (shop, cookie) = shop().await;
    let request = head("GET", "/", &with(&VISIT, &cookie));
    let judged = shop.layer.judge(&request);
    let Judgement::Pass {
        user: Some(user), ..
    } = judged.await
    else {
        panic!("the session is live");
    };
    let mut headers = forged();
    user.write_headers(&mut headers, &IdentityHeaders::default());
    let written = NAMES.map(|name| values(&headers, name).join("|"));
    assert_eq!(written, ["+821012345678", "asserted", "kakao", "1"]);
    assert_eq!(headers["x-auth-phones"], "kept");
    assert_eq!(headers.len(), NAMES.len() + 1, "{headers:?}");
}

#[test]
fn without_a_user_every_name_is_written_empty() {
    let mut headers = forged();
    IdentityHeaders::default().write(None, &mut headers);
    for name in NAMES {
        assert_eq!(values(&headers, name), [""], "{name}");
    }
    assert_eq!(headers.len(), NAMES.len() + 1, "{headers:?}");
}

#[test]
fn a_name_of_the_application_is_written_and_its_spellings_are_removed() {
    let mut names = IdentityHeaders::default();
    names.phone = HeaderName::from_static("remote-phone");
    let mut headers = HeaderMap::new();
    headers.insert("remote_phone", HeaderValue::from_static("+821099999999"));
    headers.insert("x-auth-phone", HeaderValue::from_static("of another proxy"));
    names.write(None, &mut headers);
    assert!(!headers.contains_key("remote_phone"));
    assert_eq!(headers["remote-phone"], "");
    assert_eq!(headers["x-auth-phone"], "of another proxy");
}
