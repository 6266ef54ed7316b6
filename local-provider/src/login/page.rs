//! The page: a form without a script, in English and Korean.

use http::StatusCode;
use maud::{Markup, html};

use crate::{
    language::Language,
    login::{authorization::Authorization, mistake::Refused, rules::DialectRules},
    person::Person,
    settings::Settings,
    state::State,
    web::{
        answer::{self, Answer},
        document,
        params::Params,
        record::Recorded,
    },
};

/// The page of one dialect, in the language of the browser.
#[derive(Clone, Copy)]
pub(crate) struct Page<'a> {
    /// The texts and the path of the dialect.
    rules: &'a dyn DialectRules,
    language: Language,
}

impl<'a> Page<'a> {
    /// The page for the browser of this request.
    pub(crate) fn new(rules: &'a dyn DialectRules, request: &Recorded) -> Self {
        let language = Language::preferred(&request.headers);
        Self { rules, language }
    }

    /// The page with all persons, of whom one is chosen. The last one who signed in is selected.
    pub(crate) fn choice(
        self,
        state: &State,
        params: &Params,
        asked: &Authorization,
        last: Option<u64>,
    ) -> Answer {
        let people: Vec<&Person> = state.people.iter().collect();
        let chosen = last.or(people.first().map(|person| person.id));
        let heading = ("Who do you want to be?", "누구로 로그인할까요?");
        let form = self.form(state, params, asked, &people, chosen);
        self.show(StatusCode::OK, self.say(heading), &form)
    }

    /// The page that requests more consent from the person who is signed in.
    pub(crate) fn consent(
        self,
        state: &State,
        params: &Params,
        asked: &Authorization,
        person: u64,
    ) -> Answer {
        let people: Vec<&Person> = state.person(person).into_iter().collect();
        let heading = ("The app asks for more", "앱이 추가 동의를 요청합니다");
        let form = self.form(state, params, asked, &people, Some(person));
        self.show(StatusCode::OK, self.say(heading), &form)
    }

    /// The answer to a request with a mistake: a page or a redirect.
    pub(crate) fn refused(self, settings: &Settings, refused: &Refused) -> Answer {
        match refused {
            Refused::Sent(url) => answer::redirect(url),
            Refused::Shown(mistake) => {
                let (status, code) = self.rules.error_page(settings, mistake);
                let cause = html! { p { (mistake.cause(self.language)) } };
                self.show(status, code, &cause)
            }
        }
    }

    /// The text in the language of the page.
    fn say(self, (english, korean): (&'static str, &'static str)) -> &'static str {
        self.language.pick(english, korean)
    }

    /// The form. It has the parameters of the request as hidden fields, so that its `POST` is a
    /// whole request.
    fn form(
        self,
        state: &State,
        params: &Params,
        asked: &Authorization,
        people: &[&Person],
        chosen: Option<u64>,
    ) -> Markup {
        let carried = params.pairs().filter(|(name, _)| !CHOSEN.contains(name));
        html! {
            p {
                (self.say(("Signing in to:", "로그인할 앱:"))) " "
                strong { (state.settings.client_id) }
            }
            form method="post" action=(self.rules.page()) {
                @for (name, value) in carried {
                    input type="hidden" name=(name) value=(value);
                }
                fieldset {
                    legend { (self.say(("Account", "계정 선택"))) }
                    @for person in people {
                        (row(person, self.language, chosen == Some(person.id)))
                    }
                }
                // In sight at the end of a window that is too low for the page.
                div.actions {
                    @if asked.is_about(self.rules.phone_item()) { (self.phone()) }
                    (self.buttons())
                }
            }
        }
    }

    /// The box for the phone number.
    fn phone(self) -> Markup {
        html! {
            div.row {
                input type="checkbox" id="phone_number" name="phone_number" value="yes" checked;
                label for="phone_number" {
                    (self.say(("Share my phone number", "전화번호 제공에 동의합니다")))
                }
            }
        }
    }

    /// The buttons. Cancelling needs no chosen person, so it skips the browser's validation.
    fn buttons(self) -> Markup {
        html! {
            button type="submit" name="decision" value="agree" {
                (self.say(("Agree and continue", "동의하고 계속하기")))
            }
            button.quiet type="submit" name="decision" value="cancel" formnovalidate {
                (self.say(("Cancel", "취소")))
            }
        }
    }

    /// The whole document.
    fn show(self, status: StatusCode, heading: &str, content: &Markup) -> Answer {
        let banner = self.rules.banner(self.language);
        document::page(status, self.language, banner, heading, content)
    }
}

/// One person, with a radio button.
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

/// The parameters that the form has as fields of its own, so they are not repeated as hidden ones.
const CHOSEN: [&str; 3] = ["person", "phone_number", "decision"];
