//! Failures before the redirect to the provider: metadata, keys, pushed requests and connections.

use serde_json::json;
use tower_phone_auth_local_provider::{
    Endpoint::{Discovery, Keys, Pushed},
    faults::Fault,
};

use super::row::{
    BUSY,
    Client::{At, OpenId, Pushed as ByPar},
    OPERATOR, PROVIDER, Row, TIMEOUT,
    Trouble::{Answer, Settings},
    check, error, html, json as answer, row,
};
use crate::faults;

fn metadata() -> Vec<Row> {
    let at = |fault| (OpenId, Answer(Discovery, fault));
    vec![
        row(
            "no such path at the provider",
            at(html(404)),
            OPERATOR,
            &[
                ("call", "metadata"),
                ("host", "127.0.0.1"),
                ("status", "404"),
                ("found", "404"),
                ("remedy", "issuer"),
            ],
        ),
        row(
            "no such realm",
            at(answer(404, &json!({ "error": "Realm does not exist" }))),
            OPERATOR,
            &[("status", "404"), ("error", "Realm does not exist")],
        ),
        row(
            "the issuer redirects",
            at(Fault::Redirect("https://www.id.example/".to_owned())),
            OPERATOR,
            &[("status", "307"), ("remedy", "issuer")],
        ),
        row(
            "a page in place of metadata",
            at(html(200)),
            OPERATOR,
            &[("status", "200"), ("remedy", "issuer")],
        ),
        row(
            "metadata are cut off",
            at(answer(200, &json!("{"))),
            OPERATOR,
            &[("status", "200"), ("remedy", "issuer")],
        ),
        row(
            "metadata of another issuer",
            at(Fault::Merge(json!({ "issuer": "https://id.example/" }))),
            OPERATOR,
            &[
                ("call", "metadata"),
                ("code", "issuer"),
                ("remedy", "exactly"),
            ],
        ),
        row(
            "metadata without keys",
            at(Fault::Merge(json!({ "jwks_uri": null }))),
            OPERATOR,
            &[("code", "jwks_uri")],
        ),
        row(
            "too many requests for metadata",
            at(html(429)),
            BUSY,
            &[("status", "429"), ("call", "metadata")],
        ),
        row(
            "the provider's gateway is busy",
            at(html(503)),
            BUSY,
            &[("status", "503")],
        ),
        row(
            "the provider hangs",
            at(Fault::Hang),
            TIMEOUT,
            &[("call", "metadata"), ("host", "127.0.0.1")],
        ),
        row(
            "no keys at their address",
            (OpenId, Answer(Keys, html(404))),
            OPERATOR,
            &[("call", "keys"), ("status", "404")],
        ),
    ]
}

/// A certificate for 127.0.0.1 of an authority that this computer does not trust.
const SIGNED_BY_AN_AUTHORITY: &[u8] = include_bytes!("../doctor/certificates/right.pem");

async fn connections() -> Vec<Row> {
    let to = |origin: String| (At(origin), Settings);
    vec![
        row(
            "unknown host",
            to("https://id.invalid".to_owned()),
            PROVIDER,
            &[
                ("host", "id.invalid"),
                ("source", "dns error"),
                ("remedy", "host"),
            ],
        ),
        row(
            "nothing listens",
            to(faults::closed()),
            PROVIDER,
            &[("source", "Connection refused"), ("message", "no answer")],
        ),
        row(
            "unknown authority",
            to(faults::showing(Some(SIGNED_BY_AN_AUTHORITY)).await),
            PROVIDER,
            &[
                ("source", "invalid peer certificate"),
                ("remedy", "SSL_CERT_FILE"),
            ],
        ),
        row(
            "the certificate of an authority",
            to(faults::untrusted(true).await),
            PROVIDER,
            &[
                ("source", "CaUsedAsEndEntity"),
                ("remedy", "certificate of its own"),
            ],
        ),
        row(
            "no TLS at this port",
            to(faults::untrusted(false).await),
            PROVIDER,
            &[("source", "corrupt message"), ("remedy", "TLS")],
        ),
    ]
}

fn pushed() -> Vec<Row> {
    let at = |fault| (ByPar, Answer(Pushed, fault));
    vec![
        row(
            "a wrong secret at the pushed request",
            at(error(401, "invalid_client", "client authentication failed")),
            OPERATOR,
            &[
                ("call", "pushed_request"),
                ("status", "401"),
                ("error", "invalid_client"),
                ("description", "authentication failed"),
                ("remedy", "secret"),
            ],
        ),
        row(
            "redirect URI not registered",
            at(error(
                400,
                "invalid_request",
                "redirect_uri did not match any of the client's registered redirect_uris",
            )),
            OPERATOR,
            &[
                ("error", "invalid_request"),
                ("description", "client's registered redirect_uris"),
            ],
        ),
        row(
            "a scope is not allowed",
            at(error(
                400,
                "invalid_scope",
                "not allowed to request scope 'phone'",
            )),
            OPERATOR,
            &[
                ("error", "invalid_scope"),
                ("scope", "openid"),
                ("description", "scope 'phone'"),
            ],
        ),
        row(
            "a page in place of a pushed request",
            at(html(400)),
            OPERATOR,
            &[
                ("call", "pushed_request"),
                ("found", "400 with no JSON object"),
            ],
        ),
        row(
            "pushed requests are limited",
            at(html(429)),
            BUSY,
            &[("status", "429")],
        ),
        row(
            "pushed requests are down",
            at(error(
                503,
                "temporarily_unavailable",
                "maintenance until nine",
            )),
            BUSY,
            &[
                ("error", "temporarily_unavailable"),
                ("description", "maintenance until nine"),
            ],
        ),
    ]
}

#[tokio::test]
async fn unusable_metadata_are_logged_with_call_host_and_status() {
    check(metadata()).await;
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_is_logged_with_the_source_of_the_error() {
    check(connections().await).await;
}

#[tokio::test]
async fn a_refused_pushed_request_is_logged_with_the_words_of_the_provider() {
    check(pushed()).await;
}
