//! Whether the provider can send the phone number, by scopes and claims.
//!
//! Metadata need not list all scopes and claims, so the checks warn and never fail.

use super::announced::{Announced, words};
use crate::doctor::report::{Check, CheckState};

/// The check of scopes and that of claims, which is left out if the number is not asked for.
pub(crate) fn checks(announced: &Announced<'_>) -> Vec<Check> {
    let claim = announced.set.phone_claim.as_deref();
    let claims = claim.map(|claim| claims(announced, claim));
    [scopes(announced)].into_iter().chain(claims).collect()
}

/// Whether the requested scopes are announced, and one of them stands for the number.
fn scopes(announced: &Announced<'_>) -> Check {
    let set = announced.set;
    let asked: Vec<&str> = set.scopes.iter().map(String::as_str).collect();
    let expected = format!("the scopes asked for: {}", words(&asked));
    let check = |found: &str| announced.check("scopes", &expected, found);
    let asks = set.phone_scope.is_some() || asks_by_claims(announced);
    if set.phone_claim.is_some() && !asks {
        let remedy = "name the scope of the number with Oidc::phone_scope, or leave Oidc::scopes (OIDC_SCOPES) out";
        return check("none of them stands for the phone number").is(CheckState::Warning, remedy);
    }
    let Some(list) = announced.list("scopes_supported") else {
        let remedy = "if sign-ins are refused with invalid_scope, see Oidc::scopes";
        return check("the provider lists none").is(CheckState::Note, remedy);
    };
    let missing: Vec<&str> = asked
        .iter()
        .copied()
        .filter(|scope| !list.contains(scope))
        .collect();
    if missing.is_empty() {
        return check("all of them are listed");
    }
    let found = format!("{} not listed; listed: {}", words(&missing), words(&list));
    if set.is_unlisted {
        let remedy =
            "nothing to do: this provider is known to have them although it does not announce them";
        return check(&found).is(CheckState::Note, remedy);
    }
    let remedy = format!(
        "permit {} for this client at the provider, or ask for others with Oidc::scopes and Oidc::phone_scope (OIDC_SCOPES): sign-ins \
         may be refused with invalid_scope, or bring no number",
        words(&missing)
    );
    check(&found).is(CheckState::Warning, remedy)
}

/// Whether the parameter `claims` requests the number by its name. A scope for it is then not
/// needed.
fn asks_by_claims(announced: &Announced<'_>) -> bool {
    let supported = announced.is_true("claims_parameter_supported");
    announced.set.claims_parameter.unwrap_or(supported)
}

/// Whether the claims of the number and of its verification are announced. Without the second one,
/// the number counts as unverified.
fn claims(announced: &Announced<'_>, claim: &str) -> Check {
    const FLAG: &str = "phone_number_verified";

    let set = announced.set;
    let expected = format!("the claims {} and {FLAG}", words(&[claim]));
    let check = |found: &str| announced.check("phone_claims", &expected, found);
    let Some(list) = announced.list("claims_supported") else {
        let remedy = "if sign-ins bring no number, give the provider's name of the claim to Oidc::phone_claim";
        return check("the provider lists none").is(CheckState::Note, remedy);
    };
    let has = |claim: &str| list.contains(&claim);
    match (has(claim), has(FLAG)) {
        (true, true) => check("both are listed"),
        _ if set.is_unlisted => check("not listed").is(
            CheckState::Note,
            "nothing to do: this provider is known to have them although it does not announce them",
        ),
        (true, false) => check(&format!("{FLAG} not listed")).is(
            CheckState::Warning,
            "numbers without it count as unverified, and are refused by default: see Oidc::phone_asserted \
             (OIDC_PHONE_ASSERTED)",
        ),
        (false, _) => check(&format!("{} not listed", words(&[claim]))).is(
            CheckState::Warning,
            "let the provider give this client the phone number (at Keycloak: the client scope phone), or name its claim with \
             Oidc::phone_claim (OIDC_PHONE_CLAIM)",
        ),
    }
}
