//! Page visits and other requests.
//!
//! Only a page visit can finish a sign-in, because a user sees the answer and the browser follows
//! its redirect. Any other request gets a 401 that its reader understands. A redirect to a provider
//! would reach a script or an image as a page of another site.
//!
//! Two questions are answered here. [`visit`] says how the request was made, by its headers alone.
//! [`reader`] says who reads the answer, and also looks at the method and the marks of Turbo.

use http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{ACCEPT, CONTENT_TYPE, UPGRADE},
    request::Parts,
};

#[cfg(test)]
mod tests;

/// The kind of the request, such as `navigate`. Scripts cannot send `navigate`.
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
/// The kind of element that loads the response.
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
/// The relation between the page that caused the request and this origin.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// `XMLHttpRequest` from jQuery and other libraries. Android web views send the app's name in it.
const X_REQUESTED_WITH: HeaderName = HeaderName::from_static("x-requested-with");
/// Turbo sends it with every request of its own.
const X_TURBO_REQUEST_ID: HeaderName = HeaderName::from_static("x-turbo-request-id");
/// Turbo sends it for a part of the page, with the name of that part.
const TURBO_FRAME: HeaderName = HeaderName::from_static("turbo-frame");
/// The target of a link's `ping` attribute (HTML, "hyperlink auditing"), which shows no page.
const PING_TO: HeaderName = HeaderName::from_static("ping-to");

/// The headers by which browsers and Turbo mark a page that is loaded before the user asks for it.
/// `Sec-Purpose` is the current one.
const PURPOSES: [HeaderName; 5] = [
    HeaderName::from_static("sec-purpose"),
    HeaderName::from_static("purpose"),
    HeaderName::from_static("x-purpose"),
    HeaderName::from_static("x-moz"),
    HeaderName::from_static("x-sec-purpose"),
];

/// The headers of libraries that put an answer into the open page: htmx, Inertia, pjax, Unpoly,
/// Turbo.
const LIBRARIES: [HeaderName; 6] = [
    HeaderName::from_static("hx-request"),
    HeaderName::from_static("x-inertia"),
    HeaderName::from_static("x-pjax"),
    HeaderName::from_static("x-up-version"),
    X_TURBO_REQUEST_ID,
    TURBO_FRAME,
];

/// The kind of a request by the reader of its answer (<https://www.w3.org/TR/fetch-metadata/>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visit {
    /// A user, in a window or tab.
    Page,
    /// A user, in a frame of a page of this origin. A provider shows no page there.
    Frame,
    /// Unknown, because the client sends none of the headers, such as curl.
    Unknown,
    /// A script, an image, a download, a prefetch.
    Program,
}

/// The kind of a request, by the headers that browsers set and scripts cannot:
///
/// | mode | destination | kind |
/// |---|---|---|
/// | missing | missing or `document` | a page if `Accept` has HTML, else unknown |
/// | `navigate` | missing or `document` | a page |
/// | `navigate`, `same-origin` | `empty` | a page if `Accept` has HTML (a service worker) |
/// | `navigate` | a kind of frame | a frame, on this origin and if `Accept` has HTML |
/// | any other | any other | a program |
///
/// A request that a prefetch or a script's library marks is a program in any case. A service
/// worker passes a page visit on with the destination `empty`, and in Firefox and through `new
/// Request(event.request, ..)` also with the mode `same-origin` (Fetch, "new Request"). `Accept`
/// then tells a page visit from a script's own request or a download. A header that stands twice
/// counts as a program.
pub(crate) fn visit(headers: &HeaderMap) -> Visit {
    if is_prefetch(headers) || is_of_a_script(headers) {
        return Visit::Program;
    }
    let (mode, dest) = (
        value_of(headers, &SEC_FETCH_MODE),
        value_of(headers, &SEC_FETCH_DEST),
    );
    let is_html = || accepts_html(headers);
    match (mode, dest) {
        // A browser without fetch metadata says by `Accept` that it shows HTML.
        (None, None | Some(b"document")) if is_html() => Visit::Page,
        (None, None | Some(b"document")) => Visit::Unknown,
        (Some(b"navigate"), None | Some(b"document")) => Visit::Page,
        (Some(b"navigate" | b"same-origin"), Some(b"empty")) if is_html() => Visit::Page,
        // A frame of another site gets no page, so that it cannot be laid under other content.
        (Some(b"navigate"), Some(b"iframe" | b"frame" | b"embed" | b"object"))
            if is_html() && value_of(headers, &SEC_FETCH_SITE) == Some(b"same-origin") =>
        {
            Visit::Frame
        }
        _ => Visit::Program,
    }
}

