//! The pages of the shop, in English and Korean.

use http::HeaderMap;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use tower_phone_auth::{Text, VerifiedUser, phone::PhoneAssurance};

const STYLE: &str = include_str!("page.css");

/// Addresses that the pages link to, as the browser sees them.
#[derive(Clone)]
pub(crate) struct Links {
    /// The address of the shop, without a slash at its end.
    pub(crate) home: String,
    /// The page with the messages of the local provider.
    pub(crate) inbox: Option<String>,
}

/// The protected page. `headers` are those of the request, for the language.
pub(crate) fn home(user: &VerifiedUser, links: &Links, headers: &HeaderMap) -> String {
    let say = |english, korean| say(headers, english, korean);
    let title = say("You are signed in", "로그인되었습니다");
    let phone = &user.phone;
    let content = html! {
        p.number { (phone) }
        p { strong { (phone.national()) } " · " (meaning(user.phone_assurance, headers)) }
        dl {
            dt { (say("Provider", "로그인 방법")) } dd { (user.provider) }
            dt { (say("User at the provider", "회원 번호")) } dd { (user.subject) }
            @if let Some(name) = user.name() {
                dt { (say("Name", "이름")) } dd { (name) }
            }
        }
        h2 { (say("Try this", "이런 것도 해 보세요")) }
        ul {
            li {
                a href={ (links.home) "/pay" } { (say("Pay", "결제하기")) }
                (say("Needs a sign-in of the last five minutes.", "최근 5분 안에 로그인한 사용자만 이용할 수 있습니다."))
            }
            li {
                a href={ (links.home) "/me" } { "/me" }
                (say("The same user as JSON.", "같은 사용자 정보를 JSON으로 보여 줍니다."))
            }
            @if let Some(inbox) = &links.inbox {
                li {
                    a href=(inbox) { (say("SMS inbox", "문자 수신함")) }
                    (say(
                        "Sign out, and sign in as Haneul, who has no number. The code appears there.",
                        "로그아웃한 뒤 전화번호가 없는 박하늘로 로그인하면 인증번호가 여기에 표시됩니다.",
                    ))
                }
            }
        }
        div.actions {
            (sign_out(links, "", say("Sign out", "로그아웃")))
            (sign_out(links, "?everywhere", say("Sign out everywhere", "모든 기기에서 로그아웃")))
        }
    };
    document(title, &content, headers)
}

/// The page of a route that requires a fresh sign-in.
pub(crate) fn paid(links: &Links, headers: &HeaderMap) -> String {
    let say = |english, korean| say(headers, english, korean);
    let content = html! {
        p { (say("You signed in a moment ago, so this page opened.", "방금 로그인했기 때문에 이 페이지가 열렸습니다.")) }
        p { a href={ (links.home) "/" } { (say("Back to the shop", "홈으로")) } }
    };
    document(say("Paid", "결제되었습니다"), &content, headers)
}

/// How far the number is proved, in words.
fn meaning(assurance: PhoneAssurance, headers: &HeaderMap) -> &str {
    match assurance {
        PhoneAssurance::Confirmed => say(
            headers,
            "confirmed by a code",
            "인증번호로 확인한 번호입니다",
        ),
        PhoneAssurance::Verified => say(
            headers,
            "the provider says that it verified the number",
            "간편 로그인 서비스가 본인 번호로 확인한 번호입니다",
        ),
        _ => say(
            headers,
            "the provider gave this number",
            "간편 로그인 서비스에서 받은 번호입니다",
        ),
    }
}

/// A button that signs the user out.
fn sign_out(links: &Links, query: &str, label: &str) -> Markup {
    html! {
        form method="post" action={ (links.home) "/auth/logout" (query) } { button { (label) } }
    }
}

fn document(title: &str, content: &Markup, headers: &HeaderMap) -> String {
    html! {
        (DOCTYPE)
        html lang=(say(headers, "en", "ko")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { h1 { (title) } (content) } }
        }
    }
    .into_string()
}

/// The text in the language of the user.
fn say<'a>(headers: &HeaderMap, english: &'a str, korean: &'a str) -> &'a str {
    let language = Text::en("en").ko("ko");
    match language.for_user(headers) {
        "ko" => korean,
        _ => english,
    }
}
