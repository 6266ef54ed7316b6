//! The paths below the prefix.

use http::Method;

use super::{Action, Flow};

impl Flow {
    /// Paths below the prefix are the layer's alone, and are matched to the letter: a callback
    /// that is nearly right must not begin another login.
    pub(super) fn own(&self, method: &Method, path: &str) -> Action {
        if let Some(name) = path.strip_prefix("/callback/") {
            return match self.providers.iter().position(|known| &*known.name == name) {
                Some(provider) if method == Method::GET => Action::Callback { provider },
                Some(provider) if method == Method::POST => Action::PostedCallback { provider },
                Some(_) => Action::MethodNotAllowed("GET"),
                None => Action::NotFound,
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
            ("/form" | "/form/discard", _) if !self.config.saves_forms => Action::NotFound,
            ("/form", "GET" | "HEAD") => Action::SavedForm,
            ("/form", "POST") => Action::SendForm,
            ("/form", _) => Action::MethodNotAllowed("GET, HEAD, POST"),
            ("/form/discard", "POST") => Action::DiscardForm,
            ("/form/discard", _) => Action::MethodNotAllowed("POST"),
            _ => Action::NotFound,
        }
    }
}
