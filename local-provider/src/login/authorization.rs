//! Authorization requests, in a form that all dialects share.

use crate::{
    login::target::Target,
    state::{challenge::Challenge, requested::Requested},
};

/// An authorization request without a mistake.
pub(crate) struct Authorization {
    /// The redirect URI and what goes back to it.
    pub(crate) target: Target,
    /// The consent items that the page is about.
    pub(crate) items: Vec<String>,
    /// The words of `scope`. Empty in a dialect that ignores it.
    pub(crate) scope: Vec<String>,
    /// Whether a page may be shown, or must be.
    pub(crate) prompt: Prompt,
    /// The consents that are requested again.
    pub(crate) renewal: Renewal,
    /// Whether the tokens also have earlier consents (Google's `include_granted_scopes`).
    pub(crate) merges: bool,
    /// Whether the application asks for a refresh token.
    pub(crate) offline: bool,
    /// Repeated in the ID token.
    pub(crate) nonce: Option<String>,
    /// The code challenge, if the application uses PKCE.
    pub(crate) challenge: Option<Challenge>,
    /// The content of the `claims` parameter.
    pub(crate) requested: Requested,
}

/// The part of the page that the application asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// The page if it is needed.
    Free,
    /// The whole page, even if a person is signed in.
    Choose,
    /// No page.
    Silent,
}

/// The consents that are asked for again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Renewal {
    No,
    /// The consents of its scope that are missing.
    Missing,
    /// All of them, also those that were given.
    All,
}

impl Authorization {
    /// A request without any parameter but its target.
    pub(crate) fn to(target: Target) -> Self {
        Self {
            target,
            items: Vec::new(),
            scope: Vec::new(),
            prompt: Prompt::Free,
            renewal: Renewal::No,
            merges: false,
            offline: false,
            nonce: None,
            challenge: None,
            requested: Requested::default(),
        }
    }

    /// Whether the scope has this word.
    pub(crate) fn asks_for(&self, word: &str) -> bool {
        self.scope.iter().any(|asked| asked == word)
    }

    /// Whether the page is about this consent item.
    pub(crate) fn is_about(&self, item: &str) -> bool {
        self.items.iter().any(|other| other == item)
    }
}

impl Prompt {
    /// Reads the words of `prompt` (OpenID Connect Core section 3.1.2.1). `create` is of OpenID
    /// Connect Prompt Create 1.0.
    pub(crate) fn of(words: &[String]) -> Self {
        let asked = |word: &str| words.iter().any(|asked| asked == word);
        if asked("none") {
            Self::Silent
        } else if ["login", "select_account", "create"].into_iter().any(asked) {
            Self::Choose
        } else {
            Self::Free
        }
    }
}
