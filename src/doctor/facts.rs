//! The facts about a set-up, as they were gathered. Nothing in them is judged, and no secret is among them.

use std::path::PathBuf;

use http::StatusCode;
use serde_json::Value;

use crate::{
    http_client::{CallName, HttpErrorKind},
    provider::{oidc::outlined::KeysFound, outline::Outline},
    revocation::LogFacts,
    seal::key::KeyOrigin,
};

pub(super) struct Facts {
    pub(super) application: Application,
    pub(super) providers: Vec<Provider>,
    /// The value is `None` if no log is set.
    pub(super) log: Option<LogFacts>,
}

pub(super) struct Application {
    pub(super) public_url: String,
    pub(super) is_secure: bool,
    pub(super) is_loopback: bool,
    /// Of the public URL, if it is not the one of its scheme.
    pub(super) port: Option<u16>,
    pub(super) path: String,
    pub(super) key: KeyOrigin,
    pub(super) certificates: Certificates,
    /// Of the cookies in a request: of a signed-in user, and with all that a browser may hold beside.
    pub(super) cookie_bytes: [usize; 2],
    /// Of the header lines of an answer, at most.
    pub(super) answer_bytes: usize,
}

/// The source of the authorities that the default client trusts.
pub(super) enum Certificates {
    /// The application has a client of its own.
    OwnClient,
    /// The store of the system.
    System,
    /// A file or folder that an environment variable names, instead of the store of the system.
    At {
        variable: &'static str,
        path: PathBuf,
        exists: bool,
    },
}

pub(super) struct Provider {
    pub(super) name: String,
    pub(super) redirect_uri: String,
    pub(super) events_uri: Option<String>,
    pub(super) logged_out_uri: String,
    pub(super) outline: Outline,
    pub(super) is_paused: bool,
    pub(super) metadata: Option<Metadata>,
    /// The calls of a sign-in.
    pub(super) calls: Vec<Call>,
    /// The keys of the set, or why they cannot be read. None if the set was not fetched.
    pub(super) keys: Option<Result<KeysFound, ()>>,
    /// The provider's clock less ours, in seconds.
    pub(super) clock: Option<i64>,
}

pub(super) struct Metadata {
    pub(super) call: Call,
    /// The document, if it is a JSON object.
    pub(super) document: Option<Value>,
    /// The part because of which a sign-in could not use it, and what stands there. None if it can, or if that was not tried.
    pub(super) refused: Option<String>,
}

/// One call, and how it ended.
pub(super) struct Call {
    pub(super) name: CallName,
    /// Without its query.
    pub(super) address: String,
    pub(super) outcome: Result<Answer, Failure>,
}

pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) media_type: Option<String>,
    /// A content coding that the request did not ask for.
    pub(super) coding: Option<String>,
    /// The address of a redirect, without its query.
    pub(super) leads_to: Option<String>,
    pub(super) body: bytes::Bytes,
    pub(super) clock: Option<i64>,
}

/// Why there was no answer.
pub(super) struct Failure {
    pub(super) kind: HttpErrorKind,
    /// The errors below.
    pub(super) source: Option<String>,
}
