//! Gathers the facts. No other part of the doctor opens connections.
//!
//! The providers are examined at the same time, so the doctor takes no longer than the slowest of
//! them.

use std::{env, ffi::OsString, path::PathBuf};

use futures_util::future::join;
use url::Url;

use super::facts::{Application, Certificates, Facts};
use crate::{config::Config, flow::Flow, web::reply::MAX_HEADER_BYTES};

mod all;
mod call;
mod provider;

/// The facts about a layer.
pub(super) async fn facts(flow: &Flow) -> Facts {
    let config = flow.config();
    let examined = flow
        .examined()
        .map(|examined| provider::facts(examined, &config.clock));
    let providers = all::all(examined.collect());
    let (providers, log) = join(providers, config.revocations.examine()).await;
    Facts {
        application: application(flow, config),
        providers,
        log,
    }
}

/// The facts that need no connection.
fn application(flow: &Flow, config: &Config) -> Application {
    let origin = &config.origin;
    let port = Url::parse(origin.as_str()).ok();
    Application {
        public_url: config.public_url(),
        is_secure: origin.is_secure(),
        is_loopback: origin.is_loopback(),
        port: port.and_then(|url| url.port()),
        path: config.prefix.base().as_str().to_owned(),
        key: config.key_origin.clone(),
        certificates: certificates(config),
        cookie_bytes: flow.cookie_bytes(),
        answer_bytes: MAX_HEADER_BYTES,
    }
}

/// The source of the certificate authorities. The variables are those that `rustls-native-certs`
/// reads, which `reqwest` uses on Unix. Other systems have stores of their own.
fn certificates(config: &Config) -> Certificates {
    if config.http.is_some() {
        return Certificates::OwnClient;
    }
    let set = |variable| Some((variable, env::var_os(variable).filter(is_some_path)?));
    let set = set("SSL_CERT_FILE").or_else(|| set("SSL_CERT_DIR"));
    match set.filter(|_| cfg!(all(unix, not(target_vendor = "apple")))) {
        None => Certificates::System,
        Some((variable, path)) => {
            let path = PathBuf::from(path);
            let exists = path.exists();
            Certificates::At {
                variable,
                path,
                exists,
            }
        }
    }
}

/// An empty variable counts as unset.
fn is_some_path(path: &OsString) -> bool {
    !path.is_empty()
}
