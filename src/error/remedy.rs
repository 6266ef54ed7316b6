//! What an operator does about a refusal, in one sentence: for the log alone.

use super::{LoginError, LoginErrorKind as K};

pub(crate) fn remedy(error: &LoginError) -> Option<&'static str> {
    // A used code is no mistake of the settings, by whatever name.
    if error.kind() == K::CodeRejected {
        return None;
    }
    let call = error.call();
    let source = call.and_then(|call| call.source.as_deref());
    let name = call.and_then(|call| call.error.as_deref());
    let code = error.code();
    by_source(source.unwrap_or_default())
        .or_else(|| by_name(code.unwrap_or_default()))
        .or_else(|| by_name(name.unwrap_or_default()))
        .or_else(|| by_kind(error.kind(), call.and_then(|call| call.call)))
}

fn by_source(source: &str) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 4] = [
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
    ];
    let known = KNOWN.iter().find(|(part, _)| source.contains(part));
    known.map(|(_, remedy)| *remedy)
}

/// By the code, or by the provider's own name for the error.
#[rustfmt::skip]
fn by_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "invalid_client" | "KOE010" => "compare the client id, the client secret and the way it is sent with the registration at the provider",
        "unauthorized_client" => "allow this client the authorization code grant at the provider",
        "unsupported_grant_type" | "unsupported_response_type" => "allow the authorization code grant (response_type=code) at the provider",
        "invalid_scope" => "ask only for scopes that the provider allows this client, or allow them there",
        "invalid_request" => "compare redirect URI, PKCE and parameters with the registration at the provider",
        "invalid_redirect_uri" | "redirect_uri_mismatch" | "KOE006" | "KOE303" | "KOE310" => "register this layer's callback address at the provider, exactly as it is sent",
        "invalid_dpop_proof" | "use_dpop_nonce" => "switch off DPoP for this client at the provider: the layer sends bearer tokens",
        "invalid_target" => "correct the parameter resource, or allow the resource at the provider",
        "auth_time" => "let the provider put auth_time into its ID tokens, as by Keycloak's client scope basic, or let the route accept_unproved()",
        "iss_missing" => "let the provider send iss in its authentication response, as its metadata announce",
        "response_mode" => "set the provider's response mode to query",
        "issuer" => "set the issuer exactly as the metadata write it",
        "jwks_uri" | "token_endpoint" | "authorization_endpoint" => "correct this member of the provider's metadata",
        "address" => "the provider's metadata name a private address: correct them, or allow private addresses",
        "exp" | "iat" | "nbf" => "set the clocks of this machine and of the provider",
        "aud" | "azp" => "set the client id as the provider registered it",
        "alg" => "set the client's signing algorithm at the provider to one that the layer accepts",
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
        "phone_number_not_announced" => "let the provider know the phone scope or claim, or name them in the settings",
        "phone_number_not_asked" => "let the settings ask for the phone number",
        "phone_number_elsewhere" => "let the provider give the number itself, not as an aggregated or distributed claim",
        _ => return None,
    })
}

fn by_kind(kind: K, call: Option<&str>) -> Option<&'static str> {
    match (kind, call) {
        (K::Misconfigured, Some("metadata")) => Some(
            "correct scheme, host and path of the issuer: its metadata are at /.well-known/openid-configuration below it",
        ),
        (K::Misconfigured, Some("keys")) => Some("correct jwks_uri in the provider's metadata"),
        (K::PhoneNotConfigured, _) => {
            Some("let the provider give this application phone numbers: consent item, scope or API")
        }
        (K::Misconfigured, Some("pushed_request" | "token")) => {
            Some("compare the settings of the client with its registration at the provider")
        }
        _ => None,
    }
}
