//! Before the user is sent to the provider: metadata, keys, pushed requests, and the way to them.

use serde_json::json;
use tower_phone_auth_local_provider::{
    Endpoint::{Discovery, Keys, Pushed},
    Fault,
};
use tracing::Level;

use super::row::{
    Client::{At, OpenId, Pushed as ByPar},
    Row,
    Trouble::{Answer, Settings},
    check, error, html, json as answer, row,
};
use crate::faults;

const OURS: (Level, u16) = (Level::ERROR, 502);

fn metadata() -> Vec<Row> {
    let at = |fault| (OpenId, Answer(Discovery, fault));
    vec![
        row(
            "no such path at the provider",
            at(html(404)),
            OURS,
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
            OURS,
            &[("status", "404"), ("error", "Realm does not exist")],
        ),
        row(
            "the issuer redirects",
            at(Fault::Redirect("https://www.id.example/".to_owned())),
            OURS,
            &[("status", "307"), ("remedy", "issuer")],
        ),
        row(
            "a page in place of metadata",
            at(html(200)),
            OURS,
            &[("status", "200"), ("remedy", "issuer")],
        ),
        row(
            "metadata are cut off",
            at(answer(200, &json!("{"))),
            OURS,
            &[("status", "200"), ("remedy", "issuer")],
        ),
        row(
            "metadata of another issuer",
            at(Fault::Merge(json!({ "issuer": "https://id.example/" }))),
            OURS,
            &[
                ("call", "metadata"),
                ("code", "issuer"),
                ("remedy", "exactly"),
            ],
        ),
        row(
            "metadata without keys",
            at(Fault::Merge(json!({ "jwks_uri": null }))),
            OURS,
            &[("code", "jwks_uri")],
        ),
        row(
            "too many requests for metadata",
            at(html(429)),
            (Level::WARN, 503),
            &[("status", "429"), ("call", "metadata")],
        ),
        row(
            "the provider's gateway is busy",
            at(html(503)),
            (Level::WARN, 503),
            &[("status", "503")],
        ),
        row(
            "the provider hangs",
            at(Fault::Hang),
            (Level::WARN, 504),
            &[("call", "metadata"), ("host", "127.0.0.1")],
        ),
        row(
            "no keys at their address",
            (OpenId, Answer(Keys, html(404))),
            OURS,
            &[("call", "keys"), ("status", "404")],
        ),
    ]
}

/// For 127.0.0.1, by an authority that this machine does not know.
const OF_AN_AUTHORITY: &[u8] = include_bytes!("../doctor/certificates/right.pem");

async fn ways() -> Vec<Row> {
    let to = |origin: String| (At(origin), Settings);
    let gone = (Level::WARN, 502);
    vec![
        row(
            "unknown host",
            to("https://id.invalid".to_owned()),
            gone,
            &[
                ("host", "id.invalid"),
                ("source", "dns error"),
                ("remedy", "host"),
            ],
        ),
        row(
            "nothing listens",
            to(faults::closed()),
            gone,
            &[("source", "Connection refused"), ("message", "no answer")],
        ),
        row(
            "unknown authority",
            to(faults::showing(Some(OF_AN_AUTHORITY)).await),
            gone,
            &[
                ("source", "invalid peer certificate"),
                ("remedy", "SSL_CERT_FILE"),
            ],
        ),
        row(
            "the certificate of an authority",
            to(faults::untrusted(true).await),
            gone,
            &[
                ("source", "CaUsedAsEndEntity"),
                ("remedy", "certificate of its own"),
            ],
        ),
        row(
            "no TLS at this port",
            to(faults::untrusted(false).await),
            gone,
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
            OURS,
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
            OURS,
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
            OURS,
            &[
                ("error", "invalid_scope"),
                ("scope", "openid"),
                ("description", "scope 'phone'"),
            ],
        ),
        row(
            "a page in place of a pushed request",
            at(html(400)),
            OURS,
            &[
                ("call", "pushed_request"),
                ("found", "400 with no JSON object"),
            ],
        ),
        row(
            "pushed requests are limited",
            at(html(429)),
            (Level::WARN, 503),
            &[("status", "429")],
        ),
        row(
            "pushed requests are away",
            at(error(
                503,
                "temporarily_unavailable",
                "maintenance until nine",
            )),
            (Level::WARN, 503),
            &[
                ("error", "temporarily_unavailable"),
                ("description", "maintenance until nine"),
            ],
        ),
    ]
}

#[tokio::test]
async fn metadata_that_cannot_be_used_are_named_by_call_host_and_status() {
    check(metadata()).await;
}

#[tokio::test]
async fn a_provider_that_is_not_reached_is_named_by_its_source() {
    check(ways().await).await;
}

#[tokio::test]
async fn a_refused_pushed_request_is_named_by_the_provider_s_words() {
    check(pushed()).await;
}
