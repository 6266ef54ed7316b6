//! The page after a refused sign-in. It has the cause, the next step, and the reference that also
//! stands in the log.
//!
//! The texts speak to a user and not to a developer. They name no provider, because the page does
//! not show which one was used, and they give no detail that would help an attacker. The details
//! are in the log, where an operator finds them by the reference. A code stands beside the
//! reference if it is safe to show.
//!
//! | links of the page | shown for |
//! |---|---|
//! | "Try again", "Sign in again" | every refusal |
//! | "Use another account" | a refusal that concerns the account; first if the account is denied |
//! | "Another way to sign in" | the same, if there are several providers |
//! | "Open in a browser" | blocked cookies inside an app |
//! | "Go to the start page" | most refusals; first if only an operator can help |

use maud::{Markup, html};

use super::{keep_fragment, layout};
use crate::{
    error::{LoginError, LoginErrorKind},
    language::Written,
    web::language::Language,
};

/// The links of the page, all on this origin. Links that are `None` are not shown.
pub(crate) struct Links<'a> {
    /// Begins the sign-in again.
    pub(crate) retry: &'a str,
    /// Begins a sign-in with another account. `None` if the refusal has nothing to do with the
    /// account.
    pub(crate) another_account: Option<String>,
    /// The page with all providers. `None` with one provider, or if another would not help.
    pub(crate) choice: Option<String>,
    /// The start page. `None` if it is protected and would sign the same account in again.
    pub(crate) home: Option<String>,
    /// Opens a full browser, for a page inside an app that blocks cookies.
    pub(crate) way_out: Option<&'a str>,
}

/// The page. `said` is the application's reason, if its hook refused the user. The reason replaces
/// the cause and is escaped like all texts.
pub(crate) fn render(
    language: Language,
    error: &LoginError,
    said: Option<Written<'_>>,
    links: &Links<'_>,
) -> String {
    let Words { title, cause, next } = words(error.kind(), language);
    let content = html! {
        @match said {
            Some(said) => p lang=[said.lang(language.tag())] { (said.text) },
            None => p { (cause) },
        }
        p { (next) }
        nav { (ways(language, error.kind(), links)) }
        small {
            (language.pick("Reference", "참조 번호")) " " (error.reference())
            @if let Some(code) = error.shown_code() { " · " (code) }
        }
        (keep_fragment())
    };
    layout(language, title, &content)
}

/// The links, with the one first that helps most. If only an operator can fix the cause, the start
/// page comes first, because another sign-in would fail as well.
fn ways(language: Language, kind: LoginErrorKind, links: &Links<'_>) -> Markup {
    let again = match links.another_account {
        Some(_) => language.pick("Try again", "다시 시도"),
        None => language.pick("Sign in again", "다시 로그인"),
    };
    let mut ways = vec![(links.retry, again)];
    if let Some(another) = &links.another_account {
        let another = (
            &**another,
            language.pick("Use another account", "다른 계정으로 로그인"),
        );
        // The same account would be refused again.
        let is_best = matches!(kind, LoginErrorKind::Denied | LoginErrorKind::OtherAccount);
        ways.insert(usize::from(!is_best), another);
    }
    let home = links.home.as_deref();
    let home = home.map(|home| (home, language.pick("Go to the start page", "처음으로")));
    let (first, last) = match kind.is_for_operator() {
        true => (home, None),
        false => (None, home),
    };
    html! {
        @if let Some((home, name)) = first { a.act href=(home) { (name) } }
        @for (number, (link, name)) in ways.into_iter().enumerate() {
            a.act[number == 0 && first.is_none()] href=(link) data-login { (name) }
        }
        @if let Some(choice) = &links.choice {
            a href=(choice) data-login { (language.pick("Another way to sign in", "다른 방법으로 로그인")) }
        }
        @if let Some(way_out) = links.way_out {
            a href=(way_out) { (language.pick("Open in a browser", "브라우저에서 열기")) }
        }
        @if let Some((home, name)) = last { a href=(home) { (name) } }
    }
}

/// The texts of a page. The title is also the heading. `next` says what the user can do.
struct Words {
    title: &'static str,
    cause: &'static str,
    next: &'static str,
}

