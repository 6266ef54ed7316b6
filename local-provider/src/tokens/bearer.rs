//! Access tokens in the `Authorization` header (RFC 6750 section 2.1).

use http::{HeaderMap, header::AUTHORIZATION};

use crate::{
    dialect::Dialect,
    person::Person,
    state::{
        State,
        grants::{Grant, Kind},
    },
};

/// A valid access token, with its grant and its person.
pub(crate) struct Bearer {
    pub(crate) token: String,
    pub(crate) grant: Grant,
    pub(crate) person: Person,
}

/// The reason why a request has no [`Bearer`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoBearer {
    /// The request has no `Authorization` header.
    Missing,
    /// The header is not that of a bearer token.
    Malformed,
    /// The token was never issued, has expired or was revoked.
    Unknown,
    /// The person has been removed or unlinked since.
    Unlinked,
}

impl Bearer {
    /// The bearer of a request, for endpoints of this dialect.
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

/// The token in the header. The scheme is case-insensitive (RFC 9110 section 11.1).
fn token(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
