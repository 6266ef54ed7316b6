//! A cookie that keeps requests for new claims from going in circles.
//!
//! The answer to a page visit is a redirect to the same address. It must not repeat for ever if the
//! application cannot make claims, or if two versions of it that run side by side do not read each
//! other's. The browser carries the mark, because the next request may reach another replica. The
//! value is no secret: a user who changes it only gets pages without a user, or the same refusals.
//!
//! | value | meaning | kept |
//! |---|---|---|
//! | `failed` | the application made no claims | until the hook is called again |
//! | a number | claims that could not be read were replaced this many times | 10 seconds |

use std::time::Duration;

use http::{HeaderMap, HeaderValue};

use crate::web::cookie::Cookies;

const FAILED: &str = "failed";
/// The most replacements of claims that are not of the expected type, each within [`WINDOW`] of the
/// one before. A new version of the application needs one.
const MOST: u8 = 3;
/// The time after which the replacements are counted anew.
const WINDOW: Duration = Duration::from_secs(10);
/// The least time for which a failure is marked. The browser must follow the redirect within it.
const SHORTEST: Duration = Duration::from_secs(5);

/// The mark of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Failed,
    /// The number of replacements, which is 0 without the cookie.
    Replaced(u8),
}

impl Mark {
    pub(super) fn of(cookies: &Cookies, headers: &HeaderMap) -> Self {
        let value = cookies.claims_mark(headers);
        match value.and_then(|value| std::str::from_utf8(value).ok()) {
            Some(FAILED) => Self::Failed,
            Some(number) => Self::Replaced(number.parse().unwrap_or(0)),
            None => Self::Replaced(0),
        }
    }

    /// Whether the claims were replaced so often that two versions of the application replace each
    /// other's.
    pub(super) fn is_loop(self) -> bool {
        matches!(self, Self::Replaced(number) if number >= MOST)
    }

    /// Whether a request to a public path passes without its user.
    pub(super) fn gives_up(self) -> bool {
        self == Self::Failed || self.is_loop()
    }

    /// The cookie that counts one more replacement.
    pub(super) fn replaced(self, cookies: &Cookies) -> Option<HeaderValue> {
        let number = match self {
            Self::Failed => 0,
            Self::Replaced(number) => number,
        };
        cookies.mark_claims(&number.saturating_add(1).to_string(), WINDOW)
    }

    /// The cookie after a failure. The hook is called again after `rest`.
    pub(super) fn failed(cookies: &Cookies, rest: Duration) -> Option<HeaderValue> {
        cookies.mark_claims(FAILED, rest.max(SHORTEST))
    }
}
