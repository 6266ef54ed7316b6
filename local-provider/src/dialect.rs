use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::StatusCode;

use crate::language::Language;
use crate::{
    authorization::Authorization,
    google,
    grant::{Grant, Kind},
    kakao,
    mistake::{Mistake, Refused},
    naver, oidc,
    params::Params,
    settings::Settings,
    state::State,
};

/// The dialects that the provider speaks on its one origin.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dialect {
    Kakao,
    Naver,
    Google,
    Oidc,
}

impl Dialect {
    pub(crate) const ALL: [Self; 4] = [Self::Kakao, Self::Naver, Self::Google, Self::Oidc];

    pub(crate) fn speech(self) -> &'static dyn Speech {
        match self {
            Self::Kakao => &kakao::Kakao,
            Self::Naver => &naver::Naver,
            Self::Google => &google::Google,
            Self::Oidc => &oidc::Oidc,
        }
    }
}

/// What differs from dialect to dialect on the way from the page to the tokens.
pub(crate) trait Speech: Sync {
    /// Says on the page which provider this is not.
    fn mark(&self, language: Language) -> &'static str;

    /// The path of the page and its form.
    fn page(&self) -> &'static str;

    /// The path of the cookie that remembers the person.
    fn folder(&self) -> &'static str;

    /// The consent item that stands for the phone number.
    fn phone(&self) -> &'static str;

    /// Every consent item there is.
    fn items(&self, settings: &Settings) -> Vec<String>;

    /// Reads an authorize request.
    fn read(&self, state: &State, params: &Params) -> Result<Authorization, Refused>;

    /// The status and the code of the page that shows a mistake.
    fn code(&self, settings: &Settings, mistake: &Mistake) -> (StatusCode, &'static str);

    /// The `error` and its description that the app gets instead of a code.
    fn denial(&self, denial: Denial) -> (&'static str, Option<&'static str>);

    /// What the access token comes with, for somebody who has `known` the app before.
    fn papers(&self, settings: &Settings, asked: &Authorization, known: bool) -> Papers;

    fn lifetime(&self, kind: Kind) -> Duration;

    /// The part of a secret that differs every time.
    fn spell(&self, _kind: Kind, random: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(random)
    }

    /// Whether an app may send its request as a form.
    fn takes_forms(&self) -> bool {
        true
    }

    /// What else the callback carries beside the code and the state.
    fn extras(&self, _grant: &Grant) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// Why the app gets no code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denial {
    Cancelled,
    LoginRequired,
    ConsentRequired,
}

/// What a code brings in beside the access token.
#[derive(Clone, Copy)]
pub(crate) struct Papers {
    pub(crate) id_token: bool,
    pub(crate) refresh_token: bool,
}
