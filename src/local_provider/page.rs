use std::sync::LazyLock;

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    answer::{self, Answer},
    koe::Koe,
    params::Params,
    person::Person,
    settings::Settings,
    state::State,
};
use crate::language::Language;

/// Asks who to be, with the person who signed in last chosen beforehand.
pub(super) fn choice(
    state: &State,
    language: Language,
    params: &Params,
    last: Option<u64>,
) -> Answer {
    let people: Vec<&Person> = state.people.iter().collect();
    let chosen = last.or(people.first().map(|person| person.id));
    let heading = language.pick("Who do you want to be?", "누구로 로그인할까요?");
    let form = form(state, language, params, &people, chosen);
    page(StatusCode::OK, language, heading, &form)
}

/// Asks the person who is signed in already to agree to more.
pub(super) fn consent(state: &State, language: Language, params: &Params, person: u64) -> Answer {
    let people: Vec<&Person> = state.person(person).into_iter().collect();
    let heading = language.pick("The app asks for more", "앱이 추가 동의를 요청합니다");
    let form = form(state, language, params, &people, Some(person));
    page(StatusCode::OK, language, heading, &form)
}

/// Shows a mistake that must not be answered with a redirect.
pub(super) fn refusal(settings: &Settings, language: Language, koe: &Koe) -> Answer {
    let cause = html! { p { (koe.cause(language)) } };
    page(settings.error_page_status, language, koe.code(), &cause)
}

fn form(
    state: &State,
    language: Language,
    params: &Params,
    people: &[&Person],
    chosen: Option<u64>,
) -> Markup {
    html! {
        p { (language.pick("Signing in to:", "로그인할 앱:")) " " strong { (state.settings.client_id) } }
        form method="post" action="/oauth/authorize" {
            @for name in CARRIED {
                @if let Some(value) = params.value(name) {
                    input type="hidden" name=(name) value=(value);
                }
            }
            fieldset {
                legend { (language.pick("Person", "사람")) }
                @for person in people {
                    (row(person, language, chosen == Some(person.id)))
                }
            }
            @if state.settings.asks_for("phone_number") {
                div.row {
                    input type="checkbox" id="phone_number" name="phone_number" value="yes" checked;
                    label for="phone_number" {
                        (language.pick("Share my phone number", "전화번호 제공에 동의합니다"))
                    }
                }
            }
            div.actions {
                button type="submit" name="decision" value="agree" {
                    (language.pick("Agree and continue", "동의하고 계속하기"))
                }
                button.quiet type="submit" name="decision" value="cancel" formnovalidate {
                    (language.pick("Cancel", "취소"))
                }
            }
        }
    }
}

fn row(person: &Person, language: Language, chosen: bool) -> Markup {
    let id = format!("person-{}", person.id);
    let nothing = language.pick("no phone number", "전화번호 없음");
    html! {
        div.row {
            input type="radio" id=(id) name="person" value=(person.id) checked[chosen] required;
            label for=(id) {
                strong { (person.nickname) }
                @if let Some(name) = &person.name { " " (name) }
                span { (person.phone.as_deref().unwrap_or(nothing)) }
                @if person.preregistered {
                    span { (language.pick("has not finished signing up", "가입을 마치지 않음")) }
                }
            }
        }
    }
}

fn page(status: StatusCode, language: Language, heading: &str, content: &Markup) -> Answer {
    let mark = language.pick(
        "Local provider, not Kakao",
        "로컬 제공자입니다. 카카오가 아닙니다",
    );
    let markup = html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (heading) " - " (mark) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { p.mark { (mark) } h1 { (heading) } (content) } }
        }
    };
    guarded(answer::with_type(
        status,
        "text/html; charset=utf-8",
        markup.into_string().into(),
    ))
}

fn guarded(mut answer: Answer) -> Answer {
    let headers = answer.headers_mut();
    if let Ok(policy) = HeaderValue::try_from(POLICY.as_str()) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(X_CONTENT_TYPE_OPTIONS, nosniff);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}

// No form-action: Chromium also applies it to the redirect that follows the form.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(digest::digest(&digest::SHA256, STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; frame-ancestors 'none'"
    )
});

const STYLE: &str = include_str!("page.css");

/// The members of the query that the form sends along.
const CARRIED: [&str; 9] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "prompt",
    "code_challenge",
    "code_challenge_method",
];
