//! The revocation log.

use std::sync::Arc;

use super::lookup::Lookup;
use crate::{
    error::ConfigError,
    revocation::{FileLog, LogChoice, NamedLog},
};

const REDIS: &str = "REDIS_URL";
const FILE: &str = "REVOCATION_FILE";

pub(super) fn read(lookup: &Lookup<'_>) -> Result<LogChoice, ConfigError> {
    match (lookup.text(REDIS), lookup.text(FILE)) {
        (None, None) => Ok(LogChoice::None),
        (Some(url), None) => redis(lookup, url),
        (None, Some(path)) => {
            let log = NamedLog::new(lookup.name(FILE), path, |path| {
                Ok(Arc::new(FileLog::open(path)?))
            });
            Ok(LogChoice::Named(log))
        }
        (Some(_), Some(path)) => {
            let (redis, file) = (lookup.name(REDIS), lookup.name(FILE));
            let remedy = format!("unset one: {redis} is for several processes, {file} for one");
            Err(lookup.wrong(FILE, &format!("{path:?} is set beside {redis}"), &remedy))
        }
    }
}

#[cfg(feature = "redis")]
fn redis(lookup: &Lookup<'_>, url: String) -> Result<LogChoice, ConfigError> {
    let log = NamedLog::new(lookup.name(REDIS), url, |url| {
        Ok(Arc::new(crate::revocation::RedisLog::new(url)?))
    });
    Ok(LogChoice::Named(log))
}

/// Without the feature, replicas would not know each other's revocations, and no request would
/// show it.
#[cfg(not(feature = "redis"))]
fn redis(lookup: &Lookup<'_>, _: String) -> Result<LogChoice, ConfigError> {
    let problem = "is set, and the feature \"redis\" of tower-phone-auth is off";
    let remedy = "switch the feature on, or unset the variable";
    Err(lookup.wrong(REDIS, problem, remedy))
}
