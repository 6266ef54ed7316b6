//! Other layers of the process that share the prefix or the cookie name of a layer.
//!
//! Two such layers take each other's callbacks and overwrite each other's sessions. Neither can see
//! that by itself, because what the other one sealed does not open. The process therefore has a
//! list of its layers. It is read only after a request has failed, and a fault is reported only if
//! the other layer opens what failed here. Layers with equal settings that never meet, as in tests,
//! are no fault.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use http::{Request, StatusCode, request::Parts};

use super::is_first;
use crate::{
    flow::{Action, Flow, login::state, request::link},
    session::user::VerifiedUser,
};

/// The layers of this process, without those that are gone.
static LAYERS: Mutex<Vec<Weak<Flow>>> = Mutex::new(Vec::new());

impl Flow {
    /// Adds a new layer to the list.
    pub(crate) fn register(self: &Arc<Self>) {
        let mut layers = LAYERS.lock().unwrap_or_else(PoisonError::into_inner);
        layers.retain(|layer| layer.strong_count() > 0);
        layers.push(Arc::downgrade(self));
    }

    /// Whether one of the two layers was rebuilt from the other. They may have the same prefix,
    /// because the new one takes the place of the present one.
    fn is_rebuilt_with(&self, other: &Self) -> bool {
        let own = &self.config.revocations;
        own.is_shared_with(&other.config.revocations)
    }

    /// The other layers with the origin of this one.
    fn others(&self) -> Vec<Arc<Self>> {
        let layers = LAYERS.lock().unwrap_or_else(PoisonError::into_inner);
        let layers = layers.iter().filter_map(Weak::upgrade);
        let is_other = |other: &Arc<Self>| {
            !std::ptr::eq(&**other, self)
                && other.config.origin == self.config.origin
                && !self.is_rebuilt_with(other)
        };
        layers.filter(is_other).collect()
    }

    /// Reports a refused callback whose sign-in began at another layer of the same prefix.
    pub(in crate::flow) fn report_shared_prefix(&self, head: &Parts, status: StatusCode) {
        let path = self.config.prefix.strip(head.uri.path());
        let is_callback = path.is_some_and(|path| path.starts_with("/callback/"));
        if !is_callback || !status.is_client_error() {
            return;
        }
        let Some(sent) = link::value(&head.uri, "state").filter(|sent| !self.began(sent)) else {
            return;
        };
        let has_prefix = |other: &Arc<Self>| other.config.prefix == self.config.prefix;
        let mut others = self.others().into_iter().filter(has_prefix);
        let Some(other) = others.find(|other| other.began(&sent)) else {
            return;
        };
        // One line is enough for the fault.
        other.note_callback(head);
        if is_first(&self.placement.shared_prefix) {
            tracing::error!(
                prefix = self.config.prefix.as_str(),
                "the sign-in of this callback began at another OAuthLayer of the same prefix, so it cannot end: build one \
                 layer and clone it, or give each layer a prefix and a cookie_name of its own"
            );
        }
    }

    /// Whether this layer made the `state`, for any of its providers.
    fn began(&self, sent: &str) -> bool {
        let (config, now) = (&self.config, self.config.clock.unix());
        let (sealer, prefix) = (&config.sealers.state, &config.prefix);
        let mut providers = self.providers.iter();
        providers.any(|known| state::open(sealer, known.binding, sent, now, prefix).is_some())
    }

    /// The action for a page visit that would begin a sign-in, if another layer keeps its session
    /// under the same cookie name. If that layer is outside of this one, the two sign-ins would
    /// overwrite each other without an end.
    pub(crate) fn unless_shared<B>(&self, action: Action, request: &Request<B>) -> Action {
        if !matches!(action, Action::Start) || !self.shares_cookie(request) {
            return action;
        }
        if is_first(&self.placement.shared_cookie) {
            tracing::error!(
                cookie = self.config.cookies.session(),
                prefix = self.config.prefix.as_str(),
                "another OAuthLayer of this origin keeps its session under the same cookie name, so each sign-in ends the \
                 other layer's session: build one layer and clone it, or give each layer a prefix and a cookie_name of its \
                 own"
            );
        }
        match request.extensions().get::<VerifiedUser>() {
            Some(_) => Action::Misplaced,
            None => action,
        }
    }

    /// Whether the request has a session of another layer under the cookie name of this one.
    fn shares_cookie<B>(&self, request: &Request<B>) -> bool {
        let (cookies, headers) = (&self.config.cookies, request.headers());
        if cookies.sessions(headers).next().is_none() || self.has_own_session(headers) {
            return false;
        }
        let name = cookies.session();
        let mut others = self.others().into_iter();
        others.any(|other| other.config.cookies.session() == name && other.has_own_session(headers))
    }
}
