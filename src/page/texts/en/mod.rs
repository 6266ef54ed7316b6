//! The texts in English. The other languages have the same order, so that two files can be compared
//! line by line.

use super::{
    Framed, Labels, Names, Phone, Refusal, SavedForm, SignIn, SignInAgain, SignOut, SiteWords,
    Texts, Unavailable, Unsent, Words,
};

mod refusals;
mod regions;

pub(super) static TEXTS: Texts = Texts {
    tag: "en",
    regions: regions::REGIONS,
    names: Names {
        sign_in: "Sign in",
        sign_in_again: "Sign in again",
        try_again: "Try again",
        go_on: "Continue",
        cancel: "Cancel",
        start_page: "Go to the start page",
        next_steps: "Next steps",
        open_in_browser: "Open in a browser",
        brand: |brand| brand,
        provider: "the sign-in provider",
    },
    sign_in: SignIn {
        signed_in: "You are signed in already.",
        for_another_account: "To use another account, choose a way to sign in.",
        sent_back: "You are signed in already. If the page does not open, sign in with another account.",
        labels: Labels {
            kakao: "Login with Kakao",
            naver: "Log in with NAVER",
            english: None,
            google: "Sign in with Google",
            line: "Log in with LINE",
        },
        with_brand: |brand| format!("Sign in with {brand}"),
        with_name: |name| format!("Sign in with {name}"),
        last_used: "Last used",
        refuses_app: "Does not work inside this app: open the page in a browser.",
        may_refuse_app: "May not work inside an app. If it does not, open the page in a browser.",
        unavailable: "Not available at the moment.",
    },
    sign_in_again: SignInAgain {
        question: Words {
            title: "Sign in again?",
            text: "You are signed in already. A link on another site asks you to sign in again, which may also change the \
                   account you use here.",
        },
        advice: "Continue only if you want to. Until then, nothing changes.",
    },
    sign_out: SignOut {
        ask: Words {
            title: "Sign out?",
            text: "You will be signed out of this site in this browser.",
        },
        ask_everywhere: Words {
            title: "Sign out everywhere?",
            text: "You will be signed out of this site in every browser, including this one.",
        },
        button: "Sign out",
        button_everywhere: "Sign out everywhere",
        done: "You are signed out",
        here: "You may still be signed in at {provider}.",
        everywhere: "You are signed out of this site in every browser. You may still be signed in at {provider}.",
        at_provider: "You are signed out of this site and of {provider}.",
        everywhere_and_at_provider: "You are signed out of this site in every browser. In this browser, you are signed \
                                     out of {provider} too.",
        partly: "You are signed out in this browser. Some of our servers do not know it yet. We keep telling them. Until then, \
                 a copy of your session may still work.",
        page_before: "Back to the page before",
    },
    refusal: Refusal {
        reference: "Reference",
        details: "Details",
        another_account: "Use another account",
        another_way: "Another way to sign in",
        of: refusals::cause,
    },
    saved_form: SavedForm {
        offer: Words {
            title: "Send your form?",
            text: "You had to sign in first, so we kept this form. It is sent when you press the button.",
        },
        send: "Send the form",
        discard: "Discard it",
        summary: |count| match count {
            1 => "What is sent: 1 field".to_owned(),
            _ => format!("What is sent: {count} fields"),
        },
        more: |rest| format!("and {rest} more"),
        goes_to: "Goes to: ",
        empty: "(empty)",
        not_shown: "(not shown)",
        sent: Words {
            title: "This form was sent",
            text: "It is not sent a second time. If you did not see the result, please check first whether it arrived.",
        },
        probably_sent: Words {
            title: "This form was probably sent",
            text: "A form of the same length was sent to the same address in the meantime. Please check first whether it arrived.",
        },
        discarded: Words {
            title: "This form was discarded",
            text: "It was not sent.",
        },
        signed_out: Words {
            title: "Your form is still saved",
            text: "You are signed out. Sign in to send it.",
        },
        of_another_user: Words {
            title: "This form belongs to another account",
            text: "Sign in with the account that the form was written with to send it.",
        },
        gone: Words {
            title: "This form is not kept any more",
            text: "A form is deleted after an hour, at sign-out, and when newer forms take its place. If you wrote it in another \
                   browser, please go on there.",
        },
        another_account: "Sign in with another account",
        see_again: "See the form again",
        see_other: "See the form that is kept",
    },
    unsent: Unsent {
        signed_out: Words {
            title: "Please sign in",
            text: "You are not signed in, so what you wrote was not sent.",
        },
        step_up: Words {
            title: "Please sign in again",
            text: "This needs a fresh sign-in, so what you wrote was not sent.",
        },
        renewed: Words {
            title: "Please send it again",
            text: "The details of your account have changed, so what you wrote was not sent. You are still signed in.",
        },
        too_large: Words {
            title: "Please sign in",
            text: "You are not signed in, and what you wrote is too long to be kept here until you are. It was not sent.",
        },
        foreign: Words {
            title: "Please continue on this site",
            text: "Another site sent you here with a form. Your browser left out your sign-in, so the form was not processed.",
        },
        foreign_act: Words {
            title: "Please continue on this site",
            text: "Another site sent you here with a form. For your safety, it was not processed.",
        },
        signed_in: Words {
            title: "You are signed in already",
            text: "You were signed in meanwhile, for example in another tab. The number or code that \
                   you entered here was not used.",
        },
        check_first: "If you paid for or ordered something, please check first whether it went through before you do it again.",
        copy_first: "Go back to the page before and copy what you wrote. Sign in in another tab, then send it again.",
        send_again: "Go back to the page before and send it again.",
        sign_in_in_new_tab: "Sign in in a new tab",
    },
    phone: Phone {
        number: Words {
            title: "Confirm your mobile number",
            text: "This site needs a confirmed mobile number. We send a code to it by text message.",
        },
        number_label: "Mobile number",
        countries: |names| format!("Numbers of: {}", names.join(", ")),
        send: "Send the code",
        have_code: "Enter the code you received",
        code_title: "Enter the code",
        sent_to: |number| {
            format!("We sent a code of six digits to {number}. It is valid for five minutes.")
        },
        code_label: "Code from the message",
        confirm: "Confirm",
        resend: "Send a new code",
        resend_in: |seconds| format!("You can ask for a new code in {}.", wait(seconds)),
        change: "Change the number",
        inbox: "Open the messages (development)",
        unfit: "We cannot send a code to this number. Enter a mobile number from one of the countries below.",
        malformed: "Enter the six digits of the code.",
        wrong: |left| match left {
            1 => "The code is wrong. You have one more try.".to_owned(),
            _ => format!("The code is wrong. You have {left} more tries."),
        },
        expired: "The code is no longer valid. Ask for a new one.",
        too_many: |seconds| {
            format!(
                "No new code was sent: one was sent just now, or too many were requested. Try again in {}.",
                wait(seconds)
            )
        },
        unavailable: "No code was sent because of a temporary problem. Try again later.",
        may_arrive: "The message may not have been sent. If it arrives, enter its code. An earlier code is valid as well.",
        not_checked: "The code could not be checked because of a temporary problem. Enter it again later.",
    },
    framed: Framed {
        signed_out: Words {
            title: "Please sign in",
            text: "Sign in to see this part of the page.",
        },
        refused: Words {
            title: "You cannot see this part",
            text: "This account is not permitted to see this part of the page.",
        },
        unavailable: Words {
            title: "One moment, please",
            text: "The server is getting ready. You are still signed in.",
        },
    },
    unavailable: Unavailable {
        title: "One moment, please",
        reloads: "The server is getting ready. You are still signed in, and this page tries again \
                  by itself.",
        try_again: "The server is getting ready. You are still signed in.",
        sign_in_again: "The server is not ready yet, so you are not signed in.",
    },
    missing: Words {
        title: "Page not found",
        text: "There is nothing at this address, or it does not take what was sent there.",
    },
    site: SiteWords {
        terms: "Terms of use",
        privacy: "Privacy policy",
        help: "Help",
    },
};

/// A wait in words. A longer one is rounded up to minutes.
fn wait(seconds: u64) -> String {
    match (seconds, seconds.div_ceil(60)) {
        (..=1, _) => "a second".to_owned(),
        (..=90, _) => format!("{seconds} seconds"),
        (_, minutes) => format!("{minutes} minutes"),
    }
}
