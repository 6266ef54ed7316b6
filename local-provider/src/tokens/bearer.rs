use http::{HeaderMap, header::AUTHORIZATION};

use crate::{
    dialect::Dialect,
    person::Person,
    state::{
        State,
        grants::{Grant, Kind},
    },
};

/// An access token that is alive, and what it stands for.
pub(crate) struct Bearer {
    pub(crate) token: String,
    pub(crate) grant: Grant,
    pub(crate) person: Person,
}

/// Why a request has no [`Bearer`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoBearer {
    Missing,
    Malformed,
    Unknown,
    Unlinked,
}

impl Bearer {
    pub(crate) fn of(
        state: &State,
        dialect: Dialect,
        headers: &HeaderMap,
    ) -> Result<Self, NoBearer> {
        let header = headers.get(AUTHORIZATION).ok_or(NoBearer::Missing)?;
        let token = header.to_str().ok().and_then(token);
        let token = token.ok_or(NoBearer::Malformed)?;
        let grant = state.grants.find(dialect, Kind::Access, token);
        let grant = grant.ok_or(NoBearer::Unknown)?;
        let linked = state.consents.is_linked(dialect, grant.person);
        let person = state.person(grant.person).filter(|_| linked);
        Ok(Self {
            token: token.to_owned(),
            grant: grant.clone(),
            person: person.ok_or(NoBearer::Unlinked)?.clone(),
        })
    }
}

fn token(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
