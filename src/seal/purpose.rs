//! The purposes of sealing, and how long a value of each purpose is of use.

use std::time::Duration;

use super::Scope;

/// The longest time of a sign-in. The provider's own pages time out earlier.
pub(crate) const PENDING_LIFE: Duration = Duration::from_secs(30 * 60);
/// The longest use of a `state`. The page of a provider may stay open for days. Its user must still
/// return to the page that was requested, although the pending sign-in has expired.
const STATE_LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How long a saved form is offered. A form that the session's end interrupted is sent again after
/// the sign-in; an hour later, the user has gone or filled it in again.
pub(crate) const FORM_LIFE: Duration = Duration::from_secs(60 * 60);
/// The time from the callback to the end of a phone step, in which its user may need several
/// messages.
pub(crate) const PHONE_STEP_LIFE: Duration = Duration::from_secs(60 * 60);
/// The longest life of a cookie in browsers, 400 days (RFC 6265bis section 5.5).
pub(crate) const LONGEST_LIFE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// The kind of a sealed value. A value of one purpose never opens for another, so a cookie that a
/// browser moves to another name has no meaning there.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    /// A session cookie.
    Session,
    /// A pending sign-in, in a cookie until the callback.
    Pending,
    /// The `state` parameter, which goes through the provider.
    State,
    /// A saved form.
    Form,
    /// The state of a sign-out at the provider.
    Logout,
    /// A phone step.
    PhoneStep,
    /// An entry of the revocation log.
    Revocation,
}

impl Purpose {
    /// How long a sealed value is of use. `session` is the lifetime of a session.
    pub(super) fn life(self, session: Duration) -> Duration {
        match self {
            Self::Session | Self::Logout => session,
            Self::Pending => PENDING_LIFE,
            Self::State => STATE_LIFE,
            Self::Form => FORM_LIFE,
            Self::PhoneStep => PHONE_STEP_LIFE,
            Self::Revocation => LONGEST_LIFE,
        }
    }

    /// The beginning of the salt. The number is the version of the key derivation; changing a label
    /// makes all values of the purpose void.
    pub(super) fn label(self) -> &'static [u8] {
        match self {
            Self::Session => b"tower-phone-auth 2 session",
            Self::Pending => b"tower-phone-auth 2 pending login",
            Self::State => b"tower-phone-auth 2 state",
            Self::Form => b"tower-phone-auth 2 saved form",
            Self::Logout => b"tower-phone-auth 2 logout",
            Self::PhoneStep => b"tower-phone-auth 2 phone step",
            Self::Revocation => b"tower-phone-auth 2 revocation",
        }
    }

    /// Layers of one application share a revocation log, so revocations do not depend on the
    /// prefix. All other values belong to one layer.
    pub(super) fn scope(self, layer: &Scope) -> Scope {
        match self {
            Self::Session
            | Self::Pending
            | Self::State
            | Self::Form
            | Self::Logout
            | Self::PhoneStep => layer.clone(),
            Self::Revocation => layer.without_prefix(),
        }
    }

    /// How many days ahead the sealing replica may have been. A wrong clock must not hide a
    /// revocation. A session is opened although its own date makes it void, so that a log line can
    /// report the clock.
    pub(super) fn ahead(self) -> u32 {
        match self {
            // A clock that is ahead by a minute may be in the next day already.
            Self::Pending | Self::State | Self::Form | Self::Logout | Self::PhoneStep => 1,
            // As many days as a session or an entry can live.
            Self::Session | Self::Revocation => 400,
        }
    }
}
