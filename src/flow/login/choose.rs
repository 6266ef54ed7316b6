//! The sign-in page with several providers: their order, and the notes beside them.
//!
//! The rank of a provider depends on the note beside it:
//!
//! | rank | provider |
//! |---|---|
//! | 0 | the one of the app around the browser |
//! | 1 | the one that was used last |
//! | 2 | any other |
//! | 3 | one whose calls are paused after failures |
//! | 4 | one that refuses browsers inside apps, in such a browser |

use http::{HeaderMap, StatusCode, request::Parts};

use super::{probe, signed_in};
use crate::{
    flow::{
        Flow, Registered,
        request::{
            in_app::{self, InApp},
            link::{self, LoginQuery},
        },
    },
    language::Accepted,
    page::{
        sign_in::{self, Choice, Note},
        texts::Texts,
    },
    provider::brand::Brand,
    web::reply::Reply,
};

/// The longest address of the application's page. The reply has cookies too, and proxies take 4,000
/// bytes of headers in all.
const LONGEST: usize = 2_000;

/// 303 to the application's own page. `None` if the layer's page has more to say: with one provider
/// that does not work in this browser, with an unknown provider, to a signed-in user, and with
/// options that the application's links would not keep.
fn own_page(flow: &Flow, status: StatusCode, query: &LoginQuery, head: &Parts) -> Option<Reply> {
    let page = flow.config.login_page.as_deref()?;
    let says_more = flow.providers.len() < 2
        || status != StatusCode::OK
        || query.fresh
        || query.another_account
        || signed_in::note(flow, query, head).is_some();
    let page = link::with(page.to_owned(), "return_to", query.return_to.as_str());
    let reply = || Reply::see_other(&page).cookie(probe::cookie(flow, &head.headers));
    (!says_more && query.return_to.form().is_none() && page.len() <= LONGEST).then(reply)
}

/// Shows the page, or leads to the application's own. The provider of the app around the browser comes first, such as Kakao inside
/// KakaoTalk, and then the provider that was used last. Providers that cannot work at the moment
/// come last.
pub(crate) fn show(flow: &Flow, status: StatusCode, query: &LoginQuery, head: &Parts) -> Reply {
    if let Some(reply) = own_page(flow, status, query, head) {
        return reply;
    }
    let (texts, accepted) = (Texts::preferred(&head.headers), Accepted::of(&head.headers));
    let app = InApp::of(&head.headers);
    let last_used = flow.config.cookies.last_used(&head.headers);
    let mut choices: Vec<Choice<'_>> = flow
        .providers
        .iter()
        .map(|provider| {
            let identity = provider.client.identity();
            Choice {
                name: &provider.name,
                title: &identity.title,
                brand: identity.brand,
                link: link(flow, provider, query),
                note: note(provider, app, last_used),
            }
        })
        .collect();
    // The sort is stable, so providers of one rank keep the order of the settings.
    choices.sort_by_key(|choice| rank(choice, app));
    let way_out = in_app::way_out(flow, &query.return_to, &head.headers);
    let signed_in = signed_in::note(flow, query, head);
    flow.html_page(
        status,
        sign_in::render(
            texts,
            &accepted,
            &choices,
            way_out.as_deref(),
            signed_in.as_ref(),
        ),
    )
    .cookie(probe::cookie(flow, &head.headers))
}

/// The note beside a provider. The most important one wins, because a provider has one line.
fn note(provider: &Registered, app: Option<InApp>, last_used: Option<&[u8]>) -> Option<Note> {
    if is_stuck(provider, app) {
        Some(refusal(app))
    } else if provider.calls.is_down() {
        Some(Note::Unavailable)
    } else if last_used == Some(provider.name.as_bytes()) {
        Some(Note::LastUsed)
    } else {
        None
    }
}

/// The link to a provider, with the options of the visit. A page that was opened for a fresh
/// sign-in or another account thus keeps that wish at each provider.
fn link(flow: &Flow, provider: &Registered, query: &LoginQuery) -> String {
    let link = flow.login_link(Some(&provider.name), &query.return_to);
    let link = link::with_options(link, query.fresh, query.another_account);
    let hint = query.login_hint.as_deref();
    probe::marked(flow, link::with_hint(link, hint))
}

/// Whether the provider refuses this browser. Google refuses browsers inside apps
/// (`disallowed_useragent`), and its page has no way back.
pub(crate) fn is_stuck(provider: &Registered, app: Option<InApp>) -> bool {
    app.is_some() && provider.client.identity().brand == Brand::Google
}

/// [`is_stuck`], for a request.
pub(crate) fn is_stuck_here(provider: &Registered, headers: &HeaderMap) -> bool {
    is_stuck(provider, InApp::of(headers))
}

/// The note beside such a provider. A web app on the home screen sends the headers of an unnamed
/// web view, and may work.
fn refusal(app: Option<InApp>) -> Note {
    match app {
        Some(InApp::Unnamed) => Note::MayRefuseApp,
        _ => Note::RefusesApp,
    }
}

/// The rank of a provider in the list, the lowest first.
fn rank(choice: &Choice<'_>, app: Option<InApp>) -> u8 {
    let at_home = matches!(
        (app, choice.brand),
        (Some(InApp::KakaoTalk), Brand::Kakao)
            | (Some(InApp::Naver), Brand::Naver)
            | (Some(InApp::Line), Brand::Line)
    );
    match choice.note {
        Some(Note::RefusesApp | Note::MayRefuseApp) => 4,
        Some(Note::Unavailable) => 3,
        _ if at_home => 0,
        Some(Note::LastUsed) => 1,
        None => 2,
    }
}
