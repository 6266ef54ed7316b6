//! The remedy of a refusal, in one sentence for the operator, for the log only.
//!
//! The texts are for the causes that occurred at real providers. A cause without a text has no
//! remedy in the log, because a guess would send the operator in a wrong direction.

use super::{LoginError, LoginErrorKind as K};

/// The remedy. `None` if none is known.
///
/// The most exact source is asked first: the error of the client, then the provider's description,
/// then its code or name, then the kind of the error.
pub(crate) fn remedy(error: &LoginError) -> Option<&'static str> {
    // A used code is not caused by the settings, so the name of the error is not looked at.
    // The error of the application is its own, and no remedy for a provider fits it.
    if matches!(error.kind(), K::CodeRejected | K::ApplicationBusy) {
        return None;
    }
    let call = error.call();
    let source = call.and_then(|call| Some(call.source.as_ref()?.0.as_str()));
    let name = call.and_then(|call| call.error.as_deref());
    let code = error.code();
    let description = call.and_then(|call| call.description.as_deref());
    by_source(source.unwrap_or_default())
        .or_else(|| by_description(error.kind(), description.unwrap_or_default()))
        .or_else(|| by_name(code.unwrap_or_default()))
        .or_else(|| by_name(name.unwrap_or_default()))
        .or_else(|| {
            let is_explained = name.is_some() || description.is_some();
            by_kind(error.kind(), call.and_then(|call| call.call), is_explained)
        })
}

/// By the error of the client, whose texts are those of rustls, hyper and the operating system. The
/// order matters, because the first part that is contained decides.
fn by_source(source: &str) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 8] = [
        (
            "certificate expired",
            "renew the provider's certificate, or set the clock of this machine",
        ),
        (
            "not valid for name",
            "correct the host of the address: the certificate is for another",
        ),
        (
            "CaUsedAsEndEntity",
            "give the provider's server a certificate of its own: it shows that of an authority",
        ),
        (
            "invalid peer certificate",
            "trust the authority that signed the provider's certificate, as by SSL_CERT_FILE, if its host and dates are right",
        ),
        (
            "dns error",
            "correct the host of the address, or the name server of this machine",
        ),
        (
            "onnection refused",
            "correct host and port of the address, or start the provider",
        ),
        (
            "corrupt message",
            "the port does not speak TLS: correct scheme and port of the address",
        ),
        (
            "timed out",
            "look whether the provider is slow, and whether a firewall drops the connection",
        ),
    ];
    let known = KNOWN.iter().find(|(part, _)| source.contains(part));
    known.map(|(_, remedy)| *remedy)
}

/// By the provider's description. Only for `Misconfigured`, where one name (`invalid_request`,
/// `invalid_client`) has several causes. The parts are in lower case.
fn by_description(kind: K, description: &str) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 5] = [
        (
            "certificat",
            "switch off certificate-bound tokens (mutual TLS) for this client at the provider: the application sends bearer tokens",
        ),
        (
            "dpop",
            "switch off DPoP for this client at the provider: the application sends bearer tokens",
        ),
        ("redirect_uri", CALLBACK),
        (
            "client authentication",
            "compare the client id, the client secret and the way it is sent with the registration at the provider",
        ),
        (
            "claims",
            "leave the parameter claims out: Oidc::claims_parameter(false)",
        ),
    ];
    if kind != K::Misconfigured {
        return None;
    }
    let description = description.to_ascii_lowercase();
    let known = KNOWN.iter().find(|(part, _)| description.contains(part));
    known.map(|(_, remedy)| *remedy)
}

/// The remedy for a callback address that is not registered.
const CALLBACK: &str = "register the callback address of this application at the provider, exactly as the example doctor shows it";

