//! What is decided about a request.

use super::{Caching, Renewal};
use crate::{error::refusal::Reason, session::user::VerifiedUser};

/// What is done with a request.
#[derive(Debug)]
pub(crate) enum Decision {
    /// The wrapped service is called, with a user in the extensions; the response takes the
    /// renewed session along, and says what caches may keep.
    Pass(VerifiedUser, Option<Box<Renewal>>, Caching),
    /// The wrapped service is called, with nobody signed in: the path is public.
    PassAnonymous,
    /// The layer answers itself.
    Respond(Action),
}

/// What the layer answers itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// A page visit that needs a login.
    Start,
    /// Anything else that needs a login.
    Unauthorized(Reason),
    /// A form that needs a login, and is sent after it.
    SaveForm(Reason),
    /// The page that offers a saved form.
    SavedForm,
    /// The user wants a saved form to be sent.
    SendForm,
    DiscardForm,
    /// A page visit of a signed-in user, about whom the provider is asked first.
    Recheck,
    /// A page visit that needs a fresher login.
    StepUp,
    /// A route that needs a fresher login, which the provider does not prove.
    Unproved,
    /// A route that needs a better vouched-for phone number.
    TooLittleAssurance,
    Login,
    /// A third party begins a login by a form.
    PostedLogin,
    Callback {
        provider: usize,
    },
    /// The provider answers by a form (`response_mode=form_post`), which was not asked for.
    PostedCallback {
        provider: usize,
    },
    /// The provider tells something on its own account.
    Event {
        provider: usize,
    },
    AskLogout,
    Logout,
    /// The provider sends a person back who signed out there.
    LeftProvider,
    /// Whether a session was revoked cannot be told at the moment.
    Unavailable,
    /// Somebody is signed in whom the application's rule does not let in.
    NotAllowed,
    /// A page of another origin made the browser send it.
    CrossSite,
    /// A page of a listed origin asks what it may send.
    Preflight,
    /// No such path below the prefix.
    NotFound,
    /// The path knows this method only.
    MethodNotAllowed(&'static str),
}
