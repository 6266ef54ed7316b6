//! Which request is a page visit: a user sees its answer, so that it can finish a login. All else gets a 401 that it can
//! read.

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Version,
    header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, TE, UPGRADE},
    request::Parts,
};

const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const X_REQUESTED_WITH: HeaderName = HeaderName::from_static("x-requested-with");
const X_TURBO_REQUEST_ID: HeaderName = HeaderName::from_static("x-turbo-request-id");
const TURBO_FRAME: HeaderName = HeaderName::from_static("turbo-frame");
const PING_TO: HeaderName = HeaderName::from_static("ping-to");

/// The headers in which browsers and Turbo mark a page that is loaded before the user asks for it. `Sec-Purpose` is the current one.
const PURPOSES: [HeaderName; 5] = [
    HeaderName::from_static("sec-purpose"),
    HeaderName::from_static("purpose"),
    HeaderName::from_static("x-purpose"),
    HeaderName::from_static("x-moz"),
    HeaderName::from_static("x-sec-purpose"),
];

/// The headers of libraries that put an answer into the page themselves: htmx, Inertia, pjax, Unpoly, Turbo.
const LIBRARIES: [HeaderName; 6] = [
    HeaderName::from_static("hx-request"),
    HeaderName::from_static("x-inertia"),
    HeaderName::from_static("x-pjax"),
    HeaderName::from_static("x-up-version"),
    X_TURBO_REQUEST_ID,
    TURBO_FRAME,
];

/// The reader of an answer, by the headers of the request (<https://www.w3.org/TR/fetch-metadata/>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visit {
    /// A user, in a window or tab.
    Page,
    /// A user, in a frame of a page of this origin. A provider shows no page there.
    Frame,
    /// Unknown: a client that says nothing, such as curl.
    Unsaid,
    /// A script, an image, a download, a prefetch.
    Program,
}

/// The one rule. A service worker passes a page visit on with the destination `empty`, in Firefox and through
/// `new Request(event.request, ..)` also with the mode `same-origin` (Fetch, "new Request"); so a script's own request and
/// a download are told apart by `Accept`. A header that stands there twice is doubtful.
pub(crate) fn visit(headers: &HeaderMap) -> Visit {
    if is_prefetch(headers) || is_of_a_script(headers) {
        return Visit::Program;
    }
    let (mode, dest) = (
        said(headers, &SEC_FETCH_MODE),
        said(headers, &SEC_FETCH_DEST),
    );
    let is_html = || accepts_html(headers);
    match (mode, dest) {
        (None, None | Some(b"document")) if is_html() => Visit::Page,
        (None, None | Some(b"document")) => Visit::Unsaid,
        (Some(b"navigate"), None | Some(b"document")) => Visit::Page,
        (Some(b"navigate" | b"same-origin"), Some(b"empty")) if is_html() => Visit::Page,
        (Some(b"navigate"), Some(b"iframe" | b"frame" | b"embed" | b"object"))
            if is_html() && said(headers, &SEC_FETCH_SITE) == Some(b"same-origin") =>
        {
            Visit::Frame
        }
        _ => Visit::Program,
    }
}

/// GET or HEAD, and a page is wanted. Other methods would lose what they carry.
pub(crate) fn is_page_visit(method: &Method, headers: &HeaderMap) -> bool {
    matches!(*method, Method::GET | Method::HEAD) && wants_page(headers)
}

pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    visit(headers) == Visit::Page
}

/// GET or HEAD, in a frame of a page of this origin.
pub(crate) fn is_framed(head: &Parts) -> bool {
    matches!(head.method, Method::GET | Method::HEAD) && visit(&head.headers) == Visit::Frame
}

/// The reader of an answer that is no redirect to the sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// A user, in a window or tab.
    Window,
    /// A user, in a frame of a page of this origin.
    Frame,
    /// A user, in whose page Turbo puts the answer.
    Turbo,
    Program,
}

/// A window or frame sends GET, or POST with one of the types that a form has (HTML, "form submission algorithm"). HEAD counts
/// as GET.
pub(crate) fn reader(head: &Parts) -> Reader {
    if is_turbo(head) {
        return Reader::Turbo;
    }
    let is_post = head.method == Method::POST;
    let is_form = || is_post && has_form_type(&head.headers) && accepts_html(&head.headers);
    if !matches!(head.method, Method::GET | Method::HEAD) && !is_form() {
        return Reader::Program;
    }
    match visit(&head.headers) {
        Visit::Page => Reader::Window,
        Visit::Frame => Reader::Frame,
        Visit::Unsaid | Visit::Program => Reader::Program,
    }
}

/// Turbo shows HTML of any status, and drops everything else after a form or in a frame of its own. To a page visit of its own that
/// is answered without HTML, it makes a visit of the browser (turbo 8, `visitRequestFailedWithStatusCode`).
fn is_turbo(head: &Parts) -> bool {
    let headers = &head.headers;
    let is_of_frame = headers.contains_key(&TURBO_FRAME);
    (is_of_frame && accepts_html(headers) && !is_prefetch(headers)) || is_form_of_turbo(head)
}

