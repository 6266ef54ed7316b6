//! The page after a sign-out, and the redirect to it. The page has its own address, so that a
//! reload sends nothing twice and shows the same.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method, StatusCode, request::Parts};

use crate::{
    flow::{
        Flow,
        request::{link, target},
    },
    page::{
        sign_out::{self, Ended, Open, Ways},
        texts::Texts,
    },
    web::{reply::Reply, return_to::ReturnTo},
};

/// The time in which a browser may load the page again.
const LIFE: Duration = Duration::from_secs(10 * 60);
/// The longest return address in a `Location`, as the query encodes it. A longer one is left out.
const LONGEST_PLACE: usize = 600;

/// The parameter for the page that a link or form of the application names.
const RETURN_TO: &str = "return_to";
/// The parameter for the page before the sign-out, in addresses that the layer makes.
const FROM: &str = "from";

/// The page before the sign-out, from the query or from `Referer`. The sign-out page puts the
/// address into the query of its form, because `Referer` then names the sign-out page itself.
pub(crate) fn page_before(flow: &Flow, head: &Parts) -> ReturnTo {
    let named = || link::value(&head.uri, FROM);
    match link::value(&head.uri, RETURN_TO).or_else(named) {
        Some(target) => flow.return_to(&target),
        None => target::page_before(flow, head),
    }
}

/// The page to which the browser goes after the sign-out, because the application named it. Only a
/// public page of this origin counts, because a protected one would begin a sign-in at once.
pub(crate) fn named_page(flow: &Flow, head: &Parts) -> Option<ReturnTo> {
    let target = link::value(&head.uri, RETURN_TO)?;
    let place = ReturnTo::keeps(&target, &flow.config.prefix).then(|| flow.return_to(&target))?;
    is_open(flow, &place).then_some(place)
}

/// Adds the page before the sign-out to an address of the layer.
pub(crate) fn with_place(flow: &Flow, path: String, place: &ReturnTo) -> String {
    with(flow, path, FROM, place)
}

/// Adds the page before the sign-out to the form of the sign-out page. A page that the application
/// named stays one.
pub(crate) fn with_named(flow: &Flow, path: String, place: &ReturnTo, head: &Parts) -> String {
    let is_named = named_page(flow, head).is_some();
    with(flow, path, if is_named { RETURN_TO } else { FROM }, place)
}

fn with(flow: &Flow, path: String, name: &str, place: &ReturnTo) -> String {
    // The start page is the default of `from` alone.
    if name == FROM && *place == flow.home() {
        return path;
    }
    link::with(path, name, place.as_str())
}

/// Whether a page is public, so that a link to it begins no sign-in.
pub(crate) fn is_open(flow: &Flow, place: &ReturnTo) -> bool {
    let path = place.as_str().split(['?', '#']).next().unwrap_or_default();
    let path = flow.config.prefix.base().inner(path);
    path.is_some_and(|path| flow.is_public(&Method::GET, path))
}

/// 303 to a page that the application named. `None` for an incomplete sign-out, because that page
/// would not say so, and for an address that is too long beside the deletions of cookies.
pub(crate) fn to_named(
    flow: &Flow,
    ended: Ended,
    named: Option<&ReturnTo>,
    headers: &HeaderMap,
) -> Option<Reply> {
    let named = named.filter(|named| named.as_str().len() <= LONGEST_PLACE)?;
    let reply = || Reply::see_other(named.as_str()).cookie(forget(flow, headers));
    (ended != Ended::Partly).then(reply)
}

/// 303 to the page, or to the application's own page. An incomplete sign-out always shows the
/// layer's page, which says so. With an application's own page, no cookie is set, because that page
/// does not show the result.
pub(crate) fn redirect(flow: &Flow, ended: Ended, place: &ReturnTo, headers: &HeaderMap) -> Reply {
    if let (Some(page), true) = (&flow.config.after_sign_out, ended != Ended::Partly) {
        return Reply::see_other(&page.location).cookie(forget(flow, headers));
    }
    let logout = flow.config.prefix.logout();
    let Some(word) = word(ended) else {
        let page = short(with_place(flow, logout.clone(), place), logout);
        return Reply::see_other(&page).cookie(forget(flow, headers));
    };
    let page = link::with(logout, "ended", word);
    let page = short(with_place(flow, page.clone(), place), page);
    Reply::see_other(&page).cookie(proof(flow, word))
}

/// The link, or the one without the return address if the link is too long. The layer's own path
/// and parameters take less than 100 bytes.
fn short(link: String, without: String) -> String {
    if link.len() <= LONGEST_PLACE + 100 {
        link
    } else {
        without
    }
}

/// How far the sign-out went, as far as the browser's cookie proves it. The query alone proves
/// nothing, because any site can link to `?ended=everywhere`.
pub(crate) fn proved(flow: &Flow, head: &Parts) -> Ended {
    let said = link::value(&head.uri, "ended");
    let ended = match said.as_deref() {
        Some("everywhere") => Ended::Everywhere,
        Some("partly") => Ended::Partly,
        _ => return Ended::Here,
    };
    let (cookie, now) = (&flow.cookies.signed_out, flow.config.clock.unix());
    let mut held = cookie.open("", &head.headers, now);
    let is_proved = held.any(|value| Some(&*value) == word(ended));
    if is_proved { ended } else { Ended::Here }
}

/// The page that says how far the sign-out went.
pub(crate) fn confirm(flow: &Flow, ended: Ended, place: &ReturnTo, headers: &HeaderMap) -> Reply {
    let home = flow.home();
    // Only a public page gets a link. A protected page would begin a sign-in, and a provider that
    // remembers the user would finish it without a question. On a shared computer, the next user
    // would then be signed in as that user.
    let open = if *place != home && is_open(flow, place) {
        Some(Open::Before(place.as_str()))
    } else {
        is_open(flow, &home).then_some(Open::Start(home.as_str()))
    };
    let login = flow.login_link(None, place);
    let ways = Ways {
        open,
        login: &login,
    };
    let texts = Texts::preferred(headers);
    let provider = flow.title(None);
    flow.html_page(
        StatusCode::OK,
        sign_out::done(texts, ended, provider, &ways),
    )
}

/// The result in the query of the page and in the cookie. `None` for results that need no proof.
/// The results at the provider are shown by the page of `/auth/logout/done`, with its own cookie.
fn word(ended: Ended) -> Option<&'static str> {
    match ended {
        Ended::Everywhere => Some("everywhere"),
        Ended::Partly => Some("partly"),
        Ended::Here | Ended::AtProvider | Ended::EverywhereAndAtProvider => None,
    }
}

/// The cookie that proves how far the sign-out went.
fn proof(flow: &Flow, word: &str) -> Option<HeaderValue> {
    let (cookie, now) = (&flow.cookies.signed_out, flow.config.clock.unix());
    cookie.set(&cookie.seal("", &word.to_owned(), now)?, LIFE)
}

/// Deletes the cookie of an earlier sign-out.
pub(crate) fn forget(flow: &Flow, headers: &HeaderMap) -> Option<HeaderValue> {
    let cookie = &flow.cookies.signed_out;
    let is_held = cookie.is_brought("", headers);
    is_held.then(|| cookie.delete(""))?
}