/// The title, the cause and the next step of a refusal.
fn words(kind: LoginErrorKind, language: Language) -> Words {
    let (title, cause, next) = match language {
        Language::Korean => korean(kind),
        Language::English => english(kind),
    };
    Words { title, cause, next }
}

// One line for each cause, so that the two tables can be compared line by line.
/// The texts in English: title, cause and next step.
#[rustfmt::skip]
fn english(kind: LoginErrorKind) -> (&'static str, &'static str, &'static str) {
    use LoginErrorKind as K;

    const AGAIN: &str = "Please sign in again.";
    const LATER: &str = "Please try again in a few minutes. If you were signed in, you still are.";
    const OPERATOR: &str = "This is not your fault. Please tell the operator of this site the reference below.";
    let unfinished = "The sign-in was not completed";
    match kind {
        K::MalformedCallback => (unfinished, "The sign-in service sent us back with a link that is not complete.", AGAIN),
        K::UnknownState => (unfinished, "This sign-in was used already, or was begun in another browser or app.", AGAIN),
        K::NoCookies => ("Please allow cookies", "Your browser sent no cookie of this site, and signing in needs one.", "Allow cookies for this site, then sign in again. A private window, a content blocker or the browser inside an app may block them: use your usual browser then. If you began in another browser, go on there."),
        K::OtherWindow => (unfinished, "This sign-in was begun in another window or browser, or too many were open at once.", AGAIN),
        K::OtherHost => (unfinished, "This sign-in was begun at another address of this site, and your browser keeps the cookies of each address apart.", "Please sign in again here."),
        K::LoginExpired => ("The sign-in took too long", "More than 30 minutes have passed since this sign-in began.", AGAIN),
        K::IssuerMismatch => (unfinished, "The answer came from a different sign-in service than the one you chose.", AGAIN),
        K::CodeRejected => (unfinished, "The sign-in service says that this sign-in was used already or took too long.", AGAIN),
        K::Cancelled => ("The sign-in was cancelled", "You cancelled at the sign-in service.", "You can sign in again whenever you like."),
        K::ProviderRefused => (unfinished, "The sign-in service refused this sign-in.", AGAIN),
        K::Misconfigured => ("Signing in is not set up correctly", "The sign-in service does not accept the settings of this site.", OPERATOR),
        K::RateLimited => ("Too many sign-ins", "The sign-in service accepts no more requests for the moment.", LATER),
        K::ProviderBusy => ("The sign-in service is busy", "The sign-in service is under maintenance or busy.", LATER),
        K::ProviderUnavailable => ("The sign-in service is not available", "The sign-in service does not give a proper answer.", LATER),
        K::ProviderTimeout => ("The sign-in service is not available", "The sign-in service did not answer in time.", LATER),
        K::IdTokenRejected => (unfinished, "This site cannot accept the answer of the sign-in service.", OPERATOR),
        K::InvalidAnswer | K::TokenRejected => ("The sign-in service is not available", "The sign-in service gave an answer that we cannot use.", LATER),
        K::AccountRefused => ("This account cannot sign in", "The sign-in service does not let this account sign in here, for example because it is dormant, blocked or under age.", "Please check your account at the sign-in service, or use another one."),
        K::OtherAccount => ("You are signed out", "Another account is signed in at the sign-in service, so your session here has ended.", "Sign in again with the account that you want to use here."),
        K::PhoneNotShared => ("Your phone number is needed", "This site signs you in by your phone number, and you did not share it.", "Sign in again and agree to share your phone number."),
        K::PhoneNotConfigured => ("Signing in is not set up correctly", "The sign-in service does not give phone numbers to this site.", OPERATOR),
        K::PhoneNotOnAccount => ("Your account has no phone number", "This site signs you in by your phone number, and your account has none.", "Add a phone number to your account at the sign-in service, then sign in again."),
        K::Preregistered => (unfinished, "Your sign-up at the sign-in service is not completed.", "Please complete it there, then sign in again."),
        K::PhoneInvalid => ("Your phone number cannot be used", "The phone number of your account is not one that can be dialled.", "Please correct it at the sign-in service, then sign in again."),
        K::Loop => ("Signing in goes in circles", "You signed in several times in a row, and your browser did not keep it: it may block cookies, or its clock may be wrong.", "Allow cookies for this site and check the clock, then sign in again."),
        K::Misdirected => ("This site leads in circles", "This site has two addresses, and each sends you to the other.", OPERATOR),
        K::Denied => ("You cannot sign in here", "This site does not let this account in.", "You can sign in with another account."),
        K::ApplicationBusy => (unfinished, "This site did not answer in time.", LATER),
        K::Unproved => ("This page needs a fresh sign-in", "The sign-in service did not confirm that you signed in there just now, so this page stays closed.", "Please sign in again, and enter your password or confirm that it is you when the sign-in service asks. If you come back to this message, please tell the operator of this site."),
        K::PhoneNotVerified => ("Your phone number is not verified", "This site needs a phone number that the sign-in service has verified.", "Please verify your phone number at the sign-in service, or use another account."),
    }
}

