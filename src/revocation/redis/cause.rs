//! The cause of an error of the server, with its remedy.
//!
//! The errors of the redis crate are written for programmers. An operator reads these texts in the
//! log of the application or in the doctor's report.

use ::redis::{ErrorKind, RedisError};

use crate::revocation::log_error::LogError;

/// The keys that a command uses, for the messages.
#[derive(Clone, Copy)]
pub(super) struct Used<'a> {
    /// The beginning of the keys.
    pub(super) keys: &'a str,
    /// The documentation that lists commands and keys.
    pub(super) listed_by: &'a str,
    /// The remedy if another program uses the keys.
    pub(super) rename: &'a str,
}

/// Maps known error codes to texts of this crate. The server's own text is not repeated, because it
/// may contain anything, also a key or a user.
pub(super) fn of(error: &RedisError, place: &str, used: Used<'_>) -> LogError {
    let Used {
        keys,
        listed_by,
        rename,
    } = used;
    // A pipeline fails with a list of errors. The first one has the cause; the others often follow
    // from it.
    let of_several = error.clone().into_server_errors();
    let of_several = of_several.as_deref().and_then(|errors| errors.first());
    let code = of_several.map(|(_, error)| error.code()).or(error.code());
    let (problem, remedy) = match code {
        Some("WRONGPASS" | "NOAUTH") => REFUSED,
        Some("NOPERM") => {
            return LogError::new(format!(
                "Redis at {place} does not let the user do what is needed; grant the commands and \
                 keys that {listed_by}'s documentation lists"
            ));
        }
        Some("OOM") => (
            "is out of memory",
            "raise its maxmemory, or give it less to hold",
        ),
        Some("WRONGTYPE") => {
            return LogError::new(format!(
                "Redis at {place} holds something else under {keys:?}; delete that, or {rename}"
            ));
        }
        Some("READONLY") => (
            "only reads",
            "give the address of the primary, or of its Sentinels",
        ),
        Some("LOADING") => ("is loading its data", "it is asked again"),
        Some("MASTERDOWN" | "CLUSTERDOWN" | "TRYAGAIN") => ("is failing over", "it is asked again"),
        Some("MISCONF" | "NOREPLICAS") => (
            "refuses to write, for its own durability",
            "see its log: it cannot save, or has too few replicas",
        ),
        _ => of_kind(error.kind()),
    };
    LogError::new(format!("Redis at {place} {problem}; {remedy}"))
}

/// Two error codes and one kind of error mean this.
const REFUSED: (&str, &str) = (
    "refuses the user or the password",
    "check those of the address",
);

/// By the kind of the error, if the server gave no known code. That includes every failure of the
/// connection.
fn of_kind(kind: ErrorKind) -> (&'static str, &'static str) {
    match kind {
        ErrorKind::AuthenticationFailed => REFUSED,
        ErrorKind::Io | ErrorKind::ClusterConnectionNotFound => (
            "cannot be reached",
            "check the address, that it runs, the network to it, and with TLS its certificate",
        ),
        ErrorKind::MasterNameNotFoundBySentinel | ErrorKind::NoValidReplicasFoundBySentinel => (
            "knows no such service, or no server for it",
            "check ?service= and the Sentinels",
        ),
        _ => (
            "answered something unexpected",
            "check that it is Redis 6.2 or newer, or Valkey, and its log",
        ),
    }
}
