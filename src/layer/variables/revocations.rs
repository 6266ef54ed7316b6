//! The revocation log.

use super::lookup::Lookup;
use crate::{error::ConfigError, layer::Builder, revocation::FileLog};

const REDIS: &str = "REDIS_URL";
const FILE: &str = "REVOCATION_FILE";

pub(super) fn read(lookup: &Lookup<'_>, builder: Builder) -> Result<Builder, ConfigError> {
    match (lookup.text(REDIS), lookup.text(FILE)) {
        (None, None) => Ok(builder),
        (Some(url), None) => redis(lookup, builder, &url),
        (None, Some(path)) => {
            let named =
                |error: ConfigError| error.in_variables(&[("revocation_file", lookup.name(FILE))]);
            Ok(builder.revocation_log(FileLog::open(path).map_err(named)?))
        }
        (Some(_), Some(path)) => {
            let (redis, file) = (lookup.name(REDIS), lookup.name(FILE));
            let remedy = format!("unset one: {redis} is for several processes, {file} for one");
            Err(lookup.wrong(FILE, &format!("{path:?} is set beside {redis}"), &remedy))
        }
    }
}

#[cfg(feature = "redis")]
fn redis(lookup: &Lookup<'_>, builder: Builder, url: &str) -> Result<Builder, ConfigError> {
    let named = |error: ConfigError| error.in_variables(&[("redis_url", lookup.name(REDIS))]);
    let log = crate::revocation::RedisLog::new(url).map_err(named)?;
    Ok(builder.revocation_log(log))
}

/// Without the feature, replicas would not know each other's revocations, and no request would
/// show it.
#[cfg(not(feature = "redis"))]
fn redis(lookup: &Lookup<'_>, _: Builder, _: &str) -> Result<Builder, ConfigError> {
    let problem = "is set, and the feature \"redis\" of tower-phone-auth is off";
    let remedy = "switch the feature on, or unset the variable";
    Err(lookup.wrong(REDIS, problem, remedy))
}
