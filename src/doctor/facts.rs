//! The facts about a configuration. A fact is neither the result of a check nor a secret.

use std::path::PathBuf;

use http::StatusCode;
use serde_json::Value;

use crate::{
    http_client::{CallName, HttpErrorKind},
    provider::{oidc::outlined::KeysFound, outline::Outline},
    revocation::LogFacts,
    seal::key::KeyOrigin,
};

/// Everything that the checks know.
pub(super) struct Facts {
    /// The facts that need no connection.
    pub(super) application: Application,
    /// In the order of the settings.
    pub(super) providers: Vec<Provider>,
    /// `None` if no log is set.
    pub(super) log: Option<LogFacts>,
}

/// The settings of the layer, and the environment of the process.
pub(super) struct Application {
    /// The address under which browsers reach the application.
    pub(super) public_url: String,
    /// Whether the public URL has https.
    pub(super) is_secure: bool,
    /// Whether only this machine reaches the public URL.
    pub(super) is_loopback: bool,
    /// The port of the public URL, if it is not the default one.
    pub(super) port: Option<u16>,
    /// The path of the public URL. Empty if there is none.
    pub(super) path: String,
    /// How many keys there are, and where they come from.
    pub(super) key: KeyOrigin,
    /// The authorities that calls to providers trust.
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

/// One provider: its settings, and its answers to the doctor's calls.
pub(super) struct Provider {
    /// As the settings name the provider. It is the subject of its checks.
    pub(super) name: String,
    /// The address of the callback, which must be registered.
    pub(super) redirect_uri: String,
    /// The address for reports. `None` if the layer reads no reports of this provider.
    pub(super) events_uri: Option<String>,
    /// The address to which the provider returns after a sign-out.
    pub(super) logged_out_uri: String,
    /// The settings of the provider, in the form that the checks compare.
    pub(super) outline: Outline,
    /// Whether the circuit breaker holds back calls to an endpoint.
    pub(super) is_paused: bool,
    /// `None` for a provider without metadata.
    pub(super) metadata: Option<Metadata>,
    /// The calls of a sign-in.
    pub(super) calls: Vec<Call>,
    /// The keys of the set, or the reason why they cannot be read. `None` if the set was not
    /// fetched.
    pub(super) keys: Option<Result<KeysFound, ()>>,
    /// The clock of the provider minus ours, in seconds.
    ///
    /// The smallest difference of all answers counts. `None` if no answer had a `Date`.
    pub(super) clock: Option<i64>,
}

/// The call for the metadata, and its result.
pub(super) struct Metadata {
    /// The call, for the checks of its address and its answer.
    pub(super) call: Call,
    /// The document, if it is a JSON object.
    pub(super) document: Option<Value>,
    /// The member that a sign-in could not use, and its value. `None` if there is no such member,
    /// or if the metadata are of another issuer and were not tried.
    pub(super) refused: Option<String>,
}

/// One call and its result.
pub(super) struct Call {
    /// The endpoint. By this name, an HTTP client of the application knows what the call is for.
    pub(super) name: CallName,
    /// The address without its query.
    pub(super) address: String,
    /// The answer, whatever its status, or the reason why there was none.
    pub(super) outcome: Result<Answer, Failure>,
}

/// The parts of an answer that the checks use.
pub(super) struct Answer {
    /// An endpoint refuses a call without credentials, so 400 and 401 are good answers too.
    pub(super) status: StatusCode,
    /// The `Content-Type` without parameters, escaped.
    pub(super) media_type: Option<String>,
    /// A content coding that the request did not ask for.
    pub(super) coding: Option<String>,
    /// The address of a redirect, without its query.
    pub(super) leads_to: Option<String>,
    /// The body. Only metadata and key sets are read from it.
    pub(super) body: bytes::Bytes,
    pub(super) clock: Option<i64>,
}

/// The reason why a call had no answer.
pub(super) struct Failure {
    /// The kind of error, which decides the remedy.
    pub(super) kind: HttpErrorKind,
    /// The causes of the error.
    pub(super) source: Option<String>,
}
