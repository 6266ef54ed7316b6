//! At the token endpoint.

use serde_json::json;
use tower_phone_auth::Oidc;
use tower_phone_auth_local_provider::{Endpoint::Token, Fault};
use tracing::Level;

use super::row::{
    Client::{OpenId, Own},
    Row,
    Trouble::{Answer, Odd, Settings},
    check, error, html, json as answer, row,
};

const OURS: (Level, u16) = (Level::ERROR, 502);
const USED: (Level, u16) = (Level::WARN, 400);
const BUSY: (Level, u16) = (Level::WARN, 503);

fn openid() -> Vec<Row> {
    let at = |fault| (OpenId, Answer(Token, fault));
    vec![
        row(
            "a wrong secret",
            (
                Own(|provider| {
                    Oidc::new(
                        provider.oidc_issuer(),
                        provider.client_id(),
                        "lpsecret-of-another",
                    )
                    .into()
                }),
                Settings,
            ),
            OURS,
            &[
                ("call", "token"),
                ("host", "127.0.0.1"),
                ("status", "401"),
                ("error", "invalid_client"),
                ("remedy", "client secret"),
            ],
        ),
        row(
            "the code is over",
            at(error(400, "invalid_grant", "Code not valid")),
            USED,
            &[
                ("call", "token"),
                ("error", "invalid_grant"),
                ("description", "Code not valid"),
            ],
        ),
        row(
            "a client certificate is wanted",
            at(error(
                400,
                "invalid_request",
                "Client Certificate missing for MTLS HoK Token Request",
            )),
            OURS,
            &[
                ("error", "invalid_request"),
                ("description", "Client Certificate missing"),
            ],
        ),
        row(
            "DPoP is wanted",
            at(error(400, "invalid_dpop_proof", "DPoP proof is missing")),
            OURS,
            &[("code", "invalid_dpop_proof"), ("remedy", "DPoP")],
        ),
        row(
            "the grant is not allowed",
            at(error(
                400,
                "unauthorized_client",
                "Client not enabled to retrieve service account",
            )),
            OURS,
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
            OURS,
            &[("error", "unsupported_grant_type")],
        ),
        row(
            "Microsoft's wrong secret",
            at(error(
                401,
                "invalid_client",
                "AADSTS7000215: Invalid client secret provided. Trace ID: 0aa1bb2c-1111-2222-3333-444455556666",
            )),
            OURS,
            &[("description", "AADSTS7000215: Invalid client secret")],
        ),
        row(
            "a name of its own",
            at(error(422, "gateway said no", "policy 7")),
            OURS,
            &[
                ("error", "gateway said no"),
                ("description", "policy 7"),
                ("status", "422"),
            ],
        ),
        row(
            "a page at the token endpoint",
            at(html(400)),
            OURS,
            &[
                ("call", "token"),
                ("found", "400 with no JSON object"),
                ("remedy", "its own log"),
            ],
        ),
        row(
            "a page for an answer",
            at(html(200)),
            (Level::WARN, 502),
            &[("call", "token"), ("found", "200 with no JSON object")],
        ),
        row(
            "no such token endpoint",
            at(html(404)),
            OURS,
            &[("status", "404"), ("code", "404")],
        ),
        row(
            "the token endpoint redirects",
            at(Fault::Redirect("https://id.example/login".to_owned())),
            (Level::WARN, 502),
            &[("found", "307 to https://id.example/login")],
        ),
        row(
            "too many sign-ins",
            at(error(429, "slow_down", "rate limit")),
            BUSY,
            &[("status", "429"), ("error", "slow_down")],
        ),
        row(
            "the token endpoint is away",
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
            (Level::WARN, 504),
            &[("call", "token")],
        ),
        row(
            "the answer breaks off",
            at(Fault::Cut),
            (Level::WARN, 502),
            &[("call", "token"), ("source", "body")],
        ),
        row(
            "no ID token",
            at(Fault::Merge(json!({ "id_token": null }))),
            OURS,
            &[("code", "missing")],
        ),
        row(
            "the key of the ID token is not published",
            (
                OpenId,
                Odd(|provider| {
                    provider.sign_id_tokens(tower_phone_auth_local_provider::Signing::WrongKey)
                }),
            ),
            OURS,
            &[("code", "signature"), ("remedy", "jwks_uri")],
        ),
    ]
}

#[tokio::test]
async fn a_refused_code_exchange_is_named_by_the_provider_s_words() {
    check(openid()).await;
}
