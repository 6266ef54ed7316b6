//! The claims about a person in Google's dialect.

use serde_json::Value;

use super::scope;
use crate::{person::Person, state::grants::Grant};

/// The `sub` of a person: 21 digits, as Google's have. It does not fit into 64 bits.
pub(crate) fn subject(person: &Person) -> String {
    format!("1{:020}", person.id)
}

/// Adds the claims of the sign-in scopes. A phone number is never among them; the People API has
/// it.
pub(crate) fn describe(claims: &mut Value, grant: &Grant, person: &Person) {
    if let Some(email) = person.email.as_ref().filter(|_| grant.covers(scope::EMAIL)) {
        claims["email"] = email.address.as_str().into();
        claims["email_verified"] = (email.valid && email.verified).into();
    }
    if grant.covers(scope::PROFILE) {
        let name = person.name.as_ref().unwrap_or(&person.nickname);
        claims["name"] = name.as_str().into();
    }
}
