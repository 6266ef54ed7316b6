//! The paths below the prefix.

use http::Method;

use super::{Flow, Journey};

impl Flow {
    /// Paths below the prefix are the layer's alone, and are matched to the letter: a callback
    /// that is nearly right must not begin another login.
    pub(super) fn own(&self, method: &Method, path: &str) -> Journey {
        if let Some(name) = path.strip_prefix("/callback/") {
            return match self.providers.iter().position(|known| &*known.name == name) {
                Some(provider) if method == Method::GET => Journey::Callback { provider },
                Some(provider) if method == Method::POST => Journey::PostedCallback { provider },
                Some(_) => Journey::MethodNotAllowed("GET"),
                None => Journey::NotFound,
            };
        }
        if let Some(name) = path.strip_prefix("/events/") {
            return self.event(method, name);
        }
        match (path, method.as_str()) {
            ("/login", "GET" | "HEAD") => Journey::Login,
            ("/login", "POST") => Journey::PostedLogin,
            ("/login", _) => Journey::MethodNotAllowed("GET, HEAD"),
            ("/logout", "POST") => Journey::Logout,
            ("/logout", "GET" | "HEAD") => Journey::AskLogout,
            ("/logout", _) => Journey::MethodNotAllowed("GET, HEAD, POST"),
            ("/logout/done", "GET" | "HEAD") => Journey::LeftProvider,
            ("/logout/done", _) => Journey::MethodNotAllowed("GET, HEAD"),
            ("/form" | "/form/discard", _) if !self.config.saves_forms => Journey::NotFound,
            ("/form", "GET" | "HEAD") => Journey::SavedForm,
            ("/form", "POST") => Journey::SendForm,
            ("/form", _) => Journey::MethodNotAllowed("GET, HEAD, POST"),
            ("/form/discard", "POST") => Journey::DiscardForm,
            ("/form/discard", _) => Journey::MethodNotAllowed("POST"),
            _ => Journey::NotFound,
        }
    }
}
