//! The cause of an error of the server, with its remedy.

use ::redis::{ErrorKind, RedisError};

use crate::revocation::log::LogError;

/// Maps known error codes to texts of our own. The server's text is not repeated, because it may
/// hold anything.
pub(super) fn of(error: &RedisError, place: &str, stream: &str) -> LogError {
    let of_several = error.clone().into_server_errors();
    let of_several = of_several.as_deref().and_then(|errors| errors.first());
    let code = of_several.map(|(_, error)| error.code()).or(error.code());
    let (problem, remedy) = match code {
        Some("WRONGPASS" | "NOAUTH") => REFUSED,
        Some("NOPERM") => (
            "does not let the user do what is needed",
            "grant the commands and keys that RedisLog's documentation lists",
        ),
        Some("OOM") => (
            "is out of memory",
            "raise its maxmemory, or give it less to hold",
        ),
        Some("WRONGTYPE") => {
            return LogError::new(format!(
                "Redis at {place} holds something else under {stream:?}; delete that, or give RedisLog another stream"
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

const REFUSED: (&str, &str) = (
    "refuses the user or the password",
    "check those of the address",
);

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
