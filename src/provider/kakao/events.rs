//! Kakao's events: the unlink webhook and security event tokens
//! (<https://developers.kakao.com/docs/latest/en/kakaologin/callback>).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use http::{
    HeaderMap, Method, StatusCode,
    header::{AUTHORIZATION, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};

use super::client::KakaoClient;
use crate::error::ConfigError;
use crate::provider::{
    credentials::check_text,
    event::{
        Event, EventEffect, EventError, EventResponses, SECURITY_EVENT, SECURITY_EVENT_TYPE,
        VerifiedEvent,
    },
    oidc::security_event::Stream,
};

/// The responses to the unlink webhook. Kakao expects 200 even after a failure, and sends nothing
/// twice.
const UNLINK: EventResponses = EventResponses {
    done: StatusCode::OK,
    failed: StatusCode::OK,
    repeated: StatusCode::OK,
    members: None,
};

impl KakaoClient {
    /// The status codes for an event of this content type. `None` for the unlink webhook without an
    /// admin key, because then nothing proves its sender.
    pub(super) fn responses(&self, event: &Event<'_>) -> Option<&'static EventResponses> {
        if event.is_posted_as(SECURITY_EVENT_TYPE) {
            return Some(&SECURITY_EVENT);
        }
        self.admin_key.is_some().then_some(&UNLINK)
    }

    /// Verifies an event and returns its effects. The content type distinguishes the two kinds.
    pub(super) async fn verify_event(&self, event: Event<'_>) -> Result<VerifiedEvent, EventError> {
        if event.is_posted_as(SECURITY_EVENT_TYPE) {
            return self.security_event(event).await;
        }
        let key = self.admin_key.as_ref().ok_or(EventError::Unproved)?;
        // The key comes first, so that a sender without it learns nothing about the form.
        if !is_kakao(event.headers, key) {
            return Err(EventError::Unproved);
        }
        if *event.method != Method::GET && !event.is_form() {
            return Err(EventError::Part("content_type"));
        }
        // A Kakao id is a number of 64 bits, which has at most 20 digits.
        let id = event.parameter("user_id");
        let id = id.filter(|id| (1..=20).contains(&id.len()));
        let id = id.filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()));
        let id = id.ok_or(EventError::Part("user_id"))?;
        Ok(VerifiedEvent {
            effects: vec![EventEffect::Unlinked(id.into_owned())],
            ..VerifiedEvent::default()
        })
    }

    /// Verifies a security event token, which Kakao signs with the keys of its ID tokens.
    async fn security_event(&self, event: Event<'_>) -> Result<VerifiedEvent, EventError> {
        let stream = Stream {
            issuers: &[&self.identity.issuer],
            client_id: &self.identity.client_id,
            now: self.clock.unix(),
            at_provider: self.difference.at_provider(self.clock.unix()),
        };
        stream.receive(event, &self.keys).await
    }
}

/// Whether the unlink webhook comes from Kakao. The webhook is not signed, so the header
/// `Authorization: KakaoAK {admin key}` is the only proof. A repeated header is refused. The
/// comparison takes constant time.
fn is_kakao(headers: &HeaderMap, key: &SecretString) -> bool {
    let mut sent = headers.get_all(AUTHORIZATION).iter();
    let sent = (sent.next().map(HeaderValue::as_bytes), sent.next());
    let right = format!("KakaoAK {}", key.expose_secret());
    matches!(sent, (Some(sent), None) if verify_slices_are_equal(sent, right.as_bytes()).is_ok())
}

/// Refuses an empty admin key, with which any host could send the webhook.
pub(super) fn check(key: Option<&SecretString>) -> Result<(), ConfigError> {
    if key.is_some_and(|key| key.expose_secret().trim().is_empty()) {
        let remedy = "give the primary admin key of your app, or leave it out";
        return Err(ConfigError::new("admin_key", "is empty for Kakao", remedy));
    }
    key.map_or(Ok(()), |key| check_text("admin_key", key.expose_secret()))
}
