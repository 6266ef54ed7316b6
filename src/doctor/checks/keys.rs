//! The algorithms and keys that sign tokens.

use super::{
    announced::{Announced, words},
    unanswered,
};
use crate::doctor::{
    facts::{Call, Certificates, Provider},
    report::{Check, CheckState},
};
use crate::{
    error::escaped,
    http_client::CallName,
    provider::oidc::outlined::{KeyFound, KeysFound},
};

/// The member of the metadata that lists the algorithms of ID tokens.
const MEMBER: &str = "id_token_signing_alg_values_supported";
/// The most keys that are listed.
const MOST_KEYS: usize = 6;

/// Whether the provider signs ID tokens with an accepted algorithm. Always `Some`; the type fits
/// the list of its caller.
pub(crate) fn algorithms(announced: &Announced<'_>) -> Option<Check> {
    let set = announced.set;
    let accepted = words(&set.algorithms);
    let expected = format!("one of {accepted}");
    let Some(list) = announced.list(MEMBER) else {
        let check = announced.check("algorithms", &expected, "the provider announces none");
        let remedy = "if ID tokens are refused with alg, name the right ones with Oidc::algorithms";
        return Some(check.is(CheckState::Note, remedy));
    };
    let common = common(&set.algorithms, &list);
    if !common.is_empty() {
        let found = words(&common);
        return Some(announced.check("algorithms", &expected, &found));
    }
    let remedy = match set.pins_algorithms {
        true => {
            "name one that the provider announces with Oidc::algorithms (OIDC_ALGORITHMS), or leave it out"
        }
        false => {
            "set the client's signing algorithm to RS256 or ES256 in the provider's console: these are never accepted"
        }
    };
    let check = announced.check("algorithms", &expected, &words(&list));
    Some(check.is(CheckState::Failed, remedy))
}

/// The accepted algorithms that are announced. EdDSA with Ed25519 has a second name (RFC 9864).
fn common<'a>(accepted: &[&'a str], announced: &[&str]) -> Vec<&'a str> {
    let is_it = |own: &str, other: &str| own == other || own == "Ed25519" && other == "EdDSA";
    let is_announced = |own: &&&str| announced.iter().any(|other| is_it(own, other));
    accepted.iter().filter(is_announced).copied().collect()
}

/// Checks the key set of a provider. `None` if no set was fetched.
pub(crate) fn key_set(known: &Provider, certificates: &Certificates) -> Option<Check> {
    const EXPECTED: &str = "keys that can verify ID tokens";

    let call = known
        .calls
        .iter()
        .find(|call| call.name == CallName::Keys)?;
    let check = |found: &str| Check::new("key_set", &known.name, (EXPECTED, found));
    let keys = match (&call.outcome, &known.keys) {
        (Err(failure), _) => {
            let (found, remedy) = unanswered::cause(call, failure, certificates);
            return Some(check(&found).is(CheckState::Failed, remedy));
        }
        (Ok(_), Some(Ok(keys))) => keys,
        (Ok(answer), _) => {
            let found = format!("{}, and no key set at {}", answer.status, call.address);
            let remedy = "check the jwks_uri of the metadata, and what answers there";
            return Some(check(&found).is(CheckState::Failed, remedy));
        }
    };
    Some(checked(known, keys, call, check))
}

/// Checks a set that was read: it needs a usable key, and one for an algorithm that is both
/// announced and accepted.
fn checked(
    known: &Provider,
    keys: &KeysFound,
    call: &Call,
    check: impl Fn(&str) -> Check,
) -> Check {
    if keys.usable.is_empty() {
        let found = format!("no usable key among {} at {}", keys.entries, call.address);
        let remedy = "publish an RSA key of 2048 bits or more, P-256, P-384, P-521 or Ed25519 there, for signatures";
        return check(&found).is(CheckState::Failed, remedy);
    }
    let found = described(keys);
    let wanted = wanted(known);
    let fits = |key: &KeyFound| key.algorithms.iter().any(|own| wanted.contains(own));
    if wanted.is_empty() || keys.usable.iter().any(fits) {
        return check(&found);
    }
    let remedy = format!(
        "publish a key for {} there, or let the client's tokens be signed with a key that is there",
        wanted.join(" or ")
    );
    check(&found).is(CheckState::Failed, remedy)
}

/// The algorithms that are both announced and accepted. Empty if that is not known, or if tokens
/// are signed with the client secret and thus need no key.
fn wanted(known: &Provider) -> Vec<&'static str> {
    let Some(announced) = Announced::of(known).filter(|one| !one.set.signs_with_secret) else {
        return Vec::new();
    };
    let list = announced.list(MEMBER);
    list.map_or_else(Vec::new, |list| common(&announced.set.algorithms, &list))
}

/// The usable keys with their kinds and ids, for comparison with the `kid` of a refused token.
fn described(keys: &KeysFound) -> String {
    let named = |key: &KeyFound| {
        let id = key.id.as_deref().map(escaped);
        let id = id.map_or_else(|| "without kid".to_owned(), |id| format!("kid {id}"));
        format!("{} ({id})", kind(key))
    };
    let mut named: Vec<String> = keys.usable.iter().take(MOST_KEYS).map(named).collect();
    if keys.usable.len() > MOST_KEYS {
        named.push(format!("{} more", keys.usable.len() - MOST_KEYS));
    }
    let (usable, entries) = (keys.usable.len(), keys.entries);
    format!("{usable} of {entries} usable: {}", named.join(", "))
}

/// The algorithms of a key. An RSA key without `alg` serves for six algorithms, so it is shown as
/// `RSA`.
fn kind(key: &KeyFound) -> String {
    match key.algorithms.as_slice() {
        [_, _, _, ..] => "RSA".to_owned(),
        few => few.join("/"),
    }
}
