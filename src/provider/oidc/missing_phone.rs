//! The reason why a sign-in gave no phone number. The function is pure: the request, the granted
//! scope and the metadata decide.
//!
//! The reason decides the next step. If the user withheld the number, a second request for consent
//! helps. If the client may not receive it, only the operator can help. If the account has no
//! number, neither helps.

use serde_json::{Map, Value};

use crate::error::{LoginErrorKind, ProviderError};

/// The facts that decide the reason.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Evidence<'a> {
    /// The scope of the request that stands for the number. `None` if no scope does.
    pub(super) scope: Option<&'a str>,
    /// The request named the claim in the parameter `claims`.
    pub(super) asked_by_claim: bool,
    /// The name of the claim.
    pub(super) claim: &'a str,
    /// The `scope` of the token response. `None` if the response has none, which means that all
    /// scopes were granted.
    pub(super) granted: Option<&'a str>,
    /// The scopes that the metadata list. `None` if they have no list.
    pub(super) scopes_supported: Option<&'a [String]>,
    /// The claims that the metadata list. `None` if they have no list.
    pub(super) claims_supported: Option<&'a [String]>,
    /// The number is an aggregated or distributed claim (Core section 5.6.2), which another server
    /// holds.
    pub(super) is_elsewhere: bool,
    /// The provider gives the number although its metadata list neither the scope nor the claim.
    pub(super) is_unlisted: bool,
}

impl Evidence<'_> {
    /// The reason. Only [`PhoneNotShared`](LoginErrorKind::PhoneNotShared) makes the layer ask for
    /// consent a second time.
    pub(super) fn cause(&self) -> ProviderError {
        let for_operator =
            |code: &'static str| ProviderError::with_code(LoginErrorKind::PhoneNotConfigured, code);
        if self.is_elsewhere {
            return for_operator("phone_number_elsewhere");
        }
        // The request did not ask for the number, so the provider had no reason to send it.
        if self.scope.is_none() && !self.asked_by_claim {
            return for_operator("phone_number_not_asked");
        }
        let scope_is_known = self
            .scope
            .and_then(|scope| lists(self.scopes_supported, scope))
            .filter(|_| !self.is_unlisted);
        let claim_is_known = lists(self.claims_supported, self.claim).filter(|_| !self.is_unlisted);
        let is_announced = scope_is_known == Some(true) || claim_is_known == Some(true);
        let unannounced = [scope_is_known, claim_is_known].contains(&Some(false)) && !is_announced;
        // A response without `scope` granted all of the request (RFC 6749 section 5.1). An ID token
        // came, so `openid` was granted. A list without `openid` therefore describes something
        // else, such as the scopes of an API, and is ignored.
        let said = self.granted.filter(|granted| grants(granted, "openid"));
        let granted = self.scope.zip(said);
        match granted.map(|(scope, granted)| grants(granted, scope)) {
            // A provider ignores a scope that it does not know (Core section 3.1.2.1), so the user
            // did not withhold it.
            Some(false) if unannounced && scope_is_known == Some(false) => {
                for_operator("phone_number_not_announced")
            }
            Some(false) => ProviderError::new(LoginErrorKind::PhoneNotShared),
            // Some servers repeat every scope of the request, even those that they do not know.
            Some(true) if scope_is_known == Some(false) && claim_is_known == Some(false) => {
                for_operator("phone_number_not_announced")
            }
            None if unannounced => for_operator("phone_number_not_announced"),
            // The response is the same for a number that is withheld and for one that is not on the
            // account. A second request for consent tells them apart.
            None if self.is_unlisted => ProviderError::new(LoginErrorKind::PhoneNotShared),
            Some(true) | None => ProviderError::new(LoginErrorKind::PhoneNotOnAccount),
        }
    }
}

/// Whether another server holds the claim (Core section 5.6.2). This crate does not fetch such
/// claims.
pub(super) fn is_elsewhere(claims: &Map<String, Value>, claim: &str) -> bool {
    let names = claims.get("_claim_names").and_then(Value::as_object);
    names.is_some_and(|names| names.get(claim).is_some_and(|source| !source.is_null()))
}

