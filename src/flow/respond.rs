//! Carrying out the actions of the layer. [`carry_out`](Flow::carry_out) is the table of contents
//! of the flow: one line for each action, with the function that has its reply.

use std::sync::Arc;

use bytes::Bytes;
use http::{Response, StatusCode, request::Parts};
use tokio::runtime::Handle;

use super::{
    Action, Flow, Registered, claims, events, form, login, logout, phone, placement, refuse,
    request,
};
use crate::{
    error::refusal::Reason,
    web::{reply::Reply, request_body::RequestBody},
};

impl Flow {
    /// Carries out an action. Only from here can a request reach the network.
    ///
    /// The order before the action matters. The host is made known first, because HTTP/2 has it in
    /// the target alone. A callback or sign-out at a sibling host, such as `www.`, then moves to
    /// the public host before anything is read, because the browser keeps the cookies there.
    /// Without a tokio runtime, an action that may wait is refused with 503.
    pub(crate) async fn respond(
        self: Arc<Self>,
        action: Action,
        mut head: Parts,
        body: RequestBody,
    ) -> Response<Bytes> {
        self.note_callback(&head);
        let closes = events::closes_connection(&self, &head);
        login::www::make_known(&mut head);
        // The query with the code goes on to the public host unread. It stays a valid callback
        // there.
        if let Some(moved) = login::www::callback_to_public(&self, &action, &head) {
            return moved.into_response();
        }
        // Timers and tasks of tokio panic without a runtime.
        let reply = if action.waits() && Handle::try_current().is_err() {
            tracing::error!("a request cannot be answered, because there is no tokio runtime");
            Reply::empty(StatusCode::SERVICE_UNAVAILABLE)
        } else {
            self.carry_out(action, &head, body).await
        };
        let response = events::closing(reply, closes).into_response();
        self.report_shared_prefix(&head, response.status());
        response
    }

    /// Carries out the action itself, after the redirects between hosts.
    async fn carry_out(self: &Arc<Self>, action: Action, head: &Parts, body: RequestBody) -> Reply {
        match action {
            Action::Start => login::start::protected(self, head).await,
            Action::Unauthorized(reason) => {
                let link = request::link::login_link(self, reason, head);
                refuse::unauthorized::reply(self, reason, &link, head)
            }
            Action::SaveForm(reason) => form::save(self, reason, head, body).await,
            Action::SavedForm => form::offer::show(self, head),
            Action::SendForm => form::offer::send(self, head),
            Action::DiscardForm => form::offer::discard(self, head),
            Action::Recheck => login::recheck::begin(self, head).await,
            Action::StepUp => login::step_up::step_up(self, head).await,
            Action::NewClaims => claims::renew(self, head).await,
            Action::Unproved => login::step_up::unproved(self, head),
            Action::TooLittleAssurance => login::step_up::too_little_assurance(self, head),
            Action::Login => login::open(self, head).await,
            Action::PostedLogin => login::third_party::redirect(self, head, body).await,
            Action::Callback(provider) => self.callback(&provider, head).await,
            Action::ConfirmNumber => phone::begin::for_route(self, head)
                .unwrap_or_else(|| login::step_up::too_little_assurance(self, head)),
            Action::AskNumber => phone::ask_number(self, head).await,
            Action::TakeNumber => phone::take_number(self, head, body).await,
            Action::AskCode => phone::ask_code(self, head).await,
            Action::TakeCode => phone::take_code(self, head, body).await,
            Action::PostedCallback(provider) => refuse::posted_callback(self, &provider, head),
            Action::Event(provider) => events::receive(self, &provider, head, body).await,
            Action::AskLogout => logout::show(self, head).await,
            Action::Logout => logout::sign_out(self, head).await,
            Action::LeftProvider => logout::back_from_provider(self, head).await,
            Action::CrossSite => refuse::foreign_act(self, head),
            Action::Preflight => request::preflight::allow(&head.headers),
            Action::NotAllowed => login::step_up::not_allowed(self, head),
            Action::Misplaced => placement::reply(),
            Action::Unavailable => refuse::unavailable(self, head),
            Action::NotFound => refuse::missing(self, StatusCode::NOT_FOUND, head),
            Action::MethodNotAllowed(allowed) => refuse::method_not_allowed(self, allowed, head),
        }
    }

    /// The callback of a provider. A prefetch gets 401, because it would use up the code, which is
    /// good for one exchange, and the page visit after it would find the code used.
    async fn callback(self: &Arc<Self>, provider: &Arc<Registered>, head: &Parts) -> Reply {
        if request::navigation::is_prefetch(&head.headers) {
            let login = self.config.prefix.login();
            return refuse::unauthorized::reply(self, Reason::NoSession, &login, head);
        }
        login::callback::respond(self, provider, head).await
    }
}