/// Whether a request is a page visit by GET or HEAD. A redirect to a sign-in would lose the body of
/// any other method. Such a request gets 401 and the page with a link.
pub(crate) fn is_page_visit(method: &Method, headers: &HeaderMap) -> bool {
    matches!(*method, Method::GET | Method::HEAD) && wants_page(headers)
}

/// Whether a user reads the answer in a window, whatever the method is. It is true for a form too,
/// if the form opens its result in the window.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    visit(headers) == Visit::Page
}

/// Whether a request is for a frame of a page of this origin, by GET or HEAD.
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
    /// A user. Turbo puts the answer into the open page.
    Turbo,
    /// A program, which needs a document that it can parse.
    Program,
}

/// The reader of the answer. A window or frame sends GET, HEAD, or POST with one of the content
/// types of forms (HTML, "form submission algorithm").
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
        Visit::Unknown | Visit::Program => Reader::Program,
    }
}

/// Whether Turbo shows the answer. Turbo shows HTML of any status in its own frames and after a
/// form, and drops any other answer there. If a page visit of Turbo gets no HTML, Turbo repeats it
/// as a visit of the browser (turbo 8, `visitRequestFailedWithStatusCode`).
fn is_turbo(head: &Parts) -> bool {
    let headers = &head.headers;
    let is_of_frame = headers.contains_key(&TURBO_FRAME);
    (is_of_frame && accepts_html(headers) && !is_prefetch(headers)) || is_form_of_turbo(head)
}

/// Whether the request is a form that Turbo sends outside of its frames. The answer replaces the
/// open page and keeps that page's address.
pub(crate) fn is_form_of_turbo(head: &Parts) -> bool {
    let headers = &head.headers;
    !matches!(head.method, Method::GET | Method::HEAD)
        && headers.contains_key(&X_TURBO_REQUEST_ID)
        && !headers.contains_key(&TURBO_FRAME)
        && accepts_html(headers)
        && !is_prefetch(headers)
}

/// Whether the body has one of the three content types that an HTML form can send.
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

/// Whether the request may be a navigation. It is a page visit, or it comes from a client that
/// sends none of the headers and asks for the sign-in by its address or sends a form.
pub(crate) fn may_navigate(headers: &HeaderMap) -> bool {
    matches!(visit(headers), Visit::Page | Visit::Unknown)
}

/// Whether the page is loaded before the user asks for it (`Sec-Purpose`, Fetch; WebKit sends
/// `preview`). A sign-in must not begin then, because no user sees it.
pub(crate) fn is_prefetch(headers: &HeaderMap) -> bool {
    let is_marked = |name| {
        let words = ["prefetch", "prerender", "preview"];
        words.iter().any(|word| contains(headers, name, word))
    };
    PURPOSES.iter().any(is_marked)
}

/// Whether a request has a mark of a script. Other values of `X-Requested-With` are an Android
/// app's name, which its web view adds to every request.
fn is_of_a_script(headers: &HeaderMap) -> bool {
    contains(headers, &X_REQUESTED_WITH, "XMLHttpRequest")
        || LIBRARIES.iter().any(|name| headers.contains_key(name))
        || headers.contains_key(UPGRADE)
        || headers.contains_key(PING_TO)
        || contains(headers, &CONTENT_TYPE, "application/grpc")
}

/// The value of a header: `None` if it is missing, empty if it stands twice.
fn value_of<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a [u8]> {
    let is_sent = headers.contains_key(name);
    is_sent.then(|| once(headers, name).map_or(&b""[..], HeaderValue::as_bytes))
}

/// The value of a header that stands exactly once. A proxy and the layer could read different ones
/// of several values.
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

/// Whether a parameter of a media range is `q=0`.
fn is_zero(parameter: &[u8]) -> bool {
    let weight = parameter
        .strip_prefix(b"q=")
        .or_else(|| parameter.strip_prefix(b"Q="));
    weight.is_some_and(|weight| weight.iter().all(|byte| matches!(byte, b'0' | b'.')))
}

/// Whether a value of the header contains a text, in any case of letters.
fn contains(headers: &HeaderMap, name: &HeaderName, part: &str) -> bool {
    headers.get_all(name).iter().any(|value| {
        let value = value.as_bytes();
        value
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
    })
}