/// Whether a list of the metadata has `word`. `None` if the list is missing or empty, which says
/// nothing.
fn lists(list: Option<&[String]>, word: &str) -> Option<bool> {
    let list = list.filter(|list| !list.is_empty())?;
    Some(list.iter().any(|one| one == word))
}

/// Whether `scope` is in a list of scopes, in any order (RFC 6749 section 3.3). Some servers
/// separate them by another character than the space.
fn grants(granted: &str, scope: &str) -> bool {
    let is_in = |separator: fn(char) -> bool| granted.split(separator).any(|one| one == scope);
    is_in(char::is_whitespace) || is_in(|c| c.is_whitespace() || ",;|+".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use LoginErrorKind::{PhoneNotConfigured, PhoneNotOnAccount, PhoneNotShared};

    fn list(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    /// A sign-in that asked for the number by the scope `phone`.
    fn cause(
        granted: Option<&str>,
        scopes: Option<&[&str]>,
        claims: Option<&[&str]>,
    ) -> LoginErrorKind {
        let (scopes, claims) = (scopes.map(list), claims.map(list));
        let evidence = Evidence {
            scope: Some("phone"),
            claim: "phone_number",
            granted,
            scopes_supported: scopes.as_deref(),
            claims_supported: claims.as_deref(),
            ..Evidence::default()
        };
        evidence.cause().kind()
    }

    #[test]
    fn the_granted_scope_decides_in_any_order_and_with_any_separator() {
        for granted in [
            "openid phone",
            "phone openid",
            "openid,phone",
            "openid  phone ",
            "openid\tphone\nemail",
            "openid+phone",
            "email;phone;openid",
        ] {
            assert_eq!(
                cause(Some(granted), None, None),
                PhoneNotOnAccount,
                "{granted}"
            );
        }
        for granted in [
            "openid",
            "openid email",
            "openid phones",
            "openid Phone",
            "openid xphone",
        ] {
            assert_eq!(
                cause(Some(granted), None, None),
                PhoneNotShared,
                "{granted}"
            );
        }
        for elsewhere in ["", " ", "dummy", "api://shop/read", "email"] {
            assert_eq!(cause(Some(elsewhere), None, None), PhoneNotOnAccount);
        }
        assert_eq!(cause(None, None, None), PhoneNotOnAccount);
    }

    #[test]
    fn metadata_without_a_phone_number_are_a_matter_of_the_operator() {
        let (no_scope, no_claim): (&[&str], &[&str]) = (&["openid", "email"], &["sub", "email"]);
        let (scope, claim): (&[&str], &[&str]) = (&["openid", "phone"], &["sub", "phone_number"]);
        for (scopes, claims, unmentioned, withheld) in [
            (
                Some(no_scope),
                Some(no_claim),
                PhoneNotConfigured,
                PhoneNotConfigured,
            ),
            (Some(no_scope), None, PhoneNotConfigured, PhoneNotConfigured),
            (None, Some(no_claim), PhoneNotConfigured, PhoneNotShared),
            (
                Some(scope),
                Some(no_claim),
                PhoneNotOnAccount,
                PhoneNotShared,
            ),
            (
                Some(no_scope),
                Some(claim),
                PhoneNotOnAccount,
                PhoneNotShared,
            ),
            (Some(scope), Some(claim), PhoneNotOnAccount, PhoneNotShared),
            (Some(&[]), Some(&[]), PhoneNotOnAccount, PhoneNotShared),
        ] {
            let case = format!("{scopes:?} {claims:?}");
            assert_eq!(cause(None, scopes, claims), unmentioned, "{case}");
            assert_eq!(cause(Some("openid"), scopes, claims), withheld, "{case}");
        }
        let repeated = cause(Some("openid phone"), Some(no_scope), Some(no_claim));
        assert_eq!(repeated, PhoneNotConfigured);
    }
}
