use crate::{
    login::target::Target,
    state::{challenge::Challenge, requested::Requested},
};

/// An authorization request that was read without a mistake.
pub(crate) struct Authorization {
    pub(crate) target: Target,
    /// The consent items that the page is about.
    pub(crate) items: Vec<String>,
    /// The words of `scope`, where they mean anything.
    pub(crate) scope: Vec<String>,
    pub(crate) prompt: Prompt,
    pub(crate) renewal: Renewal,
    /// Whether earlier consents count as well.
    pub(crate) merges: bool,
    /// Whether the application asks for a refresh token.
    pub(crate) offline: bool,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<Challenge>,
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
    /// Those of its scope that are missing.
    Missing,
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

    pub(crate) fn asks_for(&self, word: &str) -> bool {
        self.scope.iter().any(|asked| asked == word)
    }

    pub(crate) fn is_about(&self, item: &str) -> bool {
        self.items.iter().any(|other| other == item)
    }
}

impl Prompt {
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
