//! The decision about a request, and the actions of the layer. Nothing in this module waits or
//! uses the network.

use std::sync::Arc;

use http::{HeaderMap, Method, Uri};

use super::{Caching, Flow, Registered, Renewal, form, request, without_user::Missing};
use crate::{
    clock::UnixTime,
    error::refusal::Reason,
    session::{Session, user::VerifiedUser},
};

/// The decision about a request. The layer chooses the future of the response by it, so that only
/// the futures of its own answers are boxed.
#[derive(Debug)]
pub(crate) enum Decision {
    /// Call the wrapped service with a user in the extensions. The response gets the renewed
    /// session's cookie, and a `Cache-Control` if the application sets none.
    Pass(VerifiedUser, Option<Box<Renewal>>, Caching),
    /// Call the wrapped service without a user, because the path is public. The handler may need
    /// a user after all, and then the reason decides about the answer.
    PassAnonymous(Missing),
    /// Do not call the wrapped service. The layer answers.
    Respond(Action),
}

/// An action of the layer in place of the wrapped service. [`Flow::respond`](super::Flow::respond)
/// has one line for each.
#[derive(Debug)]
pub(crate) enum Action {
    /// A page visit without a session starts a sign-in.
    Start,
    /// Any other request without a session gets 401.
    Unauthorized(Reason),
    /// A form without a session is saved, and offered again after the sign-in.
    SaveForm(Reason),
    /// The page that offers a saved form.
    SavedForm,
    /// The user presses the button that sends a saved form.
    SendForm,
    /// The user presses the button that discards a saved form.
    DiscardForm,
    /// A page visit of a signed-in user whose session is due for a check with the provider.
    Recheck,
    /// A page visit to a route whose `max_age` the sign-in exceeds.
    StepUp,
    /// The claims of the session are made anew.
    NewClaims,
    /// The route needs a fresh sign-in, and the provider does not prove one.
    Unproved,
    /// The route needs a phone number with a higher assurance.
    TooLittleAssurance,
    /// GET `/auth/login`.
    Login,
    /// POST `/auth/login`: a third party begins a sign-in by a form.
    PostedLogin,
    /// GET `/auth/callback/{provider}`.
    Callback(Arc<Registered>),
    /// POST to the callback (`response_mode=form_post`), which no authorization request asks for.
    PostedCallback(Arc<Registered>),
    /// A page visit to a route that needs a confirmed number begins a phone step.
    ConfirmNumber,
    /// The page of the phone step that asks for the number.
    AskNumber,
    /// A number was typed.
    TakeNumber,
    /// The page of the phone step that asks for the code.
    AskCode,
    /// A code was typed, or a new one is asked for.
    TakeCode,
    /// `/auth/events/{provider}`: a report of the provider, such as a logout token.
    Event(Arc<Registered>),
    /// GET `/auth/logout`: the page that asks first.
    AskLogout,
    /// POST `/auth/logout`.
    Logout,
    /// GET `/auth/logout/done`: the provider sends the user back after its own sign-out.
    LeftProvider,
    /// This replica does not know yet whether a session was revoked.
    Unavailable,
    /// The application's rule does not accept the signed-in user.
    NotAllowed,
    /// A page of another origin sent an unsafe request with the user's session.
    CrossSite,
    /// Any answer but 500 would go in circles, because a layer or a `require()` is in the wrong
    /// place.
    Misplaced,
    /// A CORS preflight of a listed origin.
    Preflight,
    /// The prefix has no such path.
    NotFound,
    /// The path does not take the method. The text is the value of `Allow`.
    MethodNotAllowed(&'static str),
}

impl Action {
    /// Whether the reply may wait: for a provider, the revocation log, the body or a hook. Each
    /// wait has a time limit, whose timer needs a tokio runtime.
    pub(super) const fn waits(&self) -> bool {
        match self {
            Self::Start
            | Self::SaveForm(_)
            | Self::Recheck
            | Self::StepUp
            | Self::NewClaims
            | Self::Login
            | Self::PostedLogin
            | Self::Callback(_)
            | Self::AskNumber
            | Self::TakeNumber
            | Self::AskCode
            | Self::TakeCode
            | Self::Event(_)
            | Self::AskLogout
            | Self::Logout
            | Self::LeftProvider => true,
            Self::Unauthorized(_)
            | Self::SavedForm
            | Self::SendForm
            | Self::DiscardForm
            | Self::Unproved
            | Self::TooLittleAssurance
            | Self::ConfirmNumber
            | Self::PostedCallback(_)
            | Self::Unavailable
            | Self::NotAllowed
            | Self::CrossSite
            | Self::Misplaced
            | Self::Preflight
            | Self::NotFound
            | Self::MethodNotAllowed(_) => false,
        }
    }
}

impl Flow {
    /// Decides about a request. The module documentation gives the order of the checks. There is no
    /// network, no lock on the path of a signed-in user, and no waiting. Each check reads only what
    /// the request carries and what this replica has in memory.
    pub(crate) fn decide(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Decision {
        let path = uri.path();
        // The layer's own paths come first. A user must reach the sign-out and the layer's pages,
        // whatever the rule of the application and the state of this replica are.
        if let Some(path) = self.config.prefix.strip(path) {
            // A script of a listed origin may sign the user out.
            let listed = &self.config.cors_origins;
            if path == "/logout" && request::preflight::is_one(method, headers, listed) {
                return Decision::Respond(Action::Preflight);
            }
            return Decision::Respond(self.route(method, path));
        }
        if self.is_preflight(method, path, headers) {
            return Decision::Respond(Action::Preflight);
        }
        // The time is read once, so that all checks of one request agree on it.
        let now = self.config.clock.unix();
        let missing = match self.session(headers, now) {
            // Before the rule, which may read the claims.
            Ok(session) if self.has_old_claims(&session) => {
                return self.with_old_claims(method, path, headers);
            }
            // The rule is asked in every request, so a user whom it does not accept any more is out
            // at once, without a revocation.
            Ok(session) if self.config.hooks.allows(&session.user) => {
                return self.let_in(session, now, method, uri, headers);
            }
            Ok(_) => Missing::NotAllowed,
            Err(reason) => Missing::Session(reason),
        };
        // After the session, so that a public page knows its user. Before all refusals, because
        // none of them holds on a public path.
        if self.is_public(method, path) {
            return Decision::PassAnonymous(missing);
        }
        Decision::Respond(self.without_user(missing, method, headers))
    }

    /// The decision for a live session.
    ///
    /// An unsafe request from another origin does not count as the user's own act (cross-site
    /// request forgery). On a public path the request passes without the user, because a client
    /// without a session may send it there too. On any other path it is refused.
    fn let_in(
        &self,
        session: Session,
        now: UnixTime,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Decision {
        // The browser has the session's cookie, so the sign-in is not given out again.
        self.outcomes.used(&session.user.session_id());
        let (config, path) = (&self.config, uri.path());
        let is_public = || self.is_public(method, path);
        if let Some(decision) = self.foreign_act(method, path, headers) {
            return decision;
        }
        // An overdue check refuses a request that would pass otherwise, so it comes last.
        if let Some(decision) = self.recheck(&session, now, method, uri, headers) {
            return decision;
        }
        let caching = Caching::of(&config.plain.caching, method, headers, is_public);
        // A response of the application carries one cookie of the layer at most. The renewed
        // session has precedence over the mark of a form that was sent, because without it the
        // session could reach its idle time.
        let renewal = self.renewal(&session, now);
        let renewal =
            renewal.or_else(|| form::sent_directly(self, &session, (method, uri), headers));
        Decision::Pass(session.user, renewal, caching)
    }

    /// The decision about a request with a session if a page of another origin made the browser
    /// send it.
    pub(super) fn foreign_act(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Option<Decision> {
        let config = &self.config;
        let (origin, listed) = (config.origin.as_str(), &config.cors_origins);
        let is_foreign = request::cross_site::is_foreign_act(method, headers, origin, listed)
            && !config.cross_site_allowed.contains(method, path);
        is_foreign.then(|| match self.is_public(method, path) {
            true => Decision::PassAnonymous(Missing::CrossSite),
            false => Decision::Respond(Action::CrossSite),
        })
    }

    /// Whether the layer answers a CORS preflight. On public paths the application does, by its
    /// own rules.
    fn is_preflight(&self, method: &Method, path: &str, headers: &HeaderMap) -> bool {
        request::preflight::is_one(method, headers, &self.config.cors_origins)
            && !self.is_public(method, path)
    }

    /// Whether a path needs no session. The application lists it, or it is the icon, which browsers
    /// load beside every page. If the icon were protected, each page of the layer would be followed
    /// by a 401.
    pub(super) fn is_public(&self, method: &Method, path: &str) -> bool {
        const ICON: &str = "/favicon.ico";
        let public = &self.config.public;
        let is_icon = path == ICON && matches!(*method, Method::GET | Method::HEAD);
        is_icon && !public.excepts(method, path) || public.contains(method, path)
    }

    /// The refusal of a request that has no session and is no page visit. A form is saved if the
    /// application asked for that. Any other request gets 401.
    pub(super) fn turn_away(&self, method: &Method, headers: &HeaderMap, reason: Reason) -> Action {
        if form::is_form(self, method, headers) {
            Action::SaveForm(reason)
        } else {
            Action::Unauthorized(reason)
        }
    }
}
