//! The page where a user chooses a provider.
//!
//! The page is shown if there are several providers, or if the only one refuses the browser of an
//! app. The order of the providers and the notes beside them come from `flow/login/choose.rs`.
//!
//! A signed-in user gets a note above the list, with a button that leads on. The providers below it
//! are then for a sign-in with another account.

use maud::{Markup, html};

use super::{keep_fragment, layout};
use crate::{language::Written, provider::brand::Brand, web::language::Language};

/// One provider of the page.
#[derive(Debug)]
pub(crate) struct Choice<'a> {
    /// The text of the button, in the best language that it has for the user.
    pub(crate) title: Written<'a>,
    /// The brand of the provider, which decides the colours of the button.
    pub(crate) brand: Brand,
    /// The sign-in at this provider, on this origin.
    pub(crate) link: String,
    /// The note beside the button. `None` for most providers.
    pub(crate) note: Option<Note>,
}

/// The note beside a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// This browser used the provider last.
    LastUsed,
    /// The provider does not work in browsers inside apps.
    RefusesApp,
    /// The provider does not work in browsers inside apps, and the page may be in one.
    MayRefuseApp,
    /// The provider failed so often that calls to it are paused. The link stays, because the
    /// provider may have recovered.
    Unavailable,
}

/// The note for a user who is signed in already (`flow/login/signed_in.rs`).
#[derive(Debug)]
pub(crate) enum SignedIn {
    /// The link to the return address, through the sign-in page of this origin.
    Continue(String),
    /// The page at the return address led back here, and a link to it would do so again.
    SentBack,
}

/// The page. `way_out` opens a full browser if the page is shown inside an app. An empty list of
/// providers cannot occur, because a layer has at least one.
pub(crate) fn render(
    language: Language,
    choices: &[Choice<'_>],
    way_out: Option<&str>,
    signed_in: Option<&SignedIn>,
) -> String {
    let heading = language.pick("Sign in", "로그인");
    let content = html! {
        @match signed_in {
            Some(signed_in) => (already(language, signed_in)),
            None => p { (language.pick("Choose a sign-in service.", "로그인 서비스를 선택해 주세요.")) },
        }
        nav aria-label=(heading) {
            ul { @for choice in choices { li { (offer(language, choice)) } } }
            @if let Some(way_out) = way_out {
                a href=(way_out) { (language.pick("Open in a browser", "브라우저에서 열기")) }
            }
        }
        (keep_fragment())
    };
    layout(language, heading, &content)
}

/// The note for a user who is signed in already (`flow/login/signed_in.rs`).
fn already(language: Language, signed_in: &SignedIn) -> Markup {
    match signed_in {
        SignedIn::Continue(link) => html! {
            p { (language.pick("You are signed in already.", "이미 로그인되어 있습니다.")) }
            nav { a.act href=(link) data-login { (language.pick("Continue", "계속하기")) } }
            p.more {
                (language.pick(
                    "To use another account, choose a sign-in service.",
                    "다른 계정을 사용하려면 로그인 서비스를 선택해 주세요.",
                ))
            }
        },
        SignedIn::SentBack => html! {
            p {
                (language.pick(
                    "You are signed in already. If the page does not open, sign in with another account.",
                    "이미 로그인되어 있습니다. 페이지가 열리지 않으면 다른 계정으로 로그인해 주세요.",
                ))
            }
        },
    }
}

/// The button of one provider. The note stands below the button, where a screen reader reads it
/// after the button's text.
fn offer(language: Language, choice: &Choice<'_>) -> Markup {
    let note = choice.note.map(|note| match note {
        Note::LastUsed => language.pick("Used last time", "최근에 사용한 방법"),
        Note::RefusesApp => language.pick(
            "Does not work inside this app: open the page in a browser.",
            "이 앱 안에서는 로그인할 수 없습니다. 브라우저에서 열어 주세요.",
        ),
        Note::MayRefuseApp => language.pick(
            "May not work inside an app. If it does not, open the page in a browser.",
            "앱 안에서는 로그인되지 않을 수 있습니다. 그럴 때는 브라우저에서 열어 주세요.",
        ),
        Note::Unavailable => language.pick(
            "Not available at the moment.",
            "일시적으로 이용할 수 없습니다.",
        ),
    });
    // The link stays usable. Its colours and `aria-disabled` say that it will probably fail.
    let down = choice.note == Some(Note::Unavailable);
    html! {
        a class={ (class(choice.brand)) @if down { " off" } } aria-disabled=[down.then_some("true")] href=(choice.link) data-login lang=[choice.title.lang(language.tag())] {
            (choice.title.text)
        }
        @if let Some(note) = note { small { (note) } }
    }
}

/// The class of the button in `style.css`, where the brand's colours are.
fn class(brand: Brand) -> &'static str {
    match brand {
        Brand::Kakao => "kakao",
        Brand::Naver => "naver",
        Brand::Google => "google",
        Brand::Line => "line",
        Brand::Other => "other",
    }
}
