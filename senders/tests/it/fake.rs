//! A client that records requests and gives recorded replies.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::Value;
use tower_phone_auth::{
    Clock, PhoneNumber,
    phone_step::{CodeSender, Message, SendError, SendErrorKind},
    provider::{BoxFuture, HttpClient, HttpError},
};

pub(super) type Reply = Result<Response<Bytes>, HttpError>;

/// The text and the code of each message of these tests.
pub(super) const TEXT: &str = "[Shop] 인증번호는 012345입니다.\n@shop.example #012345";
pub(super) const CODE: &str = "012345";

#[derive(Default)]
pub(super) struct Fake {
    replies: Mutex<VecDeque<Reply>>,
    requests: Mutex<Vec<Request<Bytes>>>,
}

impl Fake {
    /// A client with these replies. A further call panics.
    pub(super) fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self {
            replies: Mutex::new(replies.into_iter().collect()),
            requests: Mutex::default(),
        }
    }

    pub(super) fn of(status: u16, body: &Value) -> Self {
        Self::new([reply(status, body)])
    }

    pub(super) fn requests(&self) -> Vec<Request<Bytes>> {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.clone()
    }

    /// The only request.
    pub(super) fn request(&self) -> Request<Bytes> {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1);
        requests.remove(0)
    }

    /// The body of the only request.
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(self.request().body()).unwrap()
    }

    /// A header of the only request.
    pub(super) fn header(&self, name: &str) -> String {
        self.request().headers()[name].to_str().unwrap().to_owned()
    }
}

impl HttpClient for Fake {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Reply> {
        self.requests.lock().unwrap().push(request);
        let reply = self.replies.lock().unwrap().pop_front();
        Box::pin(async move { reply.expect("one call for each message") })
    }
}

/// A JSON reply under the media type of gateways, which is not JSON's.
pub(super) fn reply(status: u16, body: &Value) -> Reply {
    raw(status, "text/plain", &body.to_string())
}

pub(super) fn raw(status: u16, media_type: &str, body: &str) -> Reply {
    let reply = Response::builder().status(StatusCode::from_u16(status).unwrap());
    let reply = reply.header("content-type", media_type);
    Ok(reply.body(Bytes::copy_from_slice(body.as_bytes())).unwrap())
}

pub(super) fn korean() -> PhoneNumber {
    "+82 10-1234-5678".parse().unwrap()
}

pub(super) fn american() -> PhoneNumber {
    "+1 425-555-1212".parse().unwrap()
}

/// A clock that stands still.
pub(super) fn at_millis(millis: u64) -> Clock {
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
    Clock::new(move || now)
}

pub(super) async fn send_to(
    sender: &dyn CodeSender,
    http: &dyn HttpClient,
    number: &PhoneNumber,
) -> Result<(), SendError> {
    let message = Message::new(number, TEXT, CODE).language("ko").site("Shop");
    sender.send(http, message).await
}

/// The error of a message whose reply this is, and its code.
pub(super) async fn refused(
    sender: &dyn CodeSender,
    status: u16,
    body: &Value,
) -> (SendErrorKind, String) {
    let error = send_to(sender, &Fake::of(status, body), &korean()).await;
    summary(&error.unwrap_err())
}

pub(super) fn summary(error: &SendError) -> (SendErrorKind, String) {
    let code = error.provider_code().unwrap_or_default().to_owned();
    (error.kind(), code)
}
