//! The request flow: the decision about a request, and the replies that the layer gives itself.
//!
//! A request passes through two steps. [`Flow::decide`] is pure and synchronous. It reads the
//! method, the address and the headers, and returns a [`Decision`]: call the wrapped service with a
//! user, call it without one, or answer with an [`Action`]. [`Flow::respond`] carries the action
//! out, and only from there can a request reach the network. A request of a signed-in user
//! therefore never waits and takes no lock.
//!
//! `decide` checks in this order, and the first match counts:
//!
//! 1. A path below the prefix is the layer's own (`routes.rs`), whatever the session is.
//! 2. A CORS preflight of a listed origin for a protected path gets an answer, because it never
//!    carries a cookie and would be refused as a request without a session.
//! 3. A live session whose user the application's rule accepts: a cross-site act is refused, a
//!    session that is due for a check goes to the provider, anything else passes.
//! 4. A public path passes without a user.
//! 5. A signed-in user whom the application's rule does not accept gets 403.
//! 6. A replica that cannot check sessions answers 503. It does not send the user to sign in,
//!    because the session may be valid.
//! 7. A page visit starts a sign-in, and any other request gets 401.
//!
//! | path | file |
//! |---|---|
//! | any path of the application, signed in | `sessions.rs`, `caching.rs`, `login/recheck/due.rs` |
//! | any path of the application, not signed in | `login/start.rs`, `refuse/unauthorized.rs` |
//! | `/auth/login` | `login/mod.rs`, by POST `login/third_party.rs` |
//! | `/auth/callback/{provider}` | `login/callback/mod.rs` |
//! | `/auth/logout` | `logout/mod.rs`; `end_session/` for the provider's own sign-out |
//! | `/auth/logout/done` | `logout/mod.rs`, the way back from the provider |
//! | `/auth/phone`, `/auth/phone/code` | `phone/mod.rs` |
//! | `/auth/form`, `/auth/form/discard` | `form/offer.rs` |
//! | `/auth/events/{provider}` | `events/mod.rs` |
//!
//! The modules know `http` and nothing of tower. The services in `layer/` call them.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use http::{Request, Uri};

use self::cookies::SealedCookies;
use crate::{
    config::{Config, Settings},
    error::ConfigError,
    provider::{Family, Provider},
    revocation::Readiness,
    session::Binding,
    web::return_to::ReturnTo,
};

pub(crate) use caching::Caching;
pub use claims::RefreshClaimsError;
pub(crate) use decision::{Action, Decision};
use events::handling::Handling;
pub(crate) use examined::Examined;
use login::outcomes::Outcomes;
pub(crate) use login::step_up::Requirements;
use placement::Placement;
pub(crate) use placement::probe::{Probe, Probed, Sighting};
use providers::Registered;
use replay::ReplayGuard;
pub(crate) use request::target::Target;
pub use revoke::RevokeError;
use sessions::FutureSessions;
pub(crate) use sessions::Renewal;
pub use warm_up::WarmUpError;
pub(crate) use without_user::{Anonymous, Missing};

mod caching;
mod claims;
pub(crate) mod cookies;
mod decision;
pub(crate) mod end_session;
mod enter;
mod events;
mod examined;
mod form;
mod login;
mod logout;
pub(crate) mod phone;
mod placement;
mod providers;
mod refuse;
mod replay;
pub(crate) mod request;
mod respond;
mod revoke;
mod routes;
mod sessions;
mod warm_up;
mod without_user;

/// The state of one layer, shared by all services that it made.
pub(crate) struct Flow {
    config: Config,
    cookies: SealedCookies,
    providers: Vec<Arc<Registered>>,
    /// States whose code was sent to a provider, which must not be sent again.
    used_states: Arc<ReplayGuard>,
    /// Outcomes of recent callbacks, for a browser that repeats one.
    outcomes: Arc<Outcomes>,
    /// Reports of providers that are being handled in this process.
    handling: Arc<Handling>,
    /// Requests keep their original address, because a `require()` was made of this layer.
    keeps_targets: AtomicBool,
    /// The faults of the layer's place that the log has a line for.
    placement: Placement,
    /// The limit on log lines about sessions from the future.
    future_sessions: FutureSessions,
    /// The calls of the hook that makes claims.
    claims_attempts: claims::Attempts,
}

