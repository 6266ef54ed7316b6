//! The rows of the table: a name, the sizes, and a layer with a request for each size.

use std::iter::repeat_n;

use bytes::Bytes;
use http::header::COOKIE;
use http_body_util::Empty;
use tower_phone_auth::{Builder, Kakao, OAuthLayer, SessionId, SessionKey, TestUser};

use crate::{Case, signed_in::poll};

pub(crate) type Request = http::Request<Empty<Bytes>>;

pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) sizes: Vec<usize>,
    pub(crate) cases: Vec<Case>,
}

impl Row {
    fn new(name: &'static str, sizes: &[usize], case: impl FnMut(usize) -> Case) -> Self {
        let cases = sizes.iter().copied().map(case).collect();
        Self {
            name,
            sizes: sizes.to_vec(),
            cases,
        }
    }
}

pub(crate) fn rows(is_measured: bool) -> Vec<Row> {
    let revocations: &[usize] = if is_measured {
        &[0, 1_000, 10_000, 100_000, 1_000_000]
    } else {
        &[0, 1_000]
    };
    vec![
        Row::new("other cookies", &[0, 1, 3, 10, 30, 100], other_cookies),
        Row::new("public patterns", &[1, 10, 100, 1_000, 10_000], patterns),
        Row::new("providers", &[1, 2, 5, 10, 50], providers),
        Row::new("bytes of the name", &[0, 20, 50, 100], name),
        Row::new("bytes of claims", &[0, 50, 100, 200, 500], claims),
        Row::new("revoked sessions", revocations, revoked_sessions),
        Row::new("revoked users", revocations, revoked_users),
    ]
}

pub(crate) fn request(cookies: &str) -> Request {
    let request = http::Request::get("/orders").header(COOKIE, cookies);
    let request = request.header("accept", "text/html").body(Empty::new());
    request.expect("the request is well-formed")
}

fn builder() -> Builder {
    OAuthLayer::builder()
        .public_url("http://127.0.0.1:3000")
        .session_key(SessionKey::random())
        .provider(Kakao::new("key", "secret"))
}

fn user() -> TestUser {
    TestUser::new("+82 10-1234-5678").expect("the number is valid")
}

fn case(builder: Builder, user: &TestUser) -> Case {
    let layer = builder.build().expect("the settings are right");
    let cookies = user.cookie(&layer).expect("the layer knows kakao");
    Case { layer, cookies }
}

fn other_cookies(count: usize) -> Case {
    let mut case = case(builder(), &user());
    let others = (0..count).map(|nth| format!("cookie{nth}=a-value-of-24-characters; "));
    case.cookies.insert_str(0, &others.collect::<String>());
    case
}

fn patterns(count: usize) -> Case {
    let patterns = (0..count).map(|nth| format!("/public/{nth}/{{*rest}}"));
    case(builder().public(patterns), &user())
}

fn providers(count: usize) -> Case {
    let add = |builder: Builder, nth| {
        builder.provider(Kakao::new("key", "secret").named(format!("kakao{nth}")))
    };
    case((1..count).fold(builder(), add), &user())
}

fn name(bytes: usize) -> Case {
    case(builder(), &user().name(&text(bytes)))
}

fn claims(bytes: usize) -> Case {
    match bytes {
        0 => case(builder(), &user()),
        // JSON has two quotes.
        _ => {
            let user = user().claims(&text(bytes - 2));
            case(builder(), &user.expect("the claims fit"))
        }
    }
}

fn text(bytes: usize) -> String {
    repeat_n('a', bytes).collect()
}

fn revoked_sessions(count: usize) -> Case {
    let case = case(builder(), &user());
    for nth in 0..count {
        let spread = (nth as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let id: SessionId = format!("{spread:032x}").parse().expect("32 digits");
        poll(case.layer.revoke_session(id)).expect("there is no log");
    }
    case
}

fn revoked_users(count: usize) -> Case {
    let case = case(builder(), &user());
    for nth in 0..count {
        // Subjects of Kakao have this length.
        let subject = (4_000_000_000 + nth).to_string();
        poll(case.layer.revoke("kakao", &subject)).expect("kakao is known");
    }
    case
}
