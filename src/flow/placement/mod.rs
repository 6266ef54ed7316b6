//! A layer or a `require()` in the wrong place, as far as requests show it.
//!
//! The place is part of the application's code, so each fault has one line at ERROR, at the first
//! request that shows it. The line names the cause and the remedy. A request is answered with 500
//! only if any other answer would send the browser in circles.
//!
//! | the fault | shows | the request |
//! |---|---|---|
//! | `require()` is outside of its layer, or there is none | at its first request | gets 500 |
//! | `require()` is inside another layer | at its first request | gets 500 |
//! | the callback does not reach the layer | when further sign-ins begin | goes on |
//! | the callback reaches another layer of the same prefix | at that callback | is refused |
//! | another layer has the same cookie name | when a sign-in begins beside its session | goes on |
//! | the same, and the other layer is outside of this one | as above | gets 500 |
//!
//! The extractor reports a route without any layer by itself (`layer/extract.rs`).

use std::sync::atomic::{AtomicBool, Ordering};

use http::{Extensions, HeaderMap, Method, StatusCode, Uri, request::Parts};
use serde_json::json;

use super::{Action, Anonymous, Flow, Missing, Requirements, request::target};
use crate::{session::user::VerifiedUser, web::reply::Reply};

pub(super) mod other_layers;
pub(super) mod probe;

/// The sign-ins of one browser that began and did not come back, from which on the log says that
/// the callback may not reach the layer. A developer on loopback has one browser, and a sign-in
/// that began there comes back or failed. Elsewhere users leave sign-ins for other reasons.
const SUSPICIOUS_ON_LOOPBACK: usize = 1;
const SUSPICIOUS: usize = 3;

/// The faults of one layer that the log has a line for.
#[derive(Debug, Default)]
pub(super) struct Placement {
    /// Whether any callback has reached the layer.
    saw_callback: AtomicBool,
    no_callback: AtomicBool,
    require: AtomicBool,
    shared_prefix: AtomicBool,
    shared_cookie: AtomicBool,
}

/// The way of a request to a `require()`.
#[derive(Debug)]
pub(crate) enum Arrival<'a> {
    /// Through the layer that made the `require()`, with a user.
    SignedIn(&'a VerifiedUser),
    /// Through that layer, without a user.
    Anonymous(Missing),
    /// Through another layer, or with a user that the application inserted.
    OtherLayer,
    /// Through no layer.
    NoLayer,
}

/// Whether a fault has no line in the log yet.
fn is_first(reported: &AtomicBool) -> bool {
    !reported.swap(true, Ordering::Relaxed)
}

impl Flow {
    /// The way of a request to a `require()` of this layer.
    pub(crate) fn arrival<'a>(&self, extensions: &'a Extensions) -> Arrival<'a> {
        match (extensions.get(), extensions.get::<Anonymous>()) {
            (Some(user), _) if self.made(user) => Arrival::SignedIn(user),
            (None, Some(passed)) if std::ptr::eq(&*passed.flow, self) => {
                Arrival::Anonymous(passed.missing)
            }
            (None, None) => Arrival::NoLayer,
            _ => Arrival::OtherLayer,
        }
    }

    /// The action of a `require()`, or `None` if the request meets the requirements.
    pub(crate) fn decide_required(
        &self,
        requirements: &Requirements,
        extensions: &Extensions,
        (method, uri, headers): (&Method, &Uri, &HeaderMap),
    ) -> Option<Action> {
        match self.arrival(extensions) {
            Arrival::SignedIn(user) => self.check_requirements(requirements, user, method, headers),
            Arrival::Anonymous(missing) => Some(self.without_user(missing, method, headers)),
            // A sign-in would bring the user back the same way, so a redirect here would repeat
            // without an end.
            arrival => {
                self.report_require(&arrival, uri);
                Some(Action::Misplaced)
            }
        }
    }

    /// Prepares a request for an action of a `require()`. The action gets the cookies that the
    /// layer removed, and no user of another layer.
    pub(crate) fn prepare_action(&self, head: &mut Parts) {
        target::restore_cookies(head);
        if !matches!(self.arrival(&head.extensions), Arrival::SignedIn(_)) {
            head.extensions.remove::<VerifiedUser>();
        }
    }

    fn report_require(&self, arrival: &Arrival<'_>, uri: &Uri) {
        if !is_first(&self.placement.require) {
            return;
        }
        let (path, prefix) = (uri.path(), self.config.prefix.as_str());
        if matches!(arrival, Arrival::NoLayer) {
            tracing::error!(
                path,
                prefix,
                "require() is outside of its OAuthLayer, or there is none, so no sign-in satisfies it and the route \
                 answers 500: put the layer around it, as in .route_layer(auth.require()) and then .layer(auth) last, on \
                 the outermost router"
            );
        } else {
            tracing::error!(
                path,
                prefix,
                "require() is inside another OAuthLayer than the one that made it, or the application inserted a user of \
                 its own, so no sign-in satisfies it and the route answers 500: build the layer once, and put a clone of \
                 it around the route, inside of any other OAuthLayer"
            );
        }
    }

    /// Remembers that a callback has reached the layer.
    pub(super) fn note_callback(&self, head: &Parts) {
        // A refused callback counts too. It shows that the layer is in a place where it gets them.
        let path = self.config.prefix.strip(head.uri.path());
        if path.is_some_and(|path| path.starts_with("/callback/")) {
            self.placement.saw_callback.store(true, Ordering::Relaxed);
        }
    }

    /// Reports that sign-ins of one browser do not come back, unless this process has seen any
    /// callback. `pending` is the number of sign-ins that began before this one.
    pub(crate) fn report_missing_callback(&self, pending: usize) {
        let suspicious = match self.config.origin.is_loopback() {
            true => SUSPICIOUS_ON_LOOPBACK,
            false => SUSPICIOUS,
        };
        let placement = &self.placement;
        if pending < suspicious || placement.saw_callback.load(Ordering::Relaxed) {
            return;
        }
        if is_first(&placement.no_callback) {
            let callback = self.config.prefix.callback("{provider}");
            tracing::error!(
                pending,
                callback,
                "sign-ins began in this browser and did not come back: if every sign-in ends at a page that is not found, or \
                 at one of the application, the callback does not reach the layer: add .layer(auth) last, after all routes, \
                 fallbacks, nested and merged routers, on the outermost router"
            );
        }
    }
}

/// The answer to a request that would otherwise go in circles. The log says more.
pub(super) fn reply() -> Reply {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    let document = json!({
        "type": "about:blank",
        "title": "Not available",
        "status": status.as_u16(),
        "detail": "The sign-in of this address is not set up. The log of the application says why.",
        "reason": "misplaced",
    });
    Reply::problem(status, &document)
}
