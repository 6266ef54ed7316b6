//! Any request without a session: the protected handler is not reached.
//!
//! The first line is the method and the target; each further line is a header.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use http_body_util::Full;

use crate::{
    shop::{Kept, Shop, is_public, reached},
    text,
};

thread_local! {
    static SHOP: Kept<Shop> = Kept::new(Shop::kakao());
}

pub fn target(data: &[u8]) {
    if let Some(request) = read(data) {
        let is_public = is_public(&request);
        let own = request.uri().path().starts_with("/auth/callback");
        let response = SHOP.with(|shop| shop.send(request));
        if let Some(reached) = reached(&response) {
            assert!(
                is_public && reached.user.is_none(),
                "a request without a session"
            );
        } else if own {
            assert_ne!(response.status(), 200, "a callback without a sign-in");
        }
    }
}

fn read(data: &[u8]) -> Option<Request<Full<Bytes>>> {
    let (first, mut rest) = text::line(data);
    let space = first.iter().position(|byte| *byte == b' ')?;
    let mut request = Request::new(Full::default());
    *request.method_mut() = Method::from_bytes(&first[..space]).ok()?;
    *request.uri_mut() = Uri::try_from(&first[space + 1..]).ok()?;
    while !rest.is_empty() {
        let (line, after) = text::line(rest);
        if line.is_empty() {
            *request.body_mut() = Full::new(Bytes::copy_from_slice(after));
            break;
        }
        rest = after;
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(&line[..colon]).ok()?;
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
        request.headers_mut().append(name, value);
    }
    Some(request)
}
