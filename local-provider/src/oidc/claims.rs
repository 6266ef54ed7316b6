//! The claims about a person, in the ID token and in userinfo.

use serde_json::{Value, json};

use crate::settings::oidc::{OidcSettings, PhoneIn, Userinfo};
use crate::{number, person::Person, state::grants::Grant};

/// The claims about a person that userinfo has (OpenID Connect Core section 5.4).
pub(crate) fn in_userinfo(oidc: &OidcSettings, grant: &Grant, person: &Person) -> Value {
    let sub = oidc.userinfo_sub.clone();
    let mut claims = json!({ "sub": sub.unwrap_or_else(|| subject(person)) });
    describe(&mut claims, grant, person);
    let asked = grant.requested.in_userinfo || oidc.phone_in != PhoneIn::IdToken;
    if asked && grant.covers("phone") {
        let other = (oidc.phone_in == PhoneIn::Mismatching).then_some(OTHER);
        number(&mut claims, oidc, other.or(person.shared_phone()));
    }
    claims
}

/// Adds the claims about the person that the ID token has. Without a userinfo endpoint, these are
/// all claims.
pub(crate) fn add_to_id_token(
    claims: &mut Value,
    oidc: &OidcSettings,
    grant: &Grant,
    person: &Person,
) {
    if oidc.userinfo == Userinfo::Absent {
        describe(claims, grant, person);
    }
    let asked = grant.requested.in_id_token || oidc.phone_in != PhoneIn::Userinfo;
    if asked && grant.covers("phone") {
        number(claims, oidc, person.shared_phone());
    }
}

/// The `sub` of a person.
pub(crate) fn subject(person: &Person) -> String {
    person.id.to_string()
}

/// Adds the claims of the scopes `profile` and `email`. Claims without a value are left out (OpenID
/// Connect Core section 5.3.2).
fn describe(claims: &mut Value, grant: &Grant, person: &Person) {
    if grant.covers("profile") {
        claims["nickname"] = person.nickname.as_str().into();
        if let Some(name) = &person.name {
            claims["name"] = name.as_str().into();
        }
    }
    if let Some(email) = person.email.as_ref().filter(|_| grant.covers("email")) {
        claims["email"] = email.address.as_str().into();
        claims["email_verified"] = (email.valid && email.verified).into();
    }
}

/// Adds the phone number and `phone_number_verified`, as the settings want them. Nothing for a
/// person without a number.
fn number(claims: &mut Value, oidc: &OidcSettings, phone: Option<&str>) {
    let Some(phone) = phone else {
        return;
    };
    let e164 = number::e164(phone).filter(|_| !oidc.phone_as_written);
    claims["phone_number"] = e164.unwrap_or_else(|| phone.to_owned()).into();
    if let Some(verified) = &oidc.phone_number_verified {
        claims["phone_number_verified"] = verified.clone();
    }
}

/// The number in userinfo if it shall differ from the one in the ID token.
const OTHER: &str = "+82 10-9999-0000";
