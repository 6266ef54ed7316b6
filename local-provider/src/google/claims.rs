use serde_json::Value;

use super::scope;
use crate::{person::Person, state::grants::Grant};

/// The `sub` of a person: 21 digits.
pub(crate) fn subject(person: &Person) -> String {
    format!("1{:020}", person.id)
}

/// Adds what the login scopes tell, which is never a phone number.
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
