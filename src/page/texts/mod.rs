//! The texts of all pages, one folder for each language.
//!
//! A new language is a folder beside `en`, with its `mod` line and its entry in [`ALL`] below. A
//! text that is missing does not compile. The explanations of `src/doctor/explain/` are for
//! developers and are not among these texts.
//!
//! The texts speak to a user and not to a developer. They give no detail that would help an
//! attacker.

use http::HeaderMap;

use crate::{error::LoginErrorKind, language::Accepted};

mod en;
mod ja;
mod ko;
mod zh;
mod zh_hant;

/// The languages of the pages. The first is the default, for users of all others.
const ALL: &[&Texts] = &[
    &en::TEXTS,
    &ko::TEXTS,
    &ja::TEXTS,
    &zh::TEXTS,
    &zh_hant::TEXTS,
];

/// The texts of one language.
pub(crate) struct Texts {
    /// The tag of the language (BCP 47), for the attribute `lang` and for `Content-Language`.
    pub(super) tag: &'static str,
    pub(super) regions: Regions,
    pub(super) names: Names,
    pub(super) sign_in: SignIn,
    pub(super) sign_in_again: SignInAgain,
    pub(super) sign_out: SignOut,
    pub(super) refusal: Refusal,
    pub(super) saved_form: SavedForm,
    pub(super) unsent: Unsent,
    pub(super) phone: Phone,
    pub(super) framed: Framed,
    pub(super) unavailable: Unavailable,
    pub(super) missing: Words,
    pub(super) site: SiteWords,
}

impl Texts {
    /// The tag of the language.
    pub(crate) fn tag(&self) -> &'static str {
        self.tag
    }

    /// The name of a region, by its ISO 3166-1 code, or the code of one without a name here.
    pub(super) fn region<'a>(&self, code: &'a str) -> &'a str {
        let mut names = self.regions.iter();
        let found = names.find(|(known, _)| *known == code);
        found.map_or(code, |(_, name)| name)
    }

    /// The texts in the language that fits `Accept-Language` best.
    pub(crate) fn preferred(headers: &HeaderMap) -> &'static Self {
        let tags: Vec<&str> = ALL.iter().map(|texts| texts.tag).collect();
        let best = Accepted::of(headers).best(&tags);
        best.and_then(|index| ALL.get(index)).unwrap_or(&&en::TEXTS)
    }
}

/// The names of regions, by their ISO 3166-1 codes.
pub(super) type Regions = &'static [(&'static str, &'static str)];

/// A title, which is also the heading, and the text below it.
#[derive(Clone, Copy)]
pub(super) struct Words {
    pub(super) title: &'static str,
    pub(super) text: &'static str,
}