/// A form outside of Turbo's frames: its answer takes the place of the open page, under the address of that page.
pub(crate) fn is_form_of_turbo(head: &Parts) -> bool {
    let headers = &head.headers;
    !matches!(head.method, Method::GET | Method::HEAD)
        && headers.contains_key(&X_TURBO_REQUEST_ID)
        && !headers.contains_key(&TURBO_FRAME)
        && accepts_html(headers)
        && !is_prefetch(headers)
}

fn has_form_type(headers: &HeaderMap) -> bool {
    let kind = once(headers, &CONTENT_TYPE).map(HeaderValue::as_bytes);
    let mut parts = kind.unwrap_or_default().split(|byte| *byte == b';');
    let kind = parts.next().unwrap_or_default().trim_ascii();
    let known = [
        &b"application/x-www-form-urlencoded"[..],
        b"multipart/form-data",
        b"text/plain",
    ];
    known.iter().any(|known| kind.eq_ignore_ascii_case(known))
}

/// A client that says nothing counts too, if it asks for the login by its address or sends a form.
pub(crate) fn may_navigate(headers: &HeaderMap) -> bool {
    matches!(visit(headers), Visit::Page | Visit::Unsaid)
}

/// The user has not asked for it yet (`Sec-Purpose`, Fetch; WebKit says `preview`).
pub(crate) fn is_prefetch(headers: &HeaderMap) -> bool {
    let is_marked = |name| {
        let words = ["prefetch", "prerender", "preview"];
        words.iter().any(|word| contains(headers, name, word))
    };
    PURPOSES.iter().any(is_marked)
}

/// By marks of its own. Other values of `X-Requested-With` are an Android app's name, which its web view adds to every
/// request.
fn is_of_a_script(headers: &HeaderMap) -> bool {
    contains(headers, &X_REQUESTED_WITH, "XMLHttpRequest")
        || LIBRARIES.iter().any(|name| headers.contains_key(name))
        || headers.contains_key(UPGRADE)
        || headers.contains_key(PING_TO)
        || contains(headers, &CONTENT_TYPE, "application/grpc")
}

/// The value is `None` if the header is missing, and empty if the header stands there twice.
fn said<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a [u8]> {
    let is_sent = headers.contains_key(name);
    is_sent.then(|| once(headers, name).map_or(&b""[..], HeaderValue::as_bytes))
}

/// A gRPC call as the protocol defines it (gRPC over HTTP/2, "Requests"), since its refusal has the status 200: POST on
/// HTTP/2, with trailers expected, one content type, and a body. A gateway that asks about another request sends none.
pub(crate) fn is_grpc_call(head: &Parts) -> bool {
    let headers = &head.headers;
    let is_grpc = once(headers, &CONTENT_TYPE).is_some_and(|kind| is_grpc_type(kind.as_bytes()));
    let has_trailers = once(headers, &TE).is_some_and(|te| te == "trailers");
    let is_empty = headers
        .get(CONTENT_LENGTH)
        .is_some_and(|length| length == "0");
    let is_call = head.method == Method::POST && head.version == Version::HTTP_2;
    is_call && is_grpc && has_trailers && !is_empty
}

/// `application/grpc`, alone, with a message format as in `application/grpc+proto`, or with parameters. gRPC-Web is
/// another protocol, whose clients read the status.
fn is_grpc_type(kind: &[u8]) -> bool {
    const GRPC: &[u8] = b"application/grpc";
    let Some((start, rest)) = kind.split_at_checked(GRPC.len()) else {
        return false;
    };
    start.eq_ignore_ascii_case(GRPC) && matches!(rest.first(), None | Some(b'+' | b';'))
}

/// The value of a header that stands exactly once.
pub(crate) fn once<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}

/// Whether a media range names HTML, and does not refuse it by `q=0` (RFC 9110 section 12.5.1).
pub(crate) fn accepts_html(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT).iter();
    let mut ranges = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    ranges.any(|range| {
        let mut parts = range.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let kind = parts.next().unwrap_or_default();
        let is_html = kind.eq_ignore_ascii_case(b"text/html")
            || kind.eq_ignore_ascii_case(b"application/xhtml+xml");
        is_html && !parts.any(is_zero)
    })
}

fn is_zero(parameter: &[u8]) -> bool {
    let weight = parameter
        .strip_prefix(b"q=")
        .or_else(|| parameter.strip_prefix(b"Q="));
    weight.is_some_and(|weight| weight.iter().all(|byte| matches!(byte, b'0' | b'.')))
}

fn contains(headers: &HeaderMap, name: &HeaderName, part: &str) -> bool {
    headers.get_all(name).iter().any(|value| {
        let value = value.as_bytes();
        value
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
    })
}
