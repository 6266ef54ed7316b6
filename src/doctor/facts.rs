//! The facts about a configuration. They hold no results of checks, and no secrets.

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
    /// `None` if no log is set.
    pub(super) log: Option<LogFacts>,
}

pub(super) struct Application {
    pub(super) public_url: String,
    pub(super) is_secure: bool,
    pub(super) is_loopback: bool,
    /// The port of the public URL, if it is not the default one.
    pub(super) port: Option<u16>,
    pub(super) path: String,
    pub(super) key: KeyOrigin,
    pub(super) certificates: Certificates,
    /// The bytes of the cookies in a request: of a signed-in user alone, and with all other cookies
    /// of the layer.
    pub(super) cookie_bytes: [usize; 2],
    /// The most bytes of the header lines of a response.
    pub(super) answer_bytes: usize,
}

/// The source of the certificate authorities that the default client trusts.
pub(super) enum Certificates {
    /// The application has set a client of its own.
    OwnClient,
    /// The system's store.
    System,
    /// A file or folder of an environment variable, in place of the system's store.
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
    /// The keys of the set, or the reason why they cannot be read. `None` if the set was not
    /// fetched.
    pub(super) keys: Option<Result<KeysFound, ()>>,
    /// The clock of the provider minus ours, in seconds.
    pub(super) clock: Option<i64>,
}

pub(super) struct Metadata {
    pub(super) call: Call,
    /// The document, if it is a JSON object.
    pub(super) document: Option<Value>,
    /// The member that a sign-in could not use, and its value. `None` if there is none, or if that
    /// was not tried.
    pub(super) refused: Option<String>,
}

/// One call and its result.
pub(super) struct Call {
    pub(super) name: CallName,
    /// The address without its query.
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

/// The reason why there was no answer.
pub(super) struct Failure {
    pub(super) kind: HttpErrorKind,
    /// The causes of the error.
    pub(super) source: Option<String>,
}
