//! The texts in English. The other languages have the same order, so that two files can be compared
//! line by line.

use super::{
    Cause, Framed, Names, Phone, Refusal, SavedForm, SignIn, SignInAgain, SignOut, Texts,
    Unavailable, Unsent, Words,
};
use crate::error::LoginErrorKind as Kind;

pub(super) static TEXTS: Texts = Texts {
    tag: "en",
    names: Names {
        sign_in: "Sign in",
        sign_in_again: "Sign in again",
        try_again: "Try again",
        go_on: "Continue",
        cancel: "Cancel",
        start_page: "Go to the start page",
        open_in_browser: "Open in a browser",
    },
    sign_in: SignIn {
        choose: "Choose a sign-in service.",
        signed_in: "You are signed in already.",
        for_another_account: "To use another account, choose a sign-in service.",
        sent_back: "You are signed in already. If the page does not open, sign in with another account.",
        with_brand: |brand| format!("Sign in with {brand}"),
        with_name: |name| format!("Sign in with {name}"),
        last_used: "Used last time",
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
        ask: "Sign out?",
        ask_everywhere: Words {
            title: "Sign out everywhere?",
            text: "This ends your sessions on this site in every browser.",
        },
        button: "Sign out",
        done: "You are signed out",
        here: "You are signed out of this site. You may still be signed in at the sign-in service.",
        everywhere: "Your sessions on this site are ended in every browser. You may still be signed in at the sign-in service.",
        at_provider: "You are signed out of this site and of the sign-in service.",
        everywhere_and_at_provider: "Your sessions on this site are ended in every browser. In this browser, you are signed \
                                     out of the sign-in service too.",
        partly: "You are signed out in this browser. Not all of our servers know it yet: we keep telling them, and until then \
                 a copy of your session may still work.",
        page_before: "Back to the page before",
    },
    refusal: Refusal {
        reference: "Reference",
        another_account: "Use another account",
        another_way: "Another way to sign in",
        of: cause,
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
        goes_to: "Goes to",
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
            text: "It was deleted and is not sent.",
        },
        signed_out: Words {
            title: "Please sign in again",
            text: "Your form is still kept. Sign in to send it.",
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
        countries: "Numbers of:",
        send: "Send the code",
        have_code: "Enter a code that was sent",
        code_title: "Enter the code",
        sent_to: |number| {
            format!("We sent a code of six digits to {number}. It is valid for five minutes.")
        },
        code_label: "Code from the message",
        confirm: "Confirm",
        resend: "Send a new code",
        resend_in: |seconds| format!("Possible in {}.", wait(seconds)),
        change: "Change the number",
        inbox: "Open the messages (development)",
        unfit: "We cannot send a code to this number. Enter a mobile number of a listed country.",
        malformed: "Enter the six digits of the code.",
        wrong: |left| match left {
            1 => "The code is wrong. You have one more try.".to_owned(),
            _ => format!("The code is wrong. You have {left} more tries."),
        },
        expired: "The code is no longer valid. Ask for a new one.",
        too_many: |seconds| {
            format!(
                "No code was sent, because one was sent just now or too many were. Try again in {}.",
                wait(seconds)
            )
        },
        unavailable: "No code was sent, because of a failure. Try again later.",
        may_arrive: "The message may not have been sent. If it arrives, enter its code. An earlier code is valid as well.",
        not_checked: "The code could not be checked, because of a failure. Enter it again later.",
    },
    framed: Framed {
        signed_out: Words {
            title: "Please sign in",
            text: "Sign in to see this part of the page.",
        },
        refused: Words {
            title: "You cannot see this part",
            text: "This account may not see this part of the page.",
        },
        unavailable: Words {
            title: "One moment, please",
            text: "This server is just catching up with the others. You are still signed in.",
        },
    },
    unavailable: Unavailable {
        title: "One moment, please",
        reloads: "This server is just catching up with the others. You are still signed in, and this page tries again \
                  by itself.",
        try_again: "This server is just catching up with the others. You are still signed in.",
        sign_in_again: "This server is just catching up with the others, so you are not signed in yet. Please try again.",
    },
    missing: Words {
        title: "Page not found",
        text: "There is nothing at this address, or it does not take what was sent there.",
    },
};

