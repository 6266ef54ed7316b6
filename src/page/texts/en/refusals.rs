//! The texts of the refusals in English.

use super::super::Cause;
use crate::error::LoginErrorKind as Kind;

/// The title, the cause and the next step of each refusal, one line each. `{provider}` stands for
/// the provider's name.
#[rustfmt::skip]
pub(super) fn cause(kind: Kind) -> Cause {
    /// The button says it.
    const AGAIN: &str = "";
    const LATER: &str = "Please try again in a few minutes. If you were signed in, you still are.";
    const OPERATOR: &str = "This is not your fault. Please tell the operator of this site the reference below.";
    const UNFINISHED: &str = "The sign-in was not completed";

    let (title, cause, next) = match kind {
        Kind::MalformedCallback => (UNFINISHED, "{provider} sent you back with a link that is not complete.", AGAIN),
        Kind::UnknownState => (UNFINISHED, "This sign-in was used already, or was begun in another browser or app.", AGAIN),
        Kind::NoCookies => ("Please allow cookies", "Your browser sent no cookie of this site, and signing in needs one.", "Allow cookies for this site, then sign in again. A private window, a content blocker or the browser inside an app may block them: use your usual browser then. If you began in another browser, go on there."),
        Kind::OtherWindow => (UNFINISHED, "This sign-in was begun in another window or browser, or too many were open at once.", AGAIN),
        Kind::OtherHost => (UNFINISHED, "This sign-in was begun at another address of this site, and your browser keeps the cookies of each address apart.", AGAIN),
        Kind::LoginExpired => ("The sign-in took too long", "More than 30 minutes have passed since this sign-in began.", AGAIN),
        Kind::IssuerMismatch => (UNFINISHED, "The answer did not come from {provider}, which you chose.", AGAIN),
        Kind::CodeRejected => (UNFINISHED, "This sign-in with {provider} was used already or took too long.", AGAIN),
        Kind::Cancelled => ("The sign-in was cancelled", "", "You can sign in with {provider} again at any time."),
        Kind::ProviderRefused => (UNFINISHED, "{provider} refused this sign-in.", AGAIN),
        Kind::Misconfigured => ("Signing in is not set up correctly", "{provider} does not accept the settings of this site.", OPERATOR),
        Kind::RateLimited => ("Too many sign-ins", "{provider} accepts no more requests from this site for the moment.", LATER),
        Kind::ProviderBusy => ("{provider} is busy or under maintenance", "", LATER),
        Kind::ProviderUnavailable | Kind::InvalidAnswer | Kind::TokenRejected => ("Signing in is not possible at the moment", "{provider} did not give an answer that this site can use.", LATER),
        Kind::ProviderTimeout => ("Signing in is not possible at the moment", "{provider} did not answer in time.", LATER),
        Kind::IdTokenRejected => (UNFINISHED, "This site cannot accept the answer of {provider}.", OPERATOR),
        Kind::AccountRefused => ("This account cannot sign in", "{provider} does not let this account sign in here, for example because it is dormant, blocked or under age.", "Please check your account at {provider}, or use another one."),
        Kind::OtherAccount => ("You are signed out", "Another account is signed in at {provider}, so your session here has ended.", "Sign in again with the account that you want to use here."),
        Kind::PhoneNotShared => ("Your phone number is needed", "This site can be used only if {provider} shares your phone number, and you did not agree to that.", "Sign in again and agree to share your phone number."),
        Kind::PhoneNotConfigured => ("Signing in is not set up correctly", "{provider} does not give phone numbers to this site.", OPERATOR),
        Kind::PhoneNotOnAccount => ("Your account has no phone number", "This site needs one.", "Add a phone number to your account at {provider}, then sign in again."),
        Kind::Preregistered => (UNFINISHED, "Your sign-up at {provider} is not completed.", "Please complete it there, then sign in again."),
        Kind::PhoneInvalid => ("Your phone number cannot be used", "The number of your account at {provider} is not one that can be dialled.", "Please correct it there, then sign in again."),
        Kind::PhoneNotConfirmed => ("Your number was not confirmed", "Confirming a number takes an hour at most, and five wrong codes end it.", "Sign in again to start over."),
        Kind::Loop => ("Signing in goes in circles", "You signed in several times in a row, and your browser did not keep it: it may block cookies, or its clock may be wrong.", "Allow cookies for this site and check the clock, then sign in again."),
        Kind::Misdirected => ("This site leads in circles", "It has two addresses, and each sends you to the other.", OPERATOR),
        Kind::Denied => ("You cannot sign in here", "This site does not let this account in.", "You can sign in with another account."),
        Kind::ApplicationBusy => (UNFINISHED, "This site cannot sign you in at the moment.", LATER),
        Kind::ClaimsUnfit => ("Signing in is not set up correctly", "This site cannot keep its data about you.", OPERATOR),
        Kind::Unproved => ("This page needs a fresh sign-in", "{provider} did not confirm that you signed in there just now, so this page stays closed.", "Please sign in again, and enter your password or confirm that it is you when {provider} asks. If you come back to this message, please tell the operator of this site."),
        Kind::PhoneNotVerified => ("Your phone number is not verified", "This site needs a phone number that {provider} has verified.", "Please verify your phone number at {provider}, or use another account."),
    };
    Cause { title, cause, next }
}