/// The names of links and buttons that several pages have.
pub(super) struct Names {
    /// Also the heading of the sign-in page.
    pub(super) sign_in: &'static str,
    pub(super) sign_in_again: &'static str,
    pub(super) try_again: &'static str,
    pub(super) go_on: &'static str,
    pub(super) cancel: &'static str,
    pub(super) start_page: &'static str,
    /// Names the group of links below a text, for screen readers.
    pub(super) next_steps: &'static str,
    /// Opens a full browser, on a page inside an app.
    pub(super) open_in_browser: &'static str,
    /// The name of a brand in sentences, by its English name.
    pub(super) brand: fn(&'static str) -> &'static str,
    /// Stands in place of a provider's name that the page does not know.
    pub(super) provider: &'static str,
}

/// `sign_in/`
pub(super) struct SignIn {
    pub(super) signed_in: &'static str,
    /// Stands below the link that leads on for a signed-in user.
    pub(super) for_another_account: &'static str,
    /// The user is signed in, and the page at the return address led back here.
    pub(super) sent_back: &'static str,
    pub(super) labels: Labels,
    /// The button of a brand without a label of its own, by its English name.
    pub(super) with_brand: fn(&str) -> String,
    /// The button of a provider, by its name in the settings.
    pub(super) with_name: fn(&str) -> String,
    /// The badge on the button of the provider that was used last.
    pub(super) last_used: &'static str,
    /// The notes below a button.
    pub(super) refuses_app: &'static str,
    pub(super) may_refuse_app: &'static str,
    pub(super) unavailable: &'static str,
}

/// The labels of the brands with a design of their own, as their guides prescribe them. The guides
/// are named in `sign_in/design.rs`.
pub(super) struct Labels {
    /// "카카오 로그인" and "Login with Kakao". Other languages use the English one.
    pub(super) kakao: &'static str,
    /// "네이버 로그인" and "Log in with NAVER".
    pub(super) naver: &'static str,
    /// The language of these two labels, if it differs from that of the page.
    pub(super) english: Option<&'static str>,
    /// "Sign in with Google", in each language as Google's own button has it.
    pub(super) google: &'static str,
    /// The long text of the guide's table.
    pub(super) line: &'static str,
}

/// `sign_in_again.rs`
pub(super) struct SignInAgain {
    pub(super) question: Words,
    pub(super) advice: &'static str,
}

/// `sign_out.rs`
pub(super) struct SignOut {
    /// The question for one session.
    pub(super) ask: Words,
    /// The question for all sessions of the user.
    pub(super) ask_everywhere: Words,
    pub(super) button: &'static str,
    pub(super) button_everywhere: &'static str,
    /// The title after a sign-out, and its text for each extent. `{provider}` stands for the
    /// provider's name.
    pub(super) done: &'static str,
    pub(super) here: &'static str,
    pub(super) everywhere: &'static str,
    pub(super) at_provider: &'static str,
    pub(super) everywhere_and_at_provider: &'static str,
    pub(super) partly: &'static str,
    /// The name of the link to the page before.
    pub(super) page_before: &'static str,
}

/// `refusal.rs`
pub(super) struct Refusal {
    /// Stands before the reference.
    pub(super) reference: &'static str,
    /// Hides the code for the operator.
    pub(super) details: &'static str,
    pub(super) another_account: &'static str,
    pub(super) another_way: &'static str,
    pub(super) of: fn(LoginErrorKind) -> Cause,
}

/// The title, the cause and the next step of a refusal. `{provider}` stands for the provider's
/// name. A cause that the title says already is empty, and so is a next step that the first button
/// says.
pub(super) struct Cause {
    pub(super) title: &'static str,
    pub(super) cause: &'static str,
    pub(super) next: &'static str,
}

/// `saved_form/`
pub(super) struct SavedForm {
    pub(super) offer: Words,
    pub(super) send: &'static str,
    pub(super) discard: &'static str,
    /// The line that opens the list of so many fields.
    pub(super) summary: fn(usize) -> String,
    /// The number of fields that are not listed.
    pub(super) more: fn(usize) -> String,
    /// Stands right before the address of the form.
    pub(super) goes_to: &'static str,
    /// Stand in place of a value.
    pub(super) empty: &'static str,
    pub(super) not_shown: &'static str,
    /// The states of a form that cannot be sent.
    pub(super) sent: Words,
    pub(super) probably_sent: Words,
    pub(super) discarded: Words,
    pub(super) signed_out: Words,
    pub(super) of_another_user: Words,
    pub(super) gone: Words,
    /// The names of links.
    pub(super) another_account: &'static str,
    pub(super) see_again: &'static str,
    pub(super) see_other: &'static str,
}

/// `unsent.rs`
pub(super) struct Unsent {
    pub(super) signed_out: Words,
    pub(super) step_up: Words,
    pub(super) renewed: Words,
    pub(super) too_large: Words,
    pub(super) foreign: Words,
    pub(super) foreign_act: Words,
    pub(super) signed_in: Words,
    /// The advice after a form of another site.
    pub(super) check_first: &'static str,
    /// The advice after a form of this site.
    pub(super) copy_first: &'static str,
    /// The advice after new claims.
    pub(super) send_again: &'static str,
    pub(super) sign_in_in_new_tab: &'static str,
}

/// `phone/`
pub(super) struct Phone {
    pub(super) number: Words,
    pub(super) number_label: &'static str,
    /// The permitted countries, by their names.
    pub(super) countries: fn(&[String]) -> String,
    pub(super) send: &'static str,
    pub(super) have_code: &'static str,
    pub(super) code_title: &'static str,
    /// The text above the code, by the masked number.
    pub(super) sent_to: fn(&str) -> String,
    pub(super) code_label: &'static str,
    pub(super) confirm: &'static str,
    pub(super) resend: &'static str,
    /// The time until a new code can be sent, by its seconds.
    pub(super) resend_in: fn(u64) -> String,
    pub(super) change: &'static str,
    pub(super) inbox: &'static str,
    /// The errors, in place.
    pub(super) unfit: &'static str,
    pub(super) malformed: &'static str,
    /// A wrong code, by the number of tries that are left.
    pub(super) wrong: fn(u32) -> String,
    pub(super) expired: &'static str,
    /// Too early or too many, by the wait in seconds.
    pub(super) too_many: fn(u64) -> String,
    pub(super) unavailable: &'static str,
    pub(super) may_arrive: &'static str,
    pub(super) not_checked: &'static str,
}

/// `framed.rs`
pub(super) struct Framed {
    pub(super) signed_out: Words,
    pub(super) refused: Words,
    pub(super) unavailable: Words,
}

/// `unavailable.rs`
pub(super) struct Unavailable {
    pub(super) title: &'static str,
    /// The text for each next step.
    pub(super) reloads: &'static str,
    pub(super) try_again: &'static str,
    pub(super) sign_in_again: &'static str,
}

/// `site/`: the names of the links at the bottom of all pages.
#[derive(Clone, Copy)]
pub(super) struct SiteWords {
    pub(super) terms: &'static str,
    pub(super) privacy: &'static str,
    pub(super) help: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_is_once_in_the_list_and_english_is_the_default() {
        let tags: Vec<&str> = ALL.iter().map(|texts| texts.tag).collect();
        assert_eq!(tags.first(), Some(&"en"));
        for tag in &tags {
            assert_eq!(tags.iter().filter(|other| *other == tag).count(), 1);
            let header = format!("{tag}-x-dialect, xx;q=0.1");
            let headers =
                HeaderMap::from_iter([(http::header::ACCEPT_LANGUAGE, header.parse().unwrap())]);
            assert_eq!(Texts::preferred(&headers).tag, *tag);
        }
    }

    #[test]
    fn every_language_names_the_same_regions() {
        let codes =
            |texts: &Texts| -> Vec<&str> { texts.regions.iter().map(|(code, _)| *code).collect() };
        for texts in ALL {
            assert_eq!(codes(texts), codes(&en::TEXTS), "{}", texts.tag);
            assert_eq!(texts.region("AQ"), "AQ");
        }
        assert_eq!(ko::TEXTS.region("KR"), "대한민국");
    }
}
