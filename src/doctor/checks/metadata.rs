//! Whether the metadata exist, are of this issuer, and are usable by a sign-in.

use serde_json::Value;

use super::unanswered;
use crate::doctor::{
    facts::{Answer, Certificates, Metadata, Provider},
    report::{Check, CheckState},
};
use crate::{error::escaped, provider::outline::OpenId, web::origin::is_safe};

/// The checks of the metadata. Empty for a provider without metadata. The endpoints are checked
/// only if the issuer is right, because a sign-in would not use those of another issuer.
pub(crate) fn checks(known: &Provider, certificates: &Certificates) -> Vec<Check> {
    let (Some(openid), Some(metadata)) = (&known.outline.openid, &known.metadata) else {
        return Vec::new();
    };
    let mut checks = vec![exists(known, metadata, certificates)];
    if let Some(document) = &metadata.document {
        checks.push(issuer(known, openid, &document["issuer"]));
        let is_right_issuer = document["issuer"] == openid.issuer.as_str();
        checks.extend(is_right_issuer.then(|| endpoints(known, metadata)));
        if openid.needs_userinfo && document["userinfo_endpoint"].is_null() {
            let values = ("userinfo, at every sign-in", "no userinfo_endpoint");
            let check = Check::new("profile_endpoint", &known.name, values);
            checks.push(check.is(CheckState::Failed, "leave Oidc::always_userinfo out"));
        }
    }
    checks
}

/// Whether the address of the metadata has a JSON object.
fn exists(known: &Provider, metadata: &Metadata, certificates: &Certificates) -> Check {
    let address = &metadata.call.address;
    let expected = format!("a JSON object at {address}");
    let check = |found: &str| Check::new("metadata", &known.name, (&expected, found));
    match &metadata.call.outcome {
        Err(failure) => {
            let (found, remedy) = unanswered::cause(&metadata.call, failure, certificates);
            check(&found).is(CheckState::Failed, remedy)
        }
        Ok(_) if metadata.document.is_some() && may_get_secrets(address) => check(address),
        Ok(_) if metadata.document.is_some() => check(address).is(
            CheckState::Warning,
            "plain http to the provider lets any machine on that network read the client secret: give an https address",
        ),
        Ok(answer) => check(&described(answer)).is(CheckState::Failed, remedy(answer)),
    }
}

/// Whether secrets may be sent to the address, because it has https or is on loopback. The client
/// secret goes to endpoints that the metadata name, so a forged document would receive it.
fn may_get_secrets(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| is_safe(&url))
}

/// An answer in words: its status, and the facts that show where it comes from.
fn described(answer: &Answer) -> String {
    let status = answer.status;
    let coding = answer.coding.as_ref();
    let coding = coding.map(|coding| format!(" in the content coding {coding}"));
    let coding = coding.unwrap_or_default();
    match (&answer.leads_to, &answer.media_type) {
        (Some(place), _) if status.is_redirection() => format!("{status}, to {place}"),
        (_, Some(kind)) => format!("{status}, {kind}{coding}"),
        _ => format!("{status}{coding}"),
    }
}

/// The remedy by the status of an answer without metadata.
fn remedy(answer: &Answer) -> &'static str {
    match answer.status.as_u16() {
        300..=399 => {
            "set the issuer (or Oidc::discovery_url) to the address where the metadata really are: redirects are not followed"
        }
        404 | 410 => {
            "check the path of the issuer, such as the realm (/realms/{realm} at Keycloak) or the tenant, in upper and lower case"
        }
        401 | 403 => {
            "let this machine read the metadata without a password: a proxy or firewall before the provider asks for one"
        }
        200..=299 if answer.coding.is_some() => {
            "let the provider or its proxy heed Accept-Encoding: identity"
        }
        429 | 500.. => "look at the provider's own log and state, and try again",
        _ => {
            "check that the address is the provider's, and that no proxy or sign-in page answers in its place"
        }
    }
}

/// Whether the document names the issuer of the settings, character by character (OpenID Connect
/// Discovery section 4.3).
fn issuer(known: &Provider, openid: &OpenId, found: &Value) -> Check {
    let expected = &openid.issuer;
    let text = found.as_str();
    let shown = text.map_or_else(|| "no text".to_owned(), escaped);
    let check = Check::new("issuer", &known.name, (expected, &shown));
    match text {
        Some(text) if text == expected => check,
        None => check.is(
            CheckState::Failed,
            "check that the document is the provider's: metadata of OpenID Connect name their issuer",
        ),
        Some(text) => {
            let why = difference(expected, text);
            let remedy = format!("set the issuer to {shown}, to the letter: {why} differs");
            let remedy = match why {
                "the host" => format!("{remedy}; if that is not your provider, correct the address"),
                _ => remedy,
            };
            check.is(CheckState::Failed, remedy)
        }
    }
}

/// The first difference between two issuers, because a slash or a letter is easily overlooked.
fn difference(expected: &str, found: &str) -> &'static str {
    let (mine, theirs) = (expected.trim_end_matches('/'), found.trim_end_matches('/'));
    let host = |issuer: &str| url::Url::parse(issuer).ok()?.host_str().map(str::to_owned);
    let without_scheme = |issuer: &str| issuer.split_once("://").map(|(_, rest)| rest.to_owned());
    if mine == theirs {
        "the slash at the end"
    } else if mine.eq_ignore_ascii_case(theirs) {
        "upper or lower case"
    } else if without_scheme(mine) == without_scheme(theirs) {
        "http or https"
    } else if host(mine) == host(theirs) {
        "the path or port"
    } else {
        "the host"
    }
}

/// Whether a sign-in could use the endpoints, as the client of the provider decided.
fn endpoints(known: &Provider, metadata: &Metadata) -> Check {
    let expected = "https endpoints that this server may call";
    let check = |found: &str| Check::new("endpoints", &known.name, (expected, found));
    match &metadata.refused {
        None => check("as they should be"),
        Some(part) => {
            check(part).is(
                CheckState::Failed,
                "set the provider's public address right, so that its metadata name https endpoints; for inner networks see \
                 Oidc::allow_internal_endpoints and Oidc::discovery_url",
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_difference_of_two_issuers_is_named() {
        for (expected, found, named) in [
            (
                "https://a.example",
                "https://a.example/",
                "the slash at the end",
            ),
            (
                "https://a.example/r/X",
                "https://a.example/r/x",
                "upper or lower case",
            ),
            ("https://a.example/r", "http://a.example/r", "http or https"),
            (
                "https://a.example/r",
                "https://a.example/s",
                "the path or port",
            ),
            ("https://a.example", "https://b.example", "the host"),
            ("https://a.example", "nonsense", "the host"),
        ] {
            assert_eq!(difference(expected, found), named, "{found}");
        }
    }
}
