//! Decides what follows from an authorization request. Changes nothing.

use crate::{
    dialect::Dialect,
    login::{
        authorization::{Authorization, Prompt, Renewal},
        rules::Denial,
    },
    state::State,
};

/// The answer to an authorization request.
pub(crate) enum Step {
    /// A code without a page, for the person who is remembered.
    Grant,
    /// A callback with an error.
    Deny(Denial),
    /// The page, which asks this person for consent.
    Consent(u64),
    /// The page, on which the latest person is selected.
    Choose(Option<u64>),
}

impl Step {
    /// The next step for the person whom the browser remembers. `prompt=none` is decided first,
    /// because no page may be shown then (OpenID Connect Core section 3.1.2.1).
    pub(crate) fn next(
        state: &State,
        dialect: Dialect,
        asked: &Authorization,
        remembered: Option<u64>,
    ) -> Self {
        let linked = remembered.filter(|person| state.consents.is_linked(dialect, *person));
        let agreed = linked.is_some_and(|person| has_agreed(state, dialect, asked, person));
        if asked.prompt == Prompt::Silent {
            return match (linked, remembered) {
                (Some(_), _) if agreed => Self::Grant,
                (_, Some(_)) => Self::Deny(Denial::ConsentRequired),
                (_, None) => Self::Deny(Denial::LoginRequired),
            };
        }
        let asks_again = match asked.renewal {
            Renewal::All => true,
            Renewal::Missing => !agreed,
            Renewal::No => false,
        };
        match linked {
            _ if asked.prompt == Prompt::Choose => Self::Choose(remembered),
            Some(person) if asks_again => Self::Consent(person),
            Some(_) if state.settings.auto_sign_in && agreed => Self::Grant,
            Some(person) if state.settings.auto_sign_in => Self::Consent(person),
            _ => Self::Choose(remembered),
        }
    }
}

/// Whether the person has agreed to the whole scope. `openid` is no consent item.
fn has_agreed(state: &State, dialect: Dialect, asked: &Authorization, person: u64) -> bool {
    let mut items = asked.scope.iter().filter(|item| *item != "openid");
    items.all(|item| state.consents.agrees(dialect, person, item))
}
