//! The router of the paths below the prefix, such as `/auth/login`.

use std::sync::Arc;

use http::Method;

use super::{Action, Flow};

impl Flow {
    /// The action for a path below the prefix, which never reaches the wrapped service. Names of
    /// providers are compared byte for byte. A callback that is nearly right must not begin another
    /// sign-in, or a wrong address at the provider would send the browser in circles. HEAD is
    /// accepted beside GET, except at the callback, where HEAD would use up the code without
    /// showing the user a page.
    pub(super) fn route(&self, method: &Method, path: &str) -> Action {
        if let Some(name) = path.strip_prefix("/callback/") {
            return match (self.by_name(name), method) {
                (Some(provider), &Method::GET) => Action::Callback(Arc::clone(provider)),
                (Some(provider), &Method::POST) => Action::PostedCallback(Arc::clone(provider)),
                (Some(_), _) => Action::MethodNotAllowed("GET"),
                (None, _) => Action::NotFound,
            };
        }
        if let Some(name) = path.strip_prefix("/events/") {
            return self.event(method, name);
        }
        match (path, method.as_str()) {
            ("/login", "GET" | "HEAD") => Action::Login,
            ("/login", "POST") => Action::PostedLogin,
            ("/login", _) => Action::MethodNotAllowed("GET, HEAD"),
            ("/logout", "POST") => Action::Logout,
            ("/logout", "GET" | "HEAD") => Action::AskLogout,
            ("/logout", _) => Action::MethodNotAllowed("GET, HEAD, POST"),
            ("/logout/done", "GET" | "HEAD") => Action::LeftProvider,
            ("/logout/done", _) => Action::MethodNotAllowed("GET, HEAD"),
            // Without saved forms these paths do not exist, and get 404 as any unknown path.
            ("/form" | "/form/discard", _) if !self.config.plain.saves_forms => Action::NotFound,
            ("/form", "GET" | "HEAD") => Action::SavedForm,
            ("/form", "POST") => Action::SendForm,
            ("/form", _) => Action::MethodNotAllowed("GET, HEAD, POST"),
            ("/form/discard", "POST") => Action::DiscardForm,
            ("/form/discard", _) => Action::MethodNotAllowed("POST"),
            // Without the phone step these paths do not exist either.
            ("/phone" | "/phone/code", _) if self.config.phone_step.is_none() => Action::NotFound,
            ("/phone", "GET" | "HEAD") => Action::AskNumber,
            ("/phone", "POST") => Action::TakeNumber,
            ("/phone/code", "GET" | "HEAD") => Action::AskCode,
            ("/phone/code", "POST") => Action::TakeCode,
            ("/phone" | "/phone/code", _) => Action::MethodNotAllowed("GET, HEAD, POST"),
            _ => Action::NotFound,
        }
    }
}