/// The title, the cause and the next step of each refusal, one line each.
#[rustfmt::skip]
fn cause(kind: Kind) -> Cause {
    const AGAIN: &str = "Please sign in again.";
    const LATER: &str = "Please try again in a few minutes. If you were signed in, you still are.";
    const OPERATOR: &str = "This is not your fault. Please tell the operator of this site the reference below.";
    const UNFINISHED: &str = "The sign-in was not completed";

    let (title, cause, next) = match kind {
        Kind::MalformedCallback => (UNFINISHED, "The sign-in service sent us back with a link that is not complete.", AGAIN),
        Kind::UnknownState => (UNFINISHED, "This sign-in was used already, or was begun in another browser or app.", AGAIN),
        Kind::NoCookies => ("Please allow cookies", "Your browser sent no cookie of this site, and signing in needs one.", "Allow cookies for this site, then sign in again. A private window, a content blocker or the browser inside an app may block them: use your usual browser then. If you began in another browser, go on there."),
        Kind::OtherWindow => (UNFINISHED, "This sign-in was begun in another window or browser, or too many were open at once.", AGAIN),
        Kind::OtherHost => (UNFINISHED, "This sign-in was begun at another address of this site, and your browser keeps the cookies of each address apart.", "Please sign in again here."),
        Kind::LoginExpired => ("The sign-in took too long", "More than 30 minutes have passed since this sign-in began.", AGAIN),
        Kind::IssuerMismatch => (UNFINISHED, "The answer came from a different sign-in service than the one you chose.", AGAIN),
        Kind::CodeRejected => (UNFINISHED, "The sign-in service says that this sign-in was used already or took too long.", AGAIN),
        Kind::Cancelled => ("The sign-in was cancelled", "You cancelled at the sign-in service.", "You can sign in again whenever you like."),
        Kind::ProviderRefused => (UNFINISHED, "The sign-in service refused this sign-in.", AGAIN),
        Kind::Misconfigured => ("Signing in is not set up correctly", "The sign-in service does not accept the settings of this site.", OPERATOR),
        Kind::RateLimited => ("Too many sign-ins", "The sign-in service accepts no more requests for the moment.", LATER),
        Kind::ProviderBusy => ("The sign-in service is busy", "The sign-in service is under maintenance or busy.", LATER),
        Kind::ProviderUnavailable => ("The sign-in service is not available", "The sign-in service does not give a proper answer.", LATER),
        Kind::ProviderTimeout => ("The sign-in service is not available", "The sign-in service did not answer in time.", LATER),
        Kind::IdTokenRejected => (UNFINISHED, "This site cannot accept the answer of the sign-in service.", OPERATOR),
        Kind::InvalidAnswer | Kind::TokenRejected => ("The sign-in service is not available", "The sign-in service gave an answer that we cannot use.", LATER),
        Kind::AccountRefused => ("This account cannot sign in", "The sign-in service does not let this account sign in here, for example because it is dormant, blocked or under age.", "Please check your account at the sign-in service, or use another one."),
        Kind::OtherAccount => ("You are signed out", "Another account is signed in at the sign-in service, so your session here has ended.", "Sign in again with the account that you want to use here."),
        Kind::PhoneNotShared => ("Your phone number is needed", "This site signs you in by your phone number, and you did not share it.", "Sign in again and agree to share your phone number."),
        Kind::PhoneNotConfigured => ("Signing in is not set up correctly", "The sign-in service does not give phone numbers to this site.", OPERATOR),
        Kind::PhoneNotOnAccount => ("Your account has no phone number", "This site signs you in by your phone number, and your account has none.", "Add a phone number to your account at the sign-in service, then sign in again."),
        Kind::Preregistered => (UNFINISHED, "Your sign-up at the sign-in service is not completed.", "Please complete it there, then sign in again."),
        Kind::PhoneInvalid => ("Your phone number cannot be used", "The phone number of your account is not one that can be dialled.", "Please correct it at the sign-in service, then sign in again."),
        Kind::PhoneNotConfirmed => ("Your number was not confirmed", "Confirming a number takes an hour at most, and five wrong codes end it.", "Sign in again to start over."),
        Kind::Loop => ("Signing in goes in circles", "You signed in several times in a row, and your browser did not keep it: it may block cookies, or its clock may be wrong.", "Allow cookies for this site and check the clock, then sign in again."),
        Kind::Misdirected => ("This site leads in circles", "This site has two addresses, and each sends you to the other.", OPERATOR),
        Kind::Denied => ("You cannot sign in here", "This site does not let this account in.", "You can sign in with another account."),
        Kind::ApplicationBusy => (UNFINISHED, "This site cannot sign you in at the moment.", LATER),
        Kind::ClaimsUnfit => ("Signing in is not set up correctly", "This site cannot keep its data about you.", OPERATOR),
        Kind::Unproved => ("This page needs a fresh sign-in", "The sign-in service did not confirm that you signed in there just now, so this page stays closed.", "Please sign in again, and enter your password or confirm that it is you when the sign-in service asks. If you come back to this message, please tell the operator of this site."),
        Kind::PhoneNotVerified => ("Your phone number is not verified", "This site needs a phone number that the sign-in service has verified.", "Please verify your phone number at the sign-in service, or use another account."),
    };
    Cause { title, cause, next }
}

/// A wait in words. A longer one is rounded up to minutes.
fn wait(seconds: u64) -> String {
    match (seconds, seconds.div_ceil(60)) {
        (..=1, _) => "a second".to_owned(),
        (..=90, _) => format!("{seconds} seconds"),
        (_, minutes) => format!("{minutes} minutes"),
    }
}
