//! ID tokens that are refused. An operator must act.

use serde_json::{Value, json};
use tower_phone_auth_local_provider::{LocalProvider, faults::Signing};

use super::row::{Client::OpenId, OPERATOR, Row, Trouble::Change, check, row};

fn change_claim(
    provider: &LocalProvider,
    name: &'static str,
    value: impl Fn(&Value) -> Value + Send + Sync + 'static,
) {
    provider.forge_id_token(move |_, claims| claims[name] = value(&claims[name]));
}

/// Moves both times of the token.
fn move_times(provider: &LocalProvider, by: i64) {
    provider.forge_id_token(move |_, claims| {
        for name in ["iat", "exp"] {
            claims[name] = (claims[name].as_i64().unwrap() + by).into();
        }
    });
}

fn rows() -> Vec<Row> {
    let odd = |change: fn(&LocalProvider)| (OpenId, Change(change));
    vec![
        row(
            "the provider's clock is ahead",
            odd(|provider| move_times(provider, 90)),
            OPERATOR,
            &[
                ("code", "iat"),
                ("difference_s", "9"),
                ("message", "clocks"),
                ("remedy", "clocks"),
            ],
        ),
        row(
            "the provider's clock is behind",
            odd(|provider| move_times(provider, -7200)),
            OPERATOR,
            &[
                ("code", "exp"),
                ("difference_s", "-7"),
                ("remedy", "clocks"),
            ],
        ),
        row(
            "for another client",
            odd(|provider| change_claim(provider, "aud", |_| json!("another-shop"))),
            OPERATOR,
            &[
                ("code", "aud"),
                ("found", "another-shop"),
                ("remedy", "this client id"),
            ],
        ),
        row(
            "of another issuer",
            odd(|provider| change_claim(provider, "iss", |_| json!("https://id.example"))),
            OPERATOR,
            &[
                ("code", "iss"),
                ("found", "https://id.example"),
                ("expected", "/oidc"),
            ],
        ),
        row(
            "an answer of another sign-in",
            odd(|provider| change_claim(provider, "nonce", |_| json!("another"))),
            OPERATOR,
            &[("code", "nonce")],
        ),
        row(
            "not signed",
            odd(|provider| provider.sign_id_tokens(Signing::None)),
            OPERATOR,
            &[("code", "alg"), ("found", "none"), ("remedy", "algorithm")],
        ),
        row(
            "signed with the secret",
            odd(|provider| provider.sign_id_tokens(Signing::HmacWithPublicKey)),
            OPERATOR,
            &[("code", "alg"), ("found", "HS256")],
        ),
        row(
            "without a subject",
            odd(|provider| change_claim(provider, "sub", |_| Value::Null)),
            OPERATOR,
            &[("code", "sub_missing")],
        ),
    ]
}

#[tokio::test]
async fn a_refused_id_token_is_logged_with_the_expected_and_the_found_value() {
    check(rows()).await;
}
