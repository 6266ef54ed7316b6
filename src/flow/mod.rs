//! The three journeys: what a request is, and what it is answered. Knows nothing of tower.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri, request::Parts};

use crate::{
    calls::{Purpose, within},
    clock::UnixTime,
    config::Config,
    error::{ConfigError, LoginError, LoginErrorKind, refusal::Reason},
    provider::{Family, Provider, ProviderClient},
    revocation::Readiness,
    session::{Binding, Session},
    web::{reply::Reply, request_body::RequestBody, return_to::ReturnTo},
};

pub(crate) use caching::Caching;
pub(crate) use decision::{Action, Decision};
use events::handling::Handling;
pub(crate) use examined::Examined;
use login::outcomes::Outcomes;
pub(crate) use login::step_up::Requirements;
use providers::Registered;
use replay::ReplayGuard;
pub(crate) use request::target::Target;
pub use revoke::RevokeError;
use sessions::FutureSessions;
pub(crate) use sessions::Renewal;
pub use warm_up::WarmUpError;

mod caching;
mod decision;
pub(crate) mod end_session;
mod events;
mod examined;
mod form;
mod login;
mod logout;
mod providers;
mod refuse;
mod replay;
pub(crate) mod request;
mod revoke;
mod routes;
mod sessions;
mod warm_up;

/// Everything a layer knows, shared by its services.
pub(crate) struct Flow {
    config: Config,
    providers: Vec<Registered>,
    used_states: ReplayGuard,
    outcomes: Outcomes,
    handling: Handling,
    keeps_targets: AtomicBool,
    /// The log has the line already that `require()` stands behind another layer.
    misplaced: AtomicBool,
    future_sessions: FutureSessions,
}

impl Flow {
    pub(crate) fn new(config: Config, given: &[Provider]) -> Result<Self, ConfigError> {
        let providers = providers::all(given, &config)?;
        let (key, keys) = config.session_sealer.key_id();
        config.audit.session_key(&key, keys);
        for provider in &providers {
            providers::name_addresses(provider, &config);
        }
        Ok(Self {
            providers,
            config,
            used_states: ReplayGuard::default(),
            outcomes: Outcomes::default(),
            handling: Handling::default(),
            keeps_targets: AtomicBool::new(false),
            misplaced: AtomicBool::new(false),
            future_sessions: FutureSessions::default(),
        })
    }

    /// Fetches beforehand what the first requests would wait for: the revocations, and the metadata and keys of
    /// every provider; the first failure.
    pub(crate) async fn warm_up(&self) -> Result<(), WarmUpError> {
        let caught_up = self.config.revocations.caught_up().await;
        let mut result = caught_up.map_err(WarmUpError::Log);
        for provider in &self.providers {
            let warm = provider.client.warm_up();
            let warm = within(Purpose::SignIn, provider.time, warm).await;
            let (name, audit) = (&*provider.name, &self.config.audit);
            match &warm {
                Ok(()) => audit.provider_ready(name, &provider.client.ready()),
                Err(error) => audit.provider_not_ready(name, error),
            }
            result = result.and(warm.map_err(WarmUpError::Provider));
        }
        result
    }

