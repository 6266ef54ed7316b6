//! The choice among providers: which are shown, in which order, with what beside them.

use http::{HeaderMap, StatusCode, request::Parts};

use super::{probe, signed_in};
use crate::{
    flow::{
        Flow, Registered,
        request::{
            in_app::{self, InApp},
            link::{self, Wanted},
        },
    },
    page::sign_in::{self, Choice, Note},
    provider::brand::Brand,
    web::{language::Language, reply::Reply},
};

/// The page. What a person used last comes first, what cannot work here last.
pub(crate) fn page(flow: &Flow, status: StatusCode, wanted: &Wanted, head: &Parts) -> Reply {
    let language = Language::preferred(&head.headers);
    let app = InApp::of(&head.headers);
    let last_used = flow.config.cookies.last_used(&head.headers);
    let mut choices: Vec<Choice<'_>> = flow
        .providers
        .iter()
        .map(|provider| {
            let identity = provider.client.identity();
            let note = if is_stuck(provider, app) {
                Some(refusal(app))
            } else if provider.calls.is_down() {
                Some(Note::Unavailable)
            } else if last_used == Some(provider.name.as_bytes()) {
                Some(Note::LastUsed)
            } else {
                None
            };
            Choice {
                title: language.pick(&identity.title.english, &identity.title.korean),
                brand: identity.brand,
                link: link(flow, provider, wanted),
                note,
            }
        })
        .collect();
    choices.sort_by_key(|choice| rank(choice, app));
    let way_out = in_app::way_out(flow, &wanted.return_to, &head.headers);
    let signed_in = signed_in::note(flow, wanted, head);
    flow.page(
        status,
        sign_in::render(language, &choices, way_out.as_deref(), signed_in.as_ref()),
    )
    .cookie(probe::cookie(flow, &head.headers))
}

/// With what the visit asked for.
fn link(flow: &Flow, provider: &Registered, wanted: &Wanted) -> String {
    let link = flow.login_link(Some(&provider.name), &wanted.return_to);
    let link = link::as_wanted(link, wanted.fresh, wanted.another_account);
    let hint = wanted.login_hint.as_deref();
    probe::marked(flow, link::with_hint(link, hint))
}

/// Google refuses browsers inside apps (`disallowed_useragent`): going there is a dead end.
pub(crate) fn is_stuck(provider: &Registered, app: Option<InApp>) -> bool {
    app.is_some() && provider.client.identity().brand == Brand::Google
}

pub(crate) fn is_stuck_here(provider: &Registered, headers: &HeaderMap) -> bool {
    is_stuck(provider, InApp::of(headers))
}

/// A web app on the home screen may stand behind the headers of a web view without a name.
fn refusal(app: Option<InApp>) -> Note {
    match app {
        Some(InApp::Unnamed) => Note::MayRefuseApp,
        _ => Note::RefusesApp,
    }
}

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
