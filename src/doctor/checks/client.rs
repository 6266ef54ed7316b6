//! The features that requests and callbacks use, compared with the metadata.
//!
//! A feature that is not announced is usually a warning and no failure, because many providers
//! support more than they announce. A feature that every sign-in depends on is a failure.

use super::announced::{Announced, words};
use crate::doctor::report::{Check, CheckState};
use crate::provider::outline::Authentication;

/// The checks of requests first, then those of callbacks, then those of sign-outs.
pub(crate) fn checks(announced: &Announced<'_>) -> Vec<Check> {
    let mut checks = vec![
        authentication(announced),
        pkce(announced),
        pushed(announced),
    ];
    checks.extend(claims_parameter(announced));
    checks.extend([
        response_type(announced),
        response_mode(announced),
        callback_issuer(announced),
        logout(announced),
        back_channel(announced),
    ]);
    checks
}

/// Client authentication at the token endpoint. If nothing is announced, `client_secret_basic`
/// holds (OpenID Connect Discovery section 3), but providers that announce nothing often expect
/// another method.
fn authentication(announced: &Announced<'_>) -> Check {
    let list = announced.list("token_endpoint_auth_methods_supported");
    let own: &[&str] = match &announced.set.authentication {
        Authentication::Set(method) => &[method],
        Authentication::Announced => &["client_secret_basic", "client_secret_post"],
    };
    let expected = own.join(" or ");
    let check = |found: &str| announced.check("client_authentication", &expected, found);
    let Some(list) = list else {
        let found = "the provider announces none";
        let remedy = "if sign-ins are refused with invalid_client, set the method that this client is registered for";
        return check(found).is(CheckState::Note, remedy);
    };
    if own.iter().any(|method| list.contains(method)) {
        return check(&words(&list));
    }
    // Many providers do not announce that they accept clients without a secret.
    let state = match own {
        ["none"] => CheckState::Warning,
        _ => CheckState::Failed,
    };
    let remedy = "register the client for its method at the provider, or set one that is announced: client_secret_basic, \
                  client_secret_post, private_key_jwt (OIDC_CLIENT_AUTH)";
    check(&words(&list)).is(state, remedy)
}

/// The code challenge (RFC 7636). A provider that does not know it ignores it, so a missing
/// announcement is only a note.
fn pkce(announced: &Announced<'_>) -> Check {
    let list = announced.list("code_challenge_methods_supported");
    let found = list
        .as_deref()
        .map_or_else(|| "none announced".to_owned(), words);
    if !announced.set.pkce {
        let check = announced.check("pkce", "left out, as set", &found);
        let remedy = "leave Oidc::without_pkce out unless the provider refuses PKCE";
        return check.is(CheckState::Note, remedy);
    }
    let check = announced.check("pkce", "S256", &found);
    match list {
        Some(list) if list.contains(&"S256") => check,
        Some(_) => check.is(
            CheckState::Warning,
            "switch S256 on at the provider, or set Oidc::without_pkce if sign-ins are refused",
        ),
        None => check.is(
            CheckState::Note,
            "most providers ignore what they do not know; set Oidc::without_pkce if sign-ins are refused",
        ),
    }
}

/// Pushed authorization requests (RFC 9126). The combinations that no sign-in can survive are
/// failures.
fn pushed(announced: &Announced<'_>) -> Check {
    let offers = announced.has("pushed_authorization_request_endpoint");
    let requires = announced.is_true("require_pushed_authorization_requests");
    let found = match (offers, requires) {
        (_, true) => "required",
        (true, false) => "offered",
        (false, false) => "not offered",
    };
    let expected = match announced.set.pushed_requests {
        Some(true) => "requests are pushed, as set",
        Some(false) => "requests are not pushed, as set",
        None => "requests are pushed where it is required",
    };
    let check = announced.check("pushed_requests", expected, found);
    match (announced.set.pushed_requests, offers, requires) {
        (Some(false), _, true) => check.is(
            CheckState::Failed,
            "leave Oidc::pushed_requests(false) (OIDC_PUSHED_REQUESTS=off) out",
        ),
        (None, false, true) => check.is(
            CheckState::Failed,
            "let the provider announce its pushed_authorization_request_endpoint, or no longer require it",
        ),
        (Some(true), false, _) => check.is(
            CheckState::Failed,
            "switch pushed authorization requests on at the provider, or leave Oidc::pushed_requests(true) out",
        ),
        _ => check,
    }
}