impl Flow {
    /// Connects the providers and checks them against the settings. No network is used. A rebuilt
    /// layer goes on with what `present` knows about sign-ins and reports.
    pub(crate) fn new(
        settings: Settings,
        given: &[Provider],
        present: Option<&Self>,
    ) -> Result<Self, ConfigError> {
        let config = Config::new(settings, present.map(|present| &present.config))?;
        let providers = providers::all(given, &config)?;
        // The log names the key by its id, so that operators can compare replicas.
        let (key, keys) = config.sealers.session.key_id();
        config.audit.session_key(&key, keys);
        for provider in &providers {
            providers::name_addresses(provider, &config);
        }
        if present.is_some() {
            config.revocations.adopt();
        }
        Ok(Self {
            providers,
            cookies: SealedCookies::new(&config),
            config,
            used_states: kept(present, |present| &present.used_states),
            outcomes: kept(present, |present| &present.outcomes),
            handling: kept(present, |present| &present.handling),
            keeps_targets: AtomicBool::new(false),
            placement: Placement::default(),
            future_sessions: FutureSessions::default(),
            claims_attempts: claims::Attempts::default(),
        })
    }

    /// Starts the task that follows the revocation log, unless it runs already. Each request does
    /// so, because the layer may have been made outside of a runtime, or that runtime may have
    /// ended.
    pub(crate) fn start(&self) {
        self.config.revocations.start();
    }

    /// Whether this replica can check sessions.
    pub(crate) fn is_ready(&self) -> bool {
        // The layer may have been made outside of a tokio runtime, where no task can be started. A
        // probe tries again.
        self.start();
        self.config.revocations.readiness() == Readiness::Ready
    }

    /// The age of the newest complete reading of the revocation log. `None` if the log is in
    /// process and needs no reading.
    pub(crate) fn revocation_lag(&self) -> Option<Duration> {
        self.config.revocations.lag()
    }

    /// Scheme, host and port of the public URL.
    pub(crate) fn origin(&self) -> &str {
        self.config.origin.as_str()
    }

    /// Whether a path is below the layer's prefix.
    pub(crate) fn is_own(&self, path: &str) -> bool {
        self.config.prefix.strip(path).is_some()
    }

    /// Prepares a request for the wrapped service. What a route may need for an answer of the layer
    /// goes into the extensions: the original address, and the cookies if they are removed because
    /// the application asked for that. This happens after the decision, which needs the cookies.
    pub(crate) fn prepare<B>(&self, request: &mut Request<B>, is_anonymous: bool) {
        if is_anonymous || self.keeps_targets() {
            let target = Target::of(request, self.config.plain.strips_cookies);
            request.extensions_mut().insert(target);
        }
        if self.config.plain.strips_cookies {
            self.config.cookies.strip(request.headers_mut());
        }
    }

    /// The checked return address of `target`, which is an address as browsers see it.
    fn return_to(&self, target: &str) -> ReturnTo {
        ReturnTo::parse(target, &self.config.prefix)
    }

    /// The start page, as browsers see it. It is the return address of a request that names none,
    /// or one that is not safe.
    fn home(&self) -> ReturnTo {
        ReturnTo::home(&self.config.prefix)
    }

    /// The address of a request as browsers see it, with the path of the public URL. A proxy
    /// removed that path, so it is put in front again.
    fn seen(&self, uri: &Uri) -> String {
        let requested = uri
            .path_and_query()
            .map_or("/", |requested| requested.as_str());
        self.config.prefix.base().of(requested)
    }

    /// The provider that a session, a pending sign-in or a saved form is bound to. It is absent if
    /// the settings have changed since. Such a session or cookie is then treated as if it were not
    /// there.
    fn by_binding(&self, binding: Binding) -> Option<&Arc<Registered>> {
        self.providers.iter().find(|known| known.binding == binding)
    }

    /// The provider with this issuer, compared byte for byte. A provider of plain OAuth 2.0 has no
    /// issuer.
    fn by_issuer(&self, issuer: &str) -> Option<&Arc<Registered>> {
        self.providers.iter().find(|known| {
            let identity = known.client.identity();
            identity.family != Family::Custom && identity.issuer == issuer
        })
    }

    /// The names of the providers.
    #[cfg(feature = "test-util")]
    pub(crate) fn names(&self) -> Vec<&str> {
        self.providers.iter().map(|known| &*known.name).collect()
    }

    /// The provider with this name.
    pub(crate) fn by_name(&self, name: &str) -> Option<&Arc<Registered>> {
        self.providers.iter().find(|known| &*known.name == name)
    }
}

/// The part of the present layer, or a new one.
fn kept<T: Default>(present: Option<&Flow>, part: fn(&Flow) -> &Arc<T>) -> Arc<T> {
    present.map(part).cloned().unwrap_or_default()
}

/// Shows the settings that identify a layer. Keys, clients and hooks are left out.
impl std::fmt::Debug for Flow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.providers.iter().map(|known| &known.name).collect();
        f.debug_struct("Flow")
            .field("origin", &self.config.origin.as_str())
            .field("providers", &names)
            .field("public", &self.config.public)
            .finish_non_exhaustive()
    }
}
