//! Mistakes in authorization requests, and their texts on the page.

use url::Url;

use crate::{language::Language, settings::Settings, web::params::Params};

/// The answer to an authorization request with a mistake.
pub(crate) enum Refused {
    /// A page shows the mistake, because no redirect URI is known (RFC 6749 section 4.1.2.1).
    Shown(Mistake),
    /// The browser is sent to the application with the error.
    Sent(Url),
}

impl From<Mistake> for Refused {
    fn from(mistake: Mistake) -> Self {
        Self::Shown(mistake)
    }
}

/// A mistake in a request whose redirect URI is not trusted yet. Each dialect has a code of its own
/// for it.
pub(crate) enum Mistake {
    /// Any mistake that has no code of its own.
    Request,
    /// The application may not sign users in, by `Settings::login_enabled`.
    LoginDisabled,
    RedirectUri,
    /// The address to return to after a sign-out is missing or not allowed.
    LogoutUri,
    ClientId,
    ResponseType,
    /// The implicit flow (RFC 6749 section 4.2), which has a code of its own with Kakao.
    ImplicitFlow,
    /// The first item that may not be requested.
    Scope(String),
}

impl Mistake {
    /// Checks that the request names this application, and that it may sign users in.
    pub(crate) fn check_client(settings: &Settings, params: &Params) -> Result<(), Self> {
        if !settings.knows(params) {
            Err(Self::ClientId)
        } else if !settings.login_enabled {
            Err(Self::LoginDisabled)
        } else {
            Ok(())
        }
    }

    /// The text on the page.
    pub(crate) fn cause(&self, language: Language) -> String {
        let (english, korean) = self.causes();
        let cause = language.pick(english, korean);
        match self {
            Self::Scope(item) => format!("{cause} {item}"),
            _ => cause.to_owned(),
        }
    }

    /// The texts in English and Korean.
    fn causes(&self) -> (&'static str, &'static str) {
        match self {
            Self::Request => (
                "A parameter of the request is missing or wrong.",
                "요청 파라미터가 없거나 잘못되었습니다.",
            ),
            Self::LoginDisabled => (
                "Login is switched off for this app.",
                "이 앱은 로그인이 꺼져 있습니다.",
            ),
            Self::RedirectUri => (
                "The redirect_uri is not registered for this app.",
                "redirect_uri가 앱에 등록되어 있지 않습니다.",
            ),
            Self::LogoutUri => (
                "The logout_redirect_uri is not registered for this app.",
                "logout_redirect_uri가 앱에 등록되어 있지 않습니다.",
            ),
            Self::ClientId => (
                "No app has this client_id.",
                "이 client_id를 가진 앱이 없습니다.",
            ),
            Self::ResponseType => (
                "The response_type must be code.",
                "response_type은 code여야 합니다.",
            ),
            Self::ImplicitFlow => (
                "The response_type token is not supported.",
                "response_type token은 지원하지 않습니다.",
            ),
            Self::Scope(_) => (
                "The app asks for a consent item that is not configured:",
                "설정되지 않은 동의항목을 요청했습니다:",
            ),
        }
    }
}
