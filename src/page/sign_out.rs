//! The pages before and after a sign-out.
//!
//! The flow is in `flow/logout/`. Neither page has a script, so a sign-out works with scripts
//! switched off.
//!
//! | `Ended` | what the page says about the provider |
//! |---|---|
//! | `Here`, `Everywhere` | the user may still be signed in there |
//! | `AtProvider`, `EverywhereAndAtProvider` | the user is signed out there too |
//! | `Partly` | nothing, because this replica is still publishing the sign-out |

use maud::html;

use super::layout;
use crate::web::language::Language;

/// The page that asks first, because a link or an image alone must sign no user out. `logout` is
/// the address of the form, and `place` the page before, to which the user can go back.
pub(crate) fn ask(language: Language, logout: &str, place: &str, everywhere: bool) -> String {
    let (title, note) = if everywhere {
        let note = language.pick(
            "This ends your sessions on this site in every browser.",
            "모든 브라우저에서 이 사이트의 로그인이 종료됩니다.",
        );
        let title = language.pick("Sign out everywhere?", "모든 기기에서 로그아웃할까요?");
        (title, Some(note))
    } else {
        (language.pick("Sign out?", "로그아웃할까요?"), None)
    };
    let content = html! {
        @if let Some(note) = note { p { (note) } }
        form method="post" action=(logout) {
            button { (language.pick("Sign out", "로그아웃")) }
            a href=(place) { (language.pick("Cancel", "취소")) }
        }
    };
    layout(language, title, &content)
}

/// The extent of a sign-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// This browser's session, which is the ordinary case.
    Here,
    /// All sessions of the user.
    Everywhere,
    /// This browser's session, and the one at the provider.
    AtProvider,
    /// All sessions of the user, and the one at the provider.
    EverywhereAndAtProvider,
    /// This browser's session, on this replica. The others do not know it yet, and a copy of the
    /// session may still work there.
    Partly,
}

/// The links of the page, all on this origin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ways<'a> {
    /// A public page. It comes first, because it signs no user in again. `None` if neither the page
    /// before nor the start page is public.
    pub(crate) open: Option<Open<'a>>,
    /// The sign-in, with the page before as the return address.
    pub(crate) login: &'a str,
}

/// A public page, with its address.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Open<'a> {
    /// The page before.
    Before(&'a str),
    /// The start page.
    Start(&'a str),
}

/// The page after a sign-out.
pub(crate) fn done(language: Language, ended: Ended, ways: &Ways<'_>) -> String {
    let open = ways.open.map(|open| match open {
        Open::Before(link) => (
            link,
            language.pick("Back to the page before", "이전 페이지로"),
        ),
        Open::Start(link) => (link, language.pick("Go to the start page", "처음으로")),
    });
    let content = html! {
        p { (text(language, ended)) }
        nav {
            @if let Some((link, name)) = open { a.act href=(link) { (name) } }
            a href=(ways.login) { (language.pick("Sign in again", "다시 로그인")) }
        }
    };
    let title = language.pick("You are signed out", "로그아웃했습니다");
    layout(language, title, &content)
}

/// The text of the page after a sign-out. It says no more than was done. After a sign-out here, the
/// provider may still have a session.
fn text(language: Language, ended: Ended) -> &'static str {
    match ended {
        Ended::Here => language.pick(
            "You are signed out of this site. You may still be signed in at the sign-in service.",
            "이 사이트에서 로그아웃했습니다. 로그인 서비스에는 계속 로그인되어 있을 수 있습니다.",
        ),
        Ended::Everywhere => language.pick(
            "Your sessions on this site are ended in every browser. You may still be signed in at the sign-in service.",
            "모든 브라우저에서 이 사이트의 로그인이 종료되었습니다. 로그인 서비스에는 계속 로그인되어 있을 수 있습니다.",
        ),
        Ended::AtProvider => language.pick(
            "You are signed out of this site and of the sign-in service.",
            "이 사이트와 로그인 서비스에서 모두 로그아웃했습니다.",
        ),
        Ended::EverywhereAndAtProvider => language.pick(
            "Your sessions on this site are ended in every browser. In this browser, you are signed out of the sign-in \
             service too.",
            "모든 브라우저에서 이 사이트의 로그인이 종료되었습니다. 이 브라우저에서는 로그인 서비스에서도 로그아웃했습니다.",
        ),
        Ended::Partly => language.pick(
            "You are signed out in this browser. Not all of our servers know it yet: we keep telling them, and until then \
             a copy of your session may still work.",
            "이 브라우저에서 로그아웃했습니다. 아직 일부 서버에는 전달되지 않아 계속 시도하고 있습니다. \
             그때까지는 복사된 세션이 유효할 수 있습니다.",
        ),
    }
}
