//! Failures at the token endpoint of an OpenID provider.

use serde_json::json;
use tower_phone_auth::Oidc;
use tower_phone_auth_local_provider::{Endpoint::Token, faults::Fault};

use super::row::{
    BUSY,
    Client::{From, OpenId},
    OPERATOR, PROVIDER, Row, TIMEOUT,
    Trouble::{Answer, Change, Settings},
    USED_CODE, check, error, html, json as answer, row,
};

fn openid() -> Vec<Row> {
    let at = |fault| (OpenId, Answer(Token, fault));
    vec![
        row(
            "a wrong secret",
            (
                From(|provider| {
                    Oidc::new(
                        provider.oidc_issuer(),
                        provider.client_id(),
                        "lpsecret-of-another",
                    )
                    .into()
                }),
                Settings,
            ),
            OPERATOR,
            &[
                ("call", "token"),
                ("host", "127.0.0.1"),
                ("status", "401"),
                ("error", "invalid_client"),
                ("remedy", "client secret"),
            ],
        ),
        row(
            "the code is no longer valid",
            at(error(400, "invalid_grant", "Code not valid")),
            USED_CODE,
            &[
                ("call", "token"),
                ("error", "invalid_grant"),
                ("description", "Code not valid"),
            ],
        ),
        row(
            "a client certificate is required",
            at(error(
                400,
                "invalid_request",
                "Client Certificate missing for MTLS HoK Token Request",
            )),
            OPERATOR,
            &[
                ("error", "invalid_request"),
                ("description", "Client Certificate missing"),
            ],
        ),
        row(
            "DPoP is required",
            at(error(400, "invalid_dpop_proof", "DPoP proof is missing")),
            OPERATOR,
            &[("code", "invalid_dpop_proof"), ("remedy", "DPoP")],
        ),
        row(
            "the grant is not allowed",
            at(error(
                400,
                "unauthorized_client",
                "Client not enabled to retrieve service account",
            )),
            OPERATOR,
            &[
                ("error", "unauthorized_client"),
                ("remedy", "authorization code grant"),
            ],
        ),
        row(
            "the grant is unknown",
            at(error(
                400,
                "unsupported_grant_type",
                "Unsupported grant_type",
            )),
            OPERATOR,
            &[("error", "unsupported_grant_type")],
        ),
        row(
            "a wrong secret at Microsoft",
            at(error(
                401,
                "invalid_client",
                "AADSTS7000215: Invalid client secret provided. Trace ID: 0aa1bb2c-1111-2222-3333-444455556666",
            )),
            OPERATOR,
            &[("description", "AADSTS7000215: Invalid client secret")],
        ),
        row(
            "an error name of no standard",
            at(error(422, "gateway said no", "policy 7")),
            OPERATOR,
            &[
                ("error", "gateway said no"),
                ("description", "policy 7"),
                ("status", "422"),
            ],
        ),
        row(
            "a page at the token endpoint",
            at(html(400)),
            OPERATOR,
            &[
                ("call", "token"),
                ("found", "400 with no JSON object"),
                ("remedy", "its own log"),
            ],
        ),
        row(
            "a page with status 200",
            at(html(200)),
            PROVIDER,
            &[("call", "token"), ("found", "200 with no JSON object")],
        ),
        row(
            "no such token endpoint",
            at(html(404)),
            OPERATOR,
            &[("status", "404"), ("code", "404")],
        ),
        row(
            "the token endpoint redirects",
            at(Fault::Redirect("https://id.example/login".to_owned())),
            PROVIDER,
            &[("found", "307 to https://id.example/login")],
        ),
        row(
            "too many sign-ins",
            at(error(429, "slow_down", "rate limit")),
            BUSY,
            &[("status", "429"), ("error", "slow_down")],
        ),
        row(
            "the token endpoint is down",
            at(html(503)),
            BUSY,
            &[("status", "503")],
        ),
        row(
            "the token endpoint fails",
            at(answer(
                500,
                &json!({ "error": "server_error", "error_description": "db" }),
            )),
            BUSY,
            &[("status", "500"), ("error", "server_error")],
        ),
        row(
            "the token endpoint hangs",
            at(Fault::Hang),
            TIMEOUT,
            &[("call", "token")],
        ),
        row(
            "the answer breaks off",
            at(Fault::Cut),
            PROVIDER,
            &[("call", "token"), ("source", "body")],
        ),
        row(
            "no ID token",
            at(Fault::Merge(json!({ "id_token": null }))),
            OPERATOR,
            &[("code", "missing")],
        ),
        row(
            "the key of the ID token is not published",
            (
                OpenId,
                Change(|provider| {
                    provider
                        .sign_id_tokens(tower_phone_auth_local_provider::faults::Signing::WrongKey)
                }),
            ),
            OPERATOR,
            &[("code", "signature"), ("remedy", "jwks_uri")],
        ),
    ]
}

#[tokio::test]
async fn a_refused_code_exchange_is_logged_with_the_words_of_the_provider() {
    check(openid()).await;
}
