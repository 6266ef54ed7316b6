//! What the browser brings back: a warning at most, whatever it says.

use tower_phone_auth_local_provider::CallbackIss;
use tracing::Level;

use super::row::{
    Client::{Google, Kakao, OpenId},
    Row,
    Trouble::{Brought, Odd},
    check, row,
};

fn errors() -> Vec<Row> {
    let brings = |pairs: &[(&'static str, &'static str)]| (OpenId, Brought(pairs.to_vec()));
    let (ours, busy) = ((Level::WARN, 502), (Level::WARN, 503));
    vec![
        row(
            "a scope is unknown",
            brings(&[
                ("error", "invalid_scope"),
                ("error_description", "Unrecognized scope(s) [\"phone\"]"),
            ]),
            ours,
            &[
                ("call", "callback"),
                ("error", "invalid_scope"),
                ("description", "['phone']"),
                ("scope", "openid"),
                ("remedy", "scopes"),
            ],
        ),
        row(
            "the client may not",
            brings(&[
                ("error", "unauthorized_client"),
                (
                    "error_description",
                    "Client is not allowed to initiate browser login",
                ),
            ]),
            ours,
            &[
                ("error", "unauthorized_client"),
                ("description", "not allowed to initiate"),
            ],
        ),
        row(
            "the request is wrong",
            brings(&[
                ("error", "invalid_request"),
                ("error_description", "claims.userinfo should not be used"),
            ]),
            ours,
            &[("description", "claims.userinfo")],
        ),
        row(
            "the response type is not allowed",
            brings(&[("error", "unsupported_response_type")]),
            ours,
            &[("error", "unsupported_response_type"), ("remedy", "code")],
        ),
        row(
            "the provider fails",
            brings(&[("error", "server_error"), ("error_description", "boom")]),
            busy,
            &[("error", "server_error"), ("description", "boom")],
        ),
        row(
            "Microsoft's own name",
            brings(&[
                ("error", "unmet_authentication_requirements"),
                (
                    "error_description",
                    "AADSTS650053: the scope 'x' does not exist",
                ),
            ]),
            (Level::WARN, 403),
            &[
                ("error", "unmet_authentication_requirements"),
                ("description", "AADSTS650053"),
            ],
        ),
        row(
            "a name with spaces and signs",
            brings(&[("error", "policy <b>1</b> failed: no!")]),
            (Level::WARN, 403),
            &[("error", "policy <b>1</b> failed: no!")],
        ),
        row(
            "the user cancels",
            brings(&[
                ("error", "access_denied"),
                ("error_description", "The user said no"),
            ]),
            (Level::INFO, 403),
            &[
                ("error", "access_denied"),
                ("description", "The user said no"),
            ],
        ),
        row(
            "Google: the app is not verified",
            (Google, Brought(vec![("error", "org_internal")])),
            (Level::WARN, 403),
            &[
                ("error", "org_internal"),
                ("scope", "user.phonenumbers.read"),
            ],
        ),
        row(
            "Kakao: the provider is busy",
            (Kakao, Brought(vec![("error", "temporarily_unavailable")])),
            busy,
            &[("error", "temporarily_unavailable")],
        ),
    ]
}

fn issuers() -> Vec<Row> {
    let missing = |provider: &tower_phone_auth_local_provider::LocalProvider| {
        provider.configure(|settings| settings.oidc.callback_iss = CallbackIss::Missing);
    };
    vec![
        row(
            "no iss comes back",
            (OpenId, Odd(missing)),
            (Level::WARN, 400),
            &[
                ("code", "iss_missing"),
                ("message", "has no iss"),
                ("remedy", "iss"),
                ("call", "callback"),
            ],
        ),
        row(
            "another iss comes back",
            (
                OpenId,
                Brought(vec![("code", "c"), ("iss", "https://evil.example")]),
            ),
            (Level::WARN, 400),
            &[("cause", "IssuerMismatch"), ("call", "callback")],
        ),
    ]
}

#[tokio::test]
async fn errors_of_a_callback_are_quoted_with_the_scopes_and_wake_no_operator() {
    check(errors()).await;
}

#[tokio::test]
async fn a_missing_issuer_is_told_apart_from_a_wrong_one() {
    check(issuers()).await;
}
