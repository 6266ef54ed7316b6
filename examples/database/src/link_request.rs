//! The cookie between the two sign-ins of a link: encrypted, and for this browser alone.

use std::time::{Duration, SystemTime};

use axum::http::{HeaderMap, header::COOKIE};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use cookie::{Cookie, SameSite};
use serde::{Deserialize, Serialize};
use tower_phone_auth::VerifiedUser;

use crate::{keys::Sealer, users::PhoneHash};

const NAME: &str = "link";
const PURPOSE: &str = "request for a link";
/// The longest time between the two sign-ins.
const LIFE: Duration = Duration::from_secs(15 * 60);

/// The account to link, of a user who is about to sign in to the other one.
#[derive(Serialize, Deserialize)]
pub(crate) struct LinkRequest {
    pub(crate) provider: String,
    pub(crate) subject: String,
    pub(crate) hash: PhoneHash,
    signed_in: SystemTime,
}

impl LinkRequest {
    pub(crate) fn of(user: &VerifiedUser, hash: PhoneHash) -> Self {
        Self {
            provider: user.provider.to_string(),
            subject: user.subject.to_string(),
            hash,
            signed_in: user.authenticated_at(),
        }
    }

    /// The value of `Set-Cookie`. The path covers `/link/confirm`.
    pub(crate) fn cookie(&self, sealer: &Sealer, is_https: bool) -> Option<String> {
        let sealed = sealer.seal(PURPOSE, &serde_json::to_vec(self).ok()?).ok()?;
        let cookie = Cookie::build((NAME, URL_SAFE_NO_PAD.encode(sealed)));
        let cookie = cookie.path("/link").http_only(true).secure(is_https);
        let cookie = cookie.same_site(SameSite::Lax);
        Some(cookie.max_age(LIFE.try_into().ok()?).to_string())
    }

    /// The request of this browser, if `user` signed in soon after it.
    pub(crate) fn read(headers: &HeaderMap, sealer: &Sealer, user: &VerifiedUser) -> Option<Self> {
        let values = headers.get_all(COOKIE).iter();
        let mut cookies = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(Cookie::split_parse)
            .filter_map(Result::ok);
        let cookie = cookies.find(|cookie| cookie.name() == NAME)?;
        let sealed = URL_SAFE_NO_PAD.decode(cookie.value()).ok()?;
        let request = sealer.open(PURPOSE, &sealed).ok()?;
        let request: Self = serde_json::from_slice(&request).ok()?;
        let between = user.authenticated_at().duration_since(request.signed_in);
        between
            .is_ok_and(|between| between <= LIFE)
            .then_some(request)
    }
}
