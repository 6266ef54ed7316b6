//! The public host and its siblings. A sibling is the same name with or without `www.`, and on
//! loopback any other name of this machine.
//!
//! A browser keeps cookies for one host. A sign-in that begins at `www.example.com` sets its
//! cookie there, and the callback at `example.com` would not get it. A request at a sibling is
//! therefore redirected to the public host before a sign-in begins. A proxy that leads back would
//! make a loop, which is counted and ends with a page.

use std::time::Duration;

use http::{HeaderValue, StatusCode, header::HOST, request::Parts, uri::Authority};
use url::Url;

use super::attempt;
use crate::{
    audit::Line,
    error::{LoginError, LoginErrorKind},
    flow::{
        Action, Flow, refuse,
        request::{
            link::{self, LoginQuery},
            navigation,
        },
    },
    web::{origin::is_loopback, reply::Reply, return_to::ReturnTo},
};

/// Redirects that follow each other within this time are a loop. A user who opens the sibling
/// again takes longer.
const LOOP_WINDOW: Duration = Duration::from_secs(10);

/// Whether the request's host is a sibling of the public one. A cookie set on that host would not
/// reach the callback. Any other host may be a proxy's own name for this application, and is
/// accepted.
pub(crate) fn is_sibling(flow: &Flow, head: &Parts) -> bool {
    let sent = head.headers.get(HOST).and_then(|host| host.to_str().ok());
    let sent = head.uri.authority().map(Authority::as_str).or(sent);
    sent.is_some_and(|sent| are_siblings(flow.config.origin.as_str(), sent))
}

/// Whether two hosts are siblings: `www.example.com` and `example.com`, or two loopback hosts with
/// one port. Hosts are compared as the origin has them, so another port makes another host.
fn are_siblings(origin: &str, sent: &str) -> bool {
    let Some((scheme, public)) = origin.split_once("://") else {
        return false;
    };
    // Nearly every request is at the public host. It needs no parsing.
    if sent == public {
        return false;
    }
    let differs_by_www =
        sent.strip_prefix("www.") == Some(public) || public.strip_prefix("www.") == Some(sent);
    differs_by_www || are_loopback(origin, scheme, sent)
}

/// Whether two different hosts are this machine with the same port. The URL parser reads every
/// notation of an address. A host with other parts of a URL in it does not count, because
/// `localhost:80@evil.example` would name another host.
fn are_loopback(origin: &str, scheme: &str, sent: &str) -> bool {
    let is_bare = !sent.contains(['@', '/', '\\', '?', '#']);
    let sent = Url::parse(&format!("{scheme}://{sent}"));
    let (Ok(public), Ok(sent)) = (Url::parse(origin), sent) else {
        return false;
    };
    let (one, other) = (public.host_str(), sent.host_str());
    let (port, other_port) = (public.port_or_known_default(), sent.port_or_known_default());
    let are_two = one != other && port == other_port;
    is_bare && are_two && is_loopback(&public) && is_loopback(&sent)
}

/// Adds a `Host` header to a request of HTTP/2, which has the host in its target alone (RFC 9113
/// section 8.3.1). The checks after this one read the header.
pub(crate) fn make_known(head: &mut Parts) {
    let authority = head.uri.authority().map(Authority::as_str);
    let host = authority.and_then(|authority| HeaderValue::from_str(authority).ok());
    if let (Some(host), false) = (host, head.headers.contains_key(HOST)) {
        head.headers.insert(HOST, host);
    }
}

/// 303 to the same link at the public host. The parameter `moved` shows there that the redirect was
/// tried.
pub(crate) fn to_public(flow: &Flow, link: &str) -> Reply {
    Reply::see_other(&public(flow, link))
}

/// The link at the public host.
fn public(flow: &Flow, link: &str) -> String {
    let separator = if link.contains('?') { '&' } else { '?' };
    let origin = flow.config.origin.as_str();
    format!("{origin}{link}{separator}moved=1")
}

/// 303 to the public host for a callback or a sign-out at a sibling, if the browser has none of
/// its cookies there. A sign-out is confirmed by the user at the public host, because another site
/// can lead a browser through here.
pub(crate) fn callback_to_public(flow: &Flow, action: &Action, head: &Parts) -> Option<Reply> {
    let lacks_cookies = || match action {
        Action::Callback(_) => !attempt::has_cookie(flow, head),
        Action::AskLogout | Action::Logout | Action::LeftProvider => {
            navigation::wants_page(&head.headers) && !flow.is_signed_in(&head.headers)
        }
        _ => false,
    };
    // A request that was redirected already is answered here, because a second redirect would loop.
    if !is_sibling(flow, head) || link::is_moved(head) || !lacks_cookies() {
        return None;
    }
    let (reply, link) = (
        Reply::empty(StatusCode::SEE_OTHER),
        public(flow, &flow.seen(&head.uri)),
    );
    // A link that is too long for a proxy is handled at this host, where it gets a page.
    reply.fits_link(&link).then(|| reply.leading_to(&link))
}

