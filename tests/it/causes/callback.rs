//! Errors that the browser brings to the callback are logged as warnings at most.

use tower_phone_auth_local_provider::faults::CallbackIss;
use tracing::Level;

use super::row::{
    BUSY,
    Client::{Google, Kakao, OpenId},
    PROVIDER, Row,
    Trouble::{Callback, Change},
    check, row,
};

fn errors() -> Vec<Row> {
    let comes_back_with =
        |pairs: &[(&'static str, &'static str)]| (OpenId, Callback(pairs.to_vec()));
    vec![
        row(
            "a scope is unknown",
            comes_back_with(&[
                ("error", "invalid_scope"),
                ("error_description", "Unrecognized scope(s) [\"phone\"]"),
            ]),
            PROVIDER,
            &[
                ("call", "callback"),
                ("error", "invalid_scope"),
                ("description", "['phone']"),
                ("scope", "openid"),
                ("remedy", "scopes"),
            ],
        ),
        row(
            "the client is not allowed",
            comes_back_with(&[
                ("error", "unauthorized_client"),
                (
                    "error_description",
                    "Client is not allowed to initiate browser login",
                ),
            ]),
            PROVIDER,
            &[
                ("error", "unauthorized_client"),
                ("description", "not allowed to initiate"),
            ],
        ),
        row(
            "the request is wrong",
            comes_back_with(&[
                ("error", "invalid_request"),
                ("error_description", "claims.userinfo should not be used"),
            ]),
            PROVIDER,
            &[("description", "claims.userinfo")],
        ),
        row(
            "the response type is not allowed",
            comes_back_with(&[("error", "unsupported_response_type")]),
            PROVIDER,
            &[("error", "unsupported_response_type"), ("remedy", "code")],
        ),
        row(
            "the provider fails",
            comes_back_with(&[("error", "server_error"), ("error_description", "boom")]),
            BUSY,
            &[("error", "server_error"), ("description", "boom")],
        ),
        row(
            "an error name of Microsoft",
            comes_back_with(&[
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
            comes_back_with(&[("error", "policy <b>1</b> failed: no!")]),
            (Level::WARN, 403),
            &[("error", "policy <b>1</b> failed: no!")],
        ),
        row(
            "the user cancels",
            comes_back_with(&[
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
            (Google, Callback(vec![("error", "org_internal")])),
            (Level::WARN, 403),
            &[
                ("error", "org_internal"),
                ("scope", "user.phonenumbers.read"),
            ],
        ),
        row(
            "Kakao: the provider is busy",
            (Kakao, Callback(vec![("error", "temporarily_unavailable")])),
            BUSY,
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
            (OpenId, Change(missing)),
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
                Callback(vec![("code", "c"), ("iss", "https://evil.example")]),
            ),
            (Level::WARN, 400),
            &[("cause", "IssuerMismatch"), ("call", "callback")],
        ),
    ]
}

#[tokio::test]
async fn errors_of_a_callback_are_quoted_with_the_scopes_as_warnings() {
    check(errors()).await;
}

#[tokio::test]
async fn a_missing_issuer_is_distinguished_from_a_wrong_one() {
    check(issuers()).await;
}