    /// Decides, and does nothing else: no network, no lock, no waiting.
    pub(crate) fn decide(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Decision {
        let path = uri.path();
        if let Some(own) = self.config.prefix.strip(path) {
            return Decision::Respond(self.own(method, own));
        }
        if self.is_preflight(method, path, headers) {
            return Decision::Respond(Action::Preflight);
        }
        let now = self.config.clock.unix();
        let refused = match self.session(headers, now) {
            Ok(session) if self.config.hooks.allows(&session.user) => {
                return self.let_in(session, now, method, uri, headers);
            }
            _ if self.is_public(method, path) => return Decision::PassAnonymous,
            Ok(_) => Action::NotAllowed,
            Err(Reason::NotCaughtUp) => Action::Unavailable,
            Err(_) if self.config.revocations.readiness() == Readiness::Stale => {
                Action::Unavailable
            }
            Err(_) if request::navigation::is_page_visit(method, headers) => Action::Start,
            Err(reason) => self.turn_away(method, headers, reason),
        };
        Decision::Respond(refused)
    }

    /// Somebody is signed in. Another origin's act is not the user's: on a public path it is an anonymous request.
    fn let_in(
        &self,
        session: Session,
        now: UnixTime,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Decision {
        self.outcomes.used(&session.user.session_id);
        let (config, path) = (&self.config, uri.path());
        let (origin, listed) = (config.origin.as_str(), &config.cors_origins);
        let is_public = || self.is_public(method, path);
        if request::cross_site::is_foreign_act(method, headers, origin, listed)
            && !config.cross_site_allowed.contains(method, path)
        {
            return if is_public() {
                Decision::PassAnonymous
            } else {
                Decision::Respond(Action::CrossSite)
            };
        }
        if let Some(decision) = self.recheck(&session, now, method, uri, headers) {
            return decision;
        }
        let caching = Caching::of(&config.caching, method, headers, is_public);
        let renewal = self.renewal(&session, now);
        let renewal =
            renewal.or_else(|| form::sent_directly(self, &session, (method, uri), headers));
        Decision::Pass(session.user, renewal, caching)
    }

    /// On public paths the application's own rules answer.
    fn is_preflight(&self, method: &Method, path: &str, headers: &HeaderMap) -> bool {
        request::preflight::is_one(method, headers, &self.config.cors_origins)
            && !self.is_public(method, path)
    }

    /// The paths that the application lists, and its icon, which browsers load beside every page.
    fn is_public(&self, method: &Method, path: &str) -> bool {
        const ICON: &str = "/favicon.ico";
        let public = &self.config.public;
        let is_icon = path == ICON && matches!(*method, Method::GET | Method::HEAD);
        is_icon && !public.excepts(method, path) || public.contains(method, path)
    }

    /// What is no page visit.
    fn turn_away(&self, method: &Method, headers: &HeaderMap, reason: Reason) -> Action {
        if form::is_form(self, method, headers) {
            Action::SaveForm(reason)
        } else {
            Action::Unauthorized(reason)
        }
    }

    /// Follows the revocations of other machines, if nobody does yet.
    pub(crate) fn start(&self) {
        self.config.revocations.start();
    }

    /// Whether sessions can be judged here.
    pub(crate) fn is_ready(&self) -> bool {
        self.start();
        self.config.revocations.readiness() == Readiness::Ready
    }

    pub(crate) fn revocation_lag(&self) -> Option<Duration> {
        self.config.revocations.lag()
    }

    /// Makes the request what the wrapped service gets.
    pub(crate) fn prepare<B>(&self, request: &mut Request<B>) {
        if self.keeps_targets() {
            let target = Target(request.uri().clone());
            request.extensions_mut().insert(target);
        }
        if self.config.strips_cookies {
            self.config.cookies.strip(request.headers_mut());
        }
    }

    /// Answers a journey. The one place from which the network is reached.
    pub(crate) async fn answer(
        self: Arc<Self>,
        action: Action,
        mut head: Parts,
        body: RequestBody,
    ) -> Response<Bytes> {
        let closes = events::closes_connection(&self, &head);
        login::www::make_known(&mut head);
        if let Some(moved) = login::www::own_to_public(&self, &action, &head) {
            return moved.into_response();
        }
        let reply = match action {
            Action::Start => login::start::protected(&self, &head).await,
            Action::Unauthorized(reason) => {
                let link = request::link::login_link(&self, reason, &head);
                refuse::unauthorized::answer(&self, reason, &link, &head)
            }
            Action::SaveForm(reason) => form::save(&self, reason, &head, body).await,
            Action::SavedForm => form::offer::answer(&self, &head),
            Action::SendForm => form::offer::send(&self, &head),
            Action::DiscardForm => form::offer::discard(&self, &head),
            Action::Recheck => login::recheck::begin(&self, &head).await,
            Action::StepUp => login::step_up::step_up(&self, &head).await,
            Action::Unproved => login::step_up::unproved(&self, &head),
            Action::TooLittleAssurance => login::step_up::too_little_assurance(&self, &head),
            Action::Login => login::answer(&self, &head).await,
            Action::PostedLogin => login::third_party::answer(&self, &head, body).await,
            // Its code is good for one exchange, which is for the visit that the user makes.
            Action::Callback { .. } if request::navigation::is_prefetch(&head.headers) => {
                let login = self.config.prefix.login();
                refuse::unauthorized::answer(&self, Reason::NoSession, &login, &head)
            }
            Action::Callback { provider: index } => match self.providers.get(index) {
                Some(provider) => login::callback::answer(&self, index, provider, &head).await,
                None => Reply::empty(StatusCode::NOT_FOUND),
            },
            Action::PostedCallback { provider } => match self.providers.get(provider) {
                Some(provider) => refuse::posted_callback(&self, provider, &head),
                None => Reply::empty(StatusCode::NOT_FOUND),
            },
            Action::Event { provider } => events::answer(&self, provider, &head, body).await,
            Action::AskLogout => logout::ask(&self, &head).await,
            Action::Logout => logout::answer(&self, &head).await,
            Action::LeftProvider => logout::done(&self, &head).await,
            Action::CrossSite => refuse::foreign_act(&self, &head),
            Action::Preflight => request::preflight::answer(&head.headers),
            Action::NotAllowed => login::step_up::not_allowed(&self, &head),
            Action::Unavailable => refuse::unavailable(&self, &head),
            Action::NotFound => refuse::missing(&self, StatusCode::NOT_FOUND, &head),
            Action::MethodNotAllowed(allowed) => refuse::method_not_allowed(&self, allowed, &head),
        };
        events::closing(reply, closes).into_response()
    }

    /// A place, as browsers see it.
    fn return_to(&self, target: &str) -> ReturnTo {
        ReturnTo::parse(target, &self.config.prefix)
    }

    /// The start page, as browsers see it.
    fn home(&self) -> ReturnTo {
        ReturnTo::home(&self.config.prefix)
    }

    /// The address of a request, as browsers see it.
    fn seen(&self, uri: &Uri) -> String {
        let asked = uri.path_and_query().map_or("/", |asked| asked.as_str());
        self.config.prefix.base().of(asked)
    }

    fn by_binding(&self, binding: Binding) -> Option<&Registered> {
        self.providers.iter().find(|known| known.binding == binding)
    }

    /// The provider of this name, for what the application itself asks of it.
    pub(crate) fn client(&self, name: &str) -> Result<&dyn ProviderClient, LoginError> {
        let unknown = || LoginError::with_code(LoginErrorKind::Misconfigured, "provider");
        let provider = self.by_name(name).ok_or_else(unknown)?;
        Ok(&*provider.client)
    }

    /// The provider with this issuer, to the letter; one of plain OAuth 2.0 has none.
    fn by_issuer(&self, issuer: &str) -> Option<&Registered> {
        self.providers.iter().find(|known| {
            let identity = known.client.identity();
            identity.family != Family::Custom && identity.issuer == issuer
        })
    }

    fn by_name(&self, name: &str) -> Option<&Registered> {
        self.providers.iter().find(|known| &*known.name == name)
    }
}

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
