//! Requests that find out where a layer and its `require()` are, for a test of an application.
//!
//! Such a request carries a [`Probe`] in its extensions, where only code of the same process can
//! put it. Each layer and each `require()` on its way adds a [`Sighting`]. No sign-in begins, and no
//! page is answered.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use http::{Request, StatusCode};

use super::Arrival;
use crate::{
    error::refusal::Reason,
    flow::{Anonymous, Flow, Missing},
    web::reply::Reply,
};

/// Whether a test has sent any probe. An application that serves requests never looks for one.
static IS_USED: AtomicBool = AtomicBool::new(false);

/// The parts of the crate that a request has passed, in their order.
#[derive(Clone, Default)]
pub(crate) struct Probe(Arc<Mutex<Vec<Sighting>>>);

/// A part of the crate on the way of a probe.
#[derive(Clone)]
pub(crate) enum Sighting {
    /// A layer, which answers if the path is one of its own.
    Layer(Arc<Flow>),
    /// A `require()` inside of the layer that made it.
    Require,
    /// A `require()` inside of another layer.
    RequireOfOtherLayer,
    /// A `require()` that no layer is around.
    RequireOutside,
}

impl Probe {
    /// A probe without sightings.
    pub(crate) fn new() -> Self {
        IS_USED.store(true, Ordering::Relaxed);
        Self::default()
    }

    /// The sightings so far.
    pub(crate) fn sightings(&self) -> Vec<Sighting> {
        let sightings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sightings.clone()
    }

    fn add(&self, sighting: Sighting) {
        let mut sightings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sightings.push(sighting);
    }
}

/// The probe of a request, if it has one.
fn of<B>(request: &Request<B>) -> Option<&Probe> {
    IS_USED.load(Ordering::Relaxed).then_some(())?;
    request.extensions().get()
}

/// The treatment of a probe by a layer.
pub(crate) enum Probed {
    /// The layer answers, because the path is its own.
    Answered(Reply),
    /// The request passes to the wrapped service, without a user.
    Passes,
}

impl Flow {
    /// Adds this layer to the probe of a request. `None` for any other request.
    pub(crate) fn probe_layer<B>(self: &Arc<Self>, request: &mut Request<B>) -> Option<Probed> {
        let probe = of(request)?;
        probe.add(Sighting::Layer(Arc::clone(self)));
        if self.config.prefix.strip(request.uri().path()).is_some() {
            return Some(Probed::Answered(Reply::empty(StatusCode::NO_CONTENT)));
        }
        let (flow, missing) = (Arc::clone(self), Missing::Session(Reason::NoSession));
        request.extensions_mut().insert(Anonymous { flow, missing });
        Some(Probed::Passes)
    }

    /// Adds a `require()` of this layer to the probe of a request. False for any other request.
    pub(crate) fn probe_require<B>(&self, request: &Request<B>) -> bool {
        let Some(probe) = of(request) else {
            return false;
        };
        probe.add(match self.arrival(request.extensions()) {
            Arrival::SignedIn(_) | Arrival::Anonymous(_) => Sighting::Require,
            Arrival::OtherLayer => Sighting::RequireOfOtherLayer,
            Arrival::NoLayer => Sighting::RequireOutside,
        });
        true
    }

    /// The paths of this layer that a browser or a provider opens, as requests have them.
    pub(crate) fn own_paths(&self) -> Vec<String> {
        let own = self.config.prefix.inner();
        let callbacks = self.providers.iter();
        let mut paths: Vec<_> = callbacks
            .map(|known| format!("{own}/callback/{}", known.name))
            .collect();
        paths.extend([format!("{own}/login"), format!("{own}/logout")]);
        paths
    }

    /// Whether two layers keep their sessions under one cookie name of one origin.
    pub(crate) fn has_cookie_name_of(&self, other: &Self) -> bool {
        let name = |flow: &Self| flow.config.cookies.session().to_owned();
        self.config.origin == other.config.origin && name(self) == name(other)
    }

    /// The name of the session's cookie.
    pub(crate) fn cookie_name(&self) -> &str {
        self.config.cookies.session()
    }
}
