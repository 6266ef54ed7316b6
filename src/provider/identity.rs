//! The identity of a provider: its protocol family, its issuer, and its sign-in button.

use super::brand::Brand;
use crate::language::Text;

/// The identity of a provider, which does not change while the process runs.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) family: Family,
    pub(crate) brand: Brand,
    pub(crate) title: Title,
    /// The issuer. For a provider without OpenID Connect, it is the origin of its authorization
    /// endpoint. Sessions are bound to the issuer, so that another provider under the same name
    /// cannot continue them.
    pub(crate) issuer: String,
    /// Sessions are bound to this as well, because subjects may differ between two clients (Core
    /// section 8).
    pub(crate) client_id: String,
}

/// The text of the sign-in button. The pages have the words around a name in their languages.
#[derive(Clone, Debug)]
pub(crate) enum Title {
    /// "Sign in with" a brand, by its English name.
    Brand(&'static str),
    /// "Sign in with" a provider, by its name in the settings or its host.
    Name(String),
    /// The application's own text.
    Given(Text),
}

/// The protocol family of a provider. One user may have different subjects in two families, as at
/// Naver, so a session belongs to one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Kakao,
    Naver,
    Google,
    OpenId,
    Custom,
}

impl Family {
    /// The text that is sealed into every session as a part of its
    /// [`Binding`](crate::session::Binding). A change would end all sessions.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Kakao => "kakao",
            Self::Naver => "naver",
            Self::Google => "google",
            Self::OpenId => "openid",
            Self::Custom => "oauth2",
        }
    }
}