/// The texts in Korean, in the same order.
#[rustfmt::skip]
fn korean(kind: LoginErrorKind) -> (&'static str, &'static str, &'static str) {
    use LoginErrorKind as K;

    const AGAIN: &str = "다시 로그인해 주세요.";
    const LATER: &str = "잠시 후 다시 시도해 주세요. 이미 로그인한 상태였다면 그대로 유지됩니다.";
    const OPERATOR: &str = "고객님의 잘못이 아닙니다. 아래 참조 번호를 사이트 운영자에게 알려 주세요.";
    let unfinished = "로그인을 마치지 못했습니다";
    match kind {
        K::MalformedCallback => (unfinished, "로그인 서비스에서 돌아온 주소가 올바르지 않습니다.", AGAIN),
        K::UnknownState => (unfinished, "이미 사용했거나 다른 브라우저 또는 앱에서 시작한 로그인입니다.", AGAIN),
        K::NoCookies => ("쿠키를 허용해 주세요", "브라우저가 이 사이트의 쿠키를 보내지 않았습니다. 로그인하려면 쿠키가 필요합니다.", "이 사이트의 쿠키를 허용한 뒤 다시 로그인해 주세요. 시크릿 모드, 콘텐츠 차단 앱, 앱 안의 브라우저에서는 쿠키가 차단될 수 있으니 평소 쓰시는 브라우저에서 열어 주세요. 다른 브라우저에서 시작하셨다면 그 브라우저에서 계속해 주세요."),
        K::OtherWindow => (unfinished, "다른 창이나 다른 브라우저에서 시작한 로그인이거나, 로그인 창을 한꺼번에 너무 많이 열었습니다.", AGAIN),
        K::OtherHost => (unfinished, "이 사이트의 다른 주소에서 시작한 로그인입니다. 쿠키는 주소마다 따로 저장됩니다.", "지금 주소에서 다시 로그인해 주세요."),
        K::LoginExpired => ("로그인 시간이 지났습니다", "로그인을 시작한 지 30분이 넘었습니다.", AGAIN),
        K::IssuerMismatch => (unfinished, "선택하신 것과 다른 로그인 서비스에서 온 응답입니다.", AGAIN),
        K::CodeRejected => (unfinished, "로그인 서비스에서 이미 사용했거나 시간이 지난 로그인이라고 알려 왔습니다.", AGAIN),
        K::Cancelled => ("로그인을 취소했습니다", "로그인 서비스에서 취소하셨습니다.", "언제든지 다시 로그인하실 수 있습니다."),
        K::ProviderRefused => (unfinished, "로그인 서비스에서 이 로그인을 거절했습니다.", AGAIN),
        K::Misconfigured => ("로그인 설정이 올바르지 않습니다", "로그인 서비스에서 이 사이트의 설정을 받아들이지 않습니다.", OPERATOR),
        K::RateLimited => ("로그인 요청이 너무 많습니다", "로그인 서비스에서 지금은 더 이상 요청을 받지 않습니다.", LATER),
        K::ProviderBusy => ("로그인 서비스가 점검 중입니다", "로그인 서비스가 점검 중이거나 혼잡합니다.", LATER),
        K::ProviderUnavailable => ("로그인 서비스를 이용할 수 없습니다", "로그인 서비스에서 올바른 응답이 오지 않습니다.", LATER),
        K::ProviderTimeout => ("로그인 서비스를 이용할 수 없습니다", "로그인 서비스가 제시간에 응답하지 않았습니다.", LATER),
        K::IdTokenRejected => (unfinished, "로그인 서비스의 응답을 이 사이트에서 받아들일 수 없습니다.", OPERATOR),
        K::InvalidAnswer | K::TokenRejected => ("로그인 서비스를 이용할 수 없습니다", "로그인 서비스에서 사용할 수 없는 응답을 보냈습니다.", LATER),
        K::AccountRefused => ("이 계정으로는 로그인할 수 없습니다", "휴면, 제한 또는 연령 등의 이유로 로그인 서비스에서 이 계정의 로그인을 허용하지 않습니다.", "로그인 서비스에서 계정을 확인하시거나 다른 계정을 이용해 주세요."),
        K::OtherAccount => ("로그아웃되었습니다", "로그인 서비스에 다른 계정으로 로그인되어 있어 이 사이트에서 로그아웃되었습니다.", "이 사이트에서 사용할 계정으로 다시 로그인해 주세요."),
        K::PhoneNotShared => ("전화번호가 필요합니다", "이 사이트는 전화번호로 로그인합니다. 전화번호 제공에 동의하지 않으셨습니다.", "다시 로그인하여 전화번호 제공에 동의해 주세요."),
        K::PhoneNotConfigured => ("로그인 설정이 올바르지 않습니다", "로그인 서비스에서 이 사이트에 전화번호를 제공하지 않습니다.", OPERATOR),
        K::PhoneNotOnAccount => ("계정에 전화번호가 없습니다", "이 사이트는 전화번호로 로그인하는데, 계정에 등록된 전화번호가 없습니다.", "로그인 서비스의 계정에 전화번호를 등록한 뒤 다시 로그인해 주세요."),
        K::Preregistered => (unfinished, "로그인 서비스에서 가입을 아직 마치지 않으셨습니다.", "가입을 마친 뒤 다시 로그인해 주세요."),
        K::PhoneInvalid => ("사용할 수 없는 전화번호입니다", "계정에 등록된 전화번호가 올바르지 않습니다.", "로그인 서비스에서 전화번호를 고친 뒤 다시 로그인해 주세요."),
        K::Loop => ("로그인이 반복되고 있습니다", "여러 번 로그인했지만 브라우저에 로그인이 유지되지 않았습니다. 쿠키가 차단되었거나 기기의 시계가 맞지 않을 수 있습니다.", "이 사이트의 쿠키를 허용하고 시계를 확인한 뒤 다시 로그인해 주세요."),
        K::Misdirected => ("이 사이트의 주소가 서로를 가리킵니다", "이 사이트에는 주소가 두 개 있는데, 서로 상대 주소로 보내고 있습니다.", OPERATOR),
        K::Denied => ("로그인할 수 없습니다", "이 사이트에서 이 계정의 로그인을 허용하지 않습니다.", "다른 계정으로 로그인하실 수 있습니다."),
        K::ApplicationBusy => (unfinished, "이 사이트가 제시간에 응답하지 않았습니다.", LATER),
        K::Unproved => ("다시 로그인해야 열 수 있는 페이지입니다", "로그인 서비스에서 방금 본인 확인을 마쳤는지 확인되지 않아 이 페이지를 열 수 없습니다.", "다시 로그인하고, 로그인 서비스에서 요청하면 비밀번호를 입력하거나 본인 확인을 해 주세요. 이 안내가 계속 나오면 사이트 운영자에게 알려 주세요."),
        K::PhoneNotVerified => ("인증되지 않은 전화번호입니다", "이 사이트는 로그인 서비스에서 인증한 전화번호가 필요합니다.", "로그인 서비스에서 전화번호를 인증하시거나 다른 계정을 이용해 주세요."),
    }
}
