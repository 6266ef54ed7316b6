//! The differences between the dialects.

use http::StatusCode;

use super::{
    authorization::Authorization,
    mistake::{Mistake, Refused},
};
use crate::{
    language::Language,
    settings::Settings,
    state::{
        State,
        grants::{Grant, TokenRules, TokenSet},
    },
    web::params::Params,
};

/// The differences between the dialects, from the authorization request to the tokens.
pub(crate) trait DialectRules: TokenRules + Sync {
    /// A line of the page which says that this is not the real provider.
    fn banner(&self, language: Language) -> &'static str;

    /// The path of the page and its form.
    fn page(&self) -> &'static str;

    /// The path of the cookie that remembers the person.
    ///
    /// Cookies ignore the port, so the path keeps this cookie from an application on the same host.
    fn cookie_path(&self) -> &'static str;

    /// The consent item for the phone number.
    fn phone_item(&self) -> &'static str;

    /// All consent items.
    fn items(&self, settings: &Settings) -> Vec<String>;

    /// Reads an authorization request.
    fn read(&self, state: &State, params: &Params) -> Result<Authorization, Refused>;

    /// The status and the error code of the page that shows a mistake.
    fn error_page(&self, settings: &Settings, mistake: &Mistake) -> (StatusCode, &'static str);

    /// The `error` and `error_description` of a redirect without a code.
    fn denial(&self, denial: Denial) -> (&'static str, Option<&'static str>);

    /// The tokens that come with the access token. `known`: whether the person is linked already.
    fn token_set(&self, settings: &Settings, asked: &Authorization, known: bool) -> TokenSet;

    /// Whether an application may send its authorization request by POST.
    fn accepts_posted_requests(&self) -> bool {
        true
    }

    /// Parameters of the callback beside the code and the state.
    fn callback_parameters(&self, _grant: &Grant) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// The reason for a callback without a code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denial {
    /// The person chose to cancel.
    Cancelled,
    /// No page was allowed, and no person is signed in.
    LoginRequired,
    /// No page was allowed, and a consent is missing.
    ConsentRequired,
}