/// By the code, or by the name of the provider's error. The codes are those of RFC 6749, OpenID
/// Connect, Kakao and Google, and those of this crate, such as the claim that an ID token lacks.
#[rustfmt::skip]
fn by_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "invalid_client" | "KOE010" => "compare the client id, the client secret and the way it is sent with the registration at the provider",
        "unauthorized_client" => "allow this client the authorization code grant at the provider",
        "unsupported_grant_type" => "allow this client the authorization code grant at the provider",
        "unsupported_response_type" => "allow this client the response type code at the provider",
        "invalid_scope" => "ask only for scopes that the provider allows this client, or allow them there",
        "invalid_request" => "compare redirect URI, PKCE and parameters with the registration at the provider",
        "invalid_redirect_uri" | "redirect_uri_mismatch" | "KOE006" | "KOE310" => CALLBACK,
        "KOE303" => "give every replica the same public URL: the sign-in began with another callback address",
        "invalid_dpop_proof" | "use_dpop_nonce" => "switch off DPoP for this client at the provider: the application sends bearer tokens",
        "invalid_target" => "correct the parameter resource, or allow the resource at the provider",
        "auth_time" => "let the provider put auth_time into its ID tokens, as by Keycloak's client scope basic, or let the route accept_unproved()",
        "iss_missing" => "let the provider send iss in its authentication response, as its metadata announce",
        "response_mode" => "set the provider's response mode to query",
        "issuer" => "set the issuer exactly as the metadata write it",
        "jwks_uri" | "token_endpoint" | "authorization_endpoint" => "correct this member of the provider's metadata",
        "address" => "the provider's metadata name a private address: correct them, or allow private addresses",
        "exp" | "iat" | "nbf" => "set the clocks of this machine and of the provider",
        "iss" => "set the issuer exactly as the provider's tokens write it",
        "nonce" => "the token belongs to another sign-in: if all sign-ins fail so, the provider must repeat the nonce",
        "missing" => "let the provider send an ID token: allow this client the scope openid",
        "aud" | "azp" => "let the provider make ID tokens for this client id, or name a further audience with Oidc::trust_audience",
        "alg" => "set the client's signing algorithm at the provider to one that is expected",
        "signature" => "check that jwks_uri holds the key that signs",
        "KOE003" => "wait until Kakao works again",
        "KOE004" => "switch Kakao Login on in Kakao's console",
        "KOE005" => "add the user to the members of the test app, or use the app that is in production",
        "KOE008" | "KOE101" => "use the REST API key as the client id",
        "KOE009" => "register the platform of the site in Kakao's console",
        "KOE205" | "-402" => "switch on the consent items and OpenID Connect in Kakao's console as they are asked for",
        "KOE237" | "-10" | "-11" => "ask Kakao for a higher quota",
        "-3" | "-5" => "allow the app this API and its consent items in Kakao's console",
        "SERVICE_DISABLED" | "PERMISSION_DENIED" => "switch on the People API for this project in Google's console",
        "claims_too_long" => "let on_sign_in return less: an id in place of a record",
        "claims_not_json" => "let on_sign_in return a type that serde_json writes: keys of maps are texts",
        "claims_not_read_back" => "let the type of the hook claims read the JSON that it writes",
        "phone_number_not_announced" => "let the provider know the phone scope or claim, or name them in the settings",
        "phone_number_not_asked" => "let the settings ask for the phone number",
        "phone_number_elsewhere" => "let the provider give the number itself, not as an aggregated or distributed claim",
        _ => return None,
    })
}

/// By the kind and the failed call, if nothing else is known. `is_explained` says whether the
/// provider gave a name or a description.
fn by_kind(kind: K, call: Option<&str>, is_explained: bool) -> Option<&'static str> {
    match (kind, call) {
        (K::Misconfigured, Some("metadata")) => Some(
            "correct scheme, host and path of the issuer: its metadata are at /.well-known/openid-configuration below it",
        ),
        (K::Misconfigured, Some("keys")) => Some("correct jwks_uri in the provider's metadata"),
        (K::PhoneNotConfigured, _) => {
            Some("let the provider give this application phone numbers: consent item, scope or API")
        }
        (K::Misconfigured, Some("pushed_request" | "token")) if !is_explained => Some(
            "the provider gives no reason: look into its own log, and compare the address and the settings of the client with it",
        ),
        (K::Misconfigured, Some("pushed_request" | "token")) => {
            Some("compare the settings of the client with its registration at the provider")
        }
        _ => None,
    }
}