/// The reply before a sign-in, if the host needs one:
///
/// | host | was redirected here | reply |
/// |---|---|---|
/// | public | no | none, the sign-in begins |
/// | sibling | no | 303 to the public host |
/// | sibling | yes | none, and a warning, because a second redirect would loop |
/// | public | yes | 303 back to the return address, if the user is signed in here |
pub(crate) fn before_login(flow: &Flow, query: &LoginQuery, head: &Parts) -> Option<Reply> {
    match (is_sibling(flow, head), query.moved) {
        (false, false) => None,
        (true, false) => Some(to_public(flow, &flow.seen(&head.uri))),
        (true, true) => {
            if flow.config.audit.allows(Line::OtherHost) {
                tracing::warn!(
                    public_url = flow.config.public_url(),
                    "a sign-in begins under another host than the public URL's, although it was redirected \
                     there: a proxy rewrites Host, or leads back to the other address; give the public \
                     URL that users see, and pass Host on unchanged"
                );
            }
            None
        }
        (false, true) => {
            let is_done = !query.asks_anew() && flow.is_signed_in(&head.headers);
            is_done.then(|| go_back(flow, &query.return_to, head))
        }
    }
}

/// Sends a user who is signed in here back to the return address. If that repeats, a proxy or the
/// application leads the browser to the sibling again, and a page says so.
fn go_back(flow: &Flow, return_to: &ReturnTo, head: &Parts) -> Reply {
    let cookies = &flow.config.cookies;
    if !cookies.is_looping(&head.headers) {
        let sign_ins_in_a_row = cookies.count_sign_in_within(&head.headers, LOOP_WINDOW);
        return Reply::see_other(return_to.as_str()).cookie(sign_ins_in_a_row);
    }
    let error = LoginError::new(LoginErrorKind::Misdirected).by_browser();
    let page = refuse::login(flow, None, &error, return_to, &head.headers);
    page.cookie(cookies.forget_sign_ins(&head.headers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_hosts_of_one_port_are_siblings() {
        for (public, sent) in [
            ("http://127.0.0.1:3000", "localhost:3000"),
            ("http://127.0.0.1:3000", "LOCALHOST:3000"),
            ("http://127.0.0.1:3000", "localhost.:3000"),
            ("http://127.0.0.1:3000", "app.localhost:3000"),
            ("http://127.0.0.1:3000", "[::1]:3000"),
            ("http://127.0.0.1:3000", "[0:0:0:0:0:0:0:1]:3000"),
            ("http://127.0.0.1:3000", "127.0.0.2:3000"),
            ("http://localhost:3000", "127.0.0.1:3000"),
            ("http://localhost:3000", "a.b.localhost:3000"),
            ("http://app.localhost:3000", "localhost:3000"),
            ("http://app.localhost:3000", "shop.localhost:3000"),
            ("http://[::1]:3000", "127.0.0.1:3000"),
            ("http://[::1]:3000", "localhost:3000"),
            ("http://localhost", "127.0.0.1"),
            ("http://localhost", "127.0.0.1:80"),
            ("https://localhost", "127.0.0.1:443"),
            ("https://localhost:3443", "127.0.0.1:3443"),
        ] {
            assert!(are_siblings(public, sent), "{public} {sent}");
        }
    }

    #[test]
    fn other_hosts_are_no_siblings() {
        for (public, sent) in [
            ("http://127.0.0.1:3000", "127.0.0.1:3000"),
            ("http://127.0.0.1:3000", "0x7f.1:3000"),
            ("http://localhost:3000", "LOCALHOST:3000"),
            ("http://[::1]:3000", "[0:0:0:0:0:0:0:1]:3000"),
            ("http://127.0.0.1:3000", "localhost:4000"),
            ("http://127.0.0.1:3000", "localhost"),
            ("http://127.0.0.1:3000", "0.0.0.0:3000"),
            ("http://127.0.0.1:3000", "192.168.0.7:3000"),
            ("http://127.0.0.1:3000", "shop.internal:3000"),
            ("http://127.0.0.1:3000", "localhost.evil.example:3000"),
            ("http://127.0.0.1:3000", "notlocalhost:3000"),
            ("http://127.0.0.1:3000", "me@localhost:3000"),
            ("http://127.0.0.1:3000", "localhost:3000/x"),
            ("http://127.0.0.1:3000", ""),
            ("https://shop.example.com", "localhost"),
            ("https://shop.example.com", "127.0.0.1:443"),
        ] {
            assert!(!are_siblings(public, sent), "{public} {sent}");
        }
    }
}
