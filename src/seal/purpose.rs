//! The purposes of sealing, and how long a value of each is of use.

use std::time::Duration;

use super::Scope;

/// How long a sign-in may take: longer than the provider's own pages stay open.
pub(crate) const PENDING_LIFE: Duration = Duration::from_secs(30 * 60);
/// A provider's page may stay open for days, and its user still goes back to the page first asked for.
const STATE_LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// A saved form is offered for an hour.
pub(crate) const FORM_LIFE: Duration = Duration::from_secs(60 * 60);
/// Browsers keep no cookie longer than 400 days (RFC 6265bis section 5.5).
pub(crate) const LONGEST_LIFE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// What is sealed; a cookie of one purpose never opens as another.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Session,
    Pending,
    State,
    Form,
    Logout,
    Revocation,
}

impl Purpose {
    /// How long a sealed value is of use at most.
    pub(super) fn life(self, session: Duration) -> Duration {
        match self {
            Self::Session | Self::Logout => session,
            Self::Pending => PENDING_LIFE,
            Self::State => STATE_LIFE,
            Self::Form => FORM_LIFE,
            Self::Revocation => LONGEST_LIFE,
        }
    }

    pub(super) fn label(self) -> &'static [u8] {
        match self {
            Self::Session => b"tower-phone-auth 2 session",
            Self::Pending => b"tower-phone-auth 2 pending login",
            Self::State => b"tower-phone-auth 2 state",
            Self::Form => b"tower-phone-auth 2 saved form",
            Self::Logout => b"tower-phone-auth 2 logout",
            Self::Revocation => b"tower-phone-auth 2 revocation",
        }
    }

    /// Several layers of one application share a log of revocations: each reads what the others revoke. Everything
    /// else belongs to one layer.
    pub(super) fn scope(self, layer: &Scope) -> Scope {
        match self {
            Self::Session | Self::Pending | Self::State | Self::Form | Self::Logout => {
                layer.clone()
            }
            Self::Revocation => layer.without_prefix(),
        }
    }

    /// How many days the clock of another replica may be ahead for a value to open. A revocation must not be lost for a
    /// wrong clock. A session is opened so that the log can report the clock; its own date then ends it.
    pub(super) fn ahead(self) -> u32 {
        match self {
            Self::Pending | Self::State | Self::Form | Self::Logout => 1,
            Self::Session | Self::Revocation => 400,
        }
    }
}
