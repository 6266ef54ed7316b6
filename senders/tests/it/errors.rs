//! Replies that no service should give, for each sender.

use std::time::Duration;

use http::Response;
use tower_phone_auth::{
    phone_step::{
        CodeSender,
        SendErrorKind::{self, Busy, Misconfigured, Refused, Unavailable, Unknown},
    },
    provider::{HttpError, HttpErrorKind},
};
use tower_phone_auth_senders::{Nhn, Sens, Solapi};

use crate::fake::{Fake, Reply, korean, raw, send_to};

fn senders() -> [Box<dyn CodeSender>; 3] {
    [
        Box::new(Solapi::new("key", "secret", "0212345678").unwrap()),
        Box::new(Sens::new("key", "secret", "ncp:sms:kr:1:x", "0212345678").unwrap()),
        Box::new(Nhn::new("key", "secret", "0212345678").unwrap()),
    ]
}

/// The kind of the error after this reply. One call is made, whatever the reply.
async fn kinds(reply: &Reply) -> Vec<SendErrorKind> {
    let mut kinds = Vec::new();
    for sender in senders() {
        let fake = Fake::new([reply.clone()]);
        let error = send_to(&*sender, &fake, &korean()).await.unwrap_err();
        assert_eq!(fake.requests().len(), 1);
        kinds.push(error.kind());
    }
    kinds
}

#[tokio::test]
async fn a_call_without_a_connection_sent_nothing_and_any_other_may_have() {
    for (error, kind) in [
        (
            HttpError::new(HttpErrorKind::Unreachable).unsent(),
            Unavailable,
        ),
        (
            HttpError::new(HttpErrorKind::TimedOut).unsent(),
            Unavailable,
        ),
        (
            HttpErrorKind::Busy(Duration::from_secs(1)).into(),
            Unavailable,
        ),
        (HttpErrorKind::ForbiddenAddress.into(), Unavailable),
        (HttpErrorKind::Unreachable.into(), Unknown),
        (HttpErrorKind::TimedOut.into(), Unknown),
        (HttpErrorKind::TooLarge.into(), Unknown),
    ] {
        assert_eq!(kinds(&Err(error)).await, [kind; 3]);
    }
}

#[tokio::test]
async fn pages_broken_json_and_redirects_leave_the_outcome_open() {
    for (status, body) in [
        (200, "<html>ok</html>"),
        (202, "{\"statusCode\":\"202"),
        (200, "{\"statusCode\":"),
        (204, ""),
        (302, ""),
        (307, ""),
        (408, ""),
        (500, "<html>"),
        (502, ""),
        (503, "{}"),
        (504, ""),
    ] {
        assert_eq!(
            kinds(&raw(status, "text/html", body)).await,
            [Unknown; 3],
            "{status} {body}"
        );
    }
}

#[tokio::test]
async fn an_error_of_the_client_says_that_nothing_was_sent() {
    for (status, kind) in [
        (400, Refused),
        (401, Misconfigured),
        (402, Refused),
        (403, Misconfigured),
        (404, Misconfigured),
        (413, Refused),
    ] {
        assert_eq!(kinds(&raw(status, "text/html", "<html>")).await, [kind; 3]);
    }
}

#[tokio::test]
async fn a_limit_has_the_wait_that_the_service_names_in_seconds() {
    let seconds = |wait: &'static str| -> Reply {
        let reply = Response::builder().status(429).header("retry-after", wait);
        Ok(reply.body(bytes::Bytes::new()).unwrap())
    };
    let retry_after = Some(Duration::from_secs(7));
    assert_eq!(kinds(&seconds("7")).await, [Busy { retry_after }; 3]);
    for unreadable in ["Wed, 21 Oct 2026 07:28:00 GMT", "-1", "soon"] {
        assert_eq!(
            kinds(&seconds(unreadable)).await,
            [Busy { retry_after: None }; 3]
        );
    }
}
