//! ID tokens that do not hold: an operator must act.

use serde_json::{Value, json};
use tower_phone_auth_local_provider::{LocalProvider, Signing};
use tracing::Level;

use super::row::{Client::OpenId, Row, Trouble::Odd, check, row};

const OURS: (Level, u16) = (Level::ERROR, 502);

fn claims(
    provider: &LocalProvider,
    name: &'static str,
    value: impl Fn(&Value) -> Value + Send + Sync + 'static,
) {
    provider.forge_id_token(move |_, claims| claims[name] = value(&claims[name]));
}

/// Both times of the token.
fn dated(provider: &LocalProvider, by: i64) {
    provider.forge_id_token(move |_, claims| {
        for name in ["iat", "exp"] {
            claims[name] = (claims[name].as_i64().unwrap() + by).into();
        }
    });
}

fn rows() -> Vec<Row> {
    let odd = |change: fn(&LocalProvider)| (OpenId, Odd(change));
    vec![
        row(
            "the provider's clock is ahead",
            odd(|provider| dated(provider, 90)),
            OURS,
            &[
                ("code", "iat"),
                ("difference_s", "9"),
                ("message", "clocks"),
                ("remedy", "clocks"),
            ],
        ),
        row(
            "the provider's clock is behind",
            odd(|provider| dated(provider, -7200)),
            OURS,
            &[
                ("code", "exp"),
                ("difference_s", "-7"),
                ("remedy", "clocks"),
            ],
        ),
        row(
            "for another client",
            odd(|provider| claims(provider, "aud", |_| json!("another-shop"))),
            OURS,
            &[
                ("code", "aud"),
                ("found", "another-shop"),
                ("remedy", "this client id"),
            ],
        ),
        row(
            "of another issuer",
            odd(|provider| claims(provider, "iss", |_| json!("https://id.example"))),
            OURS,
            &[
                ("code", "iss"),
                ("found", "https://id.example"),
                ("expected", "/oidc"),
            ],
        ),
        row(
            "an answer of another sign-in",
            odd(|provider| claims(provider, "nonce", |_| json!("another"))),
            OURS,
            &[("code", "nonce")],
        ),
        row(
            "not signed",
            odd(|provider| provider.sign_id_tokens(Signing::None)),
            OURS,
            &[("code", "alg"), ("found", "none"), ("remedy", "algorithm")],
        ),
        row(
            "signed with the secret",
            odd(|provider| provider.sign_id_tokens(Signing::HmacWithPublicKey)),
            OURS,
            &[("code", "alg"), ("found", "HS256")],
        ),
        row(
            "without a subject",
            odd(|provider| claims(provider, "sub", |_| Value::Null)),
            OURS,
            &[("code", "sub_missing")],
        ),
    ]
}

#[tokio::test]
async fn an_id_token_that_does_not_hold_names_what_was_expected_and_found() {
    check(rows()).await;
}
