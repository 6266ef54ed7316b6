//! The tokens of a token response (RFC 6749 section 5.1).

use std::time::Duration;

use oauth2::AccessToken;
use secrecy::SecretString;
use serde_json::Value;

use super::token::TokenAnswer;
use super::tokens::ProviderTokens;

/// The access token and the ID token for this crate, and the tokens that the application may store.
pub(super) struct Tokens {
    /// For the request of the profile. It consists of visible ASCII characters.
    pub(super) access_token: AccessToken,
    /// The ID token, not verified yet. `None` if the provider sent none, or not as text.
    pub(super) id_token: Option<SecretString>,
    /// The part for [`Builder::on_sign_in`](crate::Builder::on_sign_in).
    pub(super) all: ProviderTokens,
}

impl From<TokenAnswer> for Tokens {
    fn from(answer: TokenAnswer) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Self {
            id_token: text(&answer.id_token).map(Into::into),
            all: ProviderTokens {
                access_token: answer.access_token.secret().clone().into(),
                refresh_token: text(&answer.refresh_token).map(Into::into),
                expires_in: seconds(&answer.expires_in),
                refresh_token_expires_in: seconds(&answer.refresh_token_expires_in),
                scope: scope(&answer.scope),
            },
            access_token: answer.access_token,
        }
    }
}

/// The granted scopes. RFC 6749 section 3.3 defines one text separated by spaces, but some servers
/// send a list.
fn scope(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => {
            let texts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            Some(texts.join(" "))
        }
        _ => None,
    }
}

/// A lifetime as a number or as text (Naver sends `"3600"`). Any other value counts as unknown,
/// because a lifetime must not fail a sign-in.
fn seconds(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    Duration::try_from_secs_f64(seconds?).ok()
}