/// The `claims` parameter (OpenID Connect Core section 5.5). `None` unless it is set and not
/// announced. Without the setting, the layer decides by the metadata.
fn claims_parameter(announced: &Announced<'_>) -> Option<Check> {
    let is_set = announced.set.claims_parameter == Some(true);
    let supported = announced.is_true("claims_parameter_supported");
    let (expected, missing) = ("understood, as it is set", "not announced");
    let check = announced.check("claims_parameter", expected, missing);
    let remedy = "leave Oidc::claims_parameter(true) (OIDC_CLAIMS_PARAMETER=on) out";
    (is_set && !supported).then(|| check.is(CheckState::Failed, remedy))
}

/// The authorization code flow, the only one that the layer has.
fn response_type(announced: &Announced<'_>) -> Check {
    let list = announced.list("response_types_supported");
    let found = list
        .as_deref()
        .map_or_else(|| "none announced".to_owned(), words);
    let check = announced.check("response_type", "code", &found);
    match list {
        Some(list) if list.contains(&"code") => check,
        Some(_) => check.is(
            CheckState::Failed,
            "switch the authorization code flow on at the provider",
        ),
        None => check.is(
            CheckState::Note,
            "nothing to do: the metadata lack a list that they should have",
        ),
    }
}

/// The `query` mode, in which the browser brings its cookies to the callback. If nothing is
/// announced, `query` and `fragment` hold (RFC 8414 section 2).
fn response_mode(announced: &Announced<'_>) -> Check {
    let list = announced.list("response_modes_supported");
    let found = list
        .as_deref()
        .map_or_else(|| "query, by default".to_owned(), words);
    let check = announced.check("response_mode", "query", &found);
    match list {
        Some(list) if !list.contains(&"query") => check.is(
            CheckState::Failed,
            "switch the response mode query on at the provider: a posted callback brings no cookies",
        ),
        _ => check,
    }
}

/// The `iss` of callbacks (RFC 9207). A missing one is harmless here, because each provider has a
/// callback path of its own.
fn callback_issuer(announced: &Announced<'_>) -> Check {
    let expected = "callbacks name their issuer (RFC 9207)";
    let check = |found| announced.check("callback_issuer", expected, found);
    if announced.is_true("authorization_response_iss_parameter_supported") {
        return check("announced");
    }
    check("not announced").is(
        CheckState::Note,
        "nothing to do: each provider has a callback path of its own, which keeps providers apart",
    )
}

/// The sign-out at the provider (OpenID Connect RP-Initiated Logout 1.0). A warning only if the
/// settings ask for it.
fn logout(announced: &Announced<'_>) -> Check {
    let expected = "an end_session_endpoint, to sign users out at the provider";
    let check = |found| announced.check("logout", expected, found);
    if announced.has("end_session_endpoint") {
        return check("announced");
    }
    let (state, remedy) = match announced.set.logs_out {
        true => (
            CheckState::Warning,
            "leave Oidc::logout_at_provider (LOGOUT_AT_PROVIDER) out: users stay signed in at this provider",
        ),
        false => (
            CheckState::Note,
            "nothing to do: users who sign out here stay signed in at the provider",
        ),
    };
    check("not announced").is(state, remedy)
}

/// Reports of sign-outs at the provider (OpenID Connect Back-Channel Logout 1.0).
fn back_channel(announced: &Announced<'_>) -> Check {
    let expected = "reports of sign-outs at the provider";
    let check = |found| announced.check("back_channel_logout", expected, found);
    let supported = announced.is_true("backchannel_logout_supported");
    let names_sessions = announced.is_true("backchannel_logout_session_supported");
    match (supported, names_sessions) {
        (true, true) => check("announced, with sid"),
        (true, false) => check("announced, without sid: a sign-out there ends all sessions of the user here"),
        (false, _) => check("not announced").is(
            CheckState::Note,
            "set recheck_after or a short session_lifetime, so that sign-outs at the provider end sessions here in time",
        ),
    }
}
