//! The sealed cookies of the layer, apart from the session cookie: one field for each kind.
//!
//! Cookies whose values are no secret, such as the one that remembers the provider, are in
//! `web/cookie`. A cookie has the path `/` if the callback or a page of the application needs it.
//! Otherwise it has a path of the layer, so that browsers do not send it with every request.
//!
//! | field | end of the name | path | life |
//! |---|---|---|---|
//! | `pending` | `-login-`, then the `state` | `/` | 30 minutes, or until the callback |
//! | `finished` | `-done-`, then the `state` | `/` | the rest of the same 30 minutes |
//! | `form` | `-form-`, then the id | `/` | an hour, or until it is sent or discarded |
//! | `form_end` | `-sent-`, then the id | `/auth` | an hour |
//! | `id_token_hint` | `-hint` | `/auth/logout` | as long as the session can live |
//! | `step_hint` | `-phone-hint` | `/auth/phone` | an hour from the callback |
//! | `pending_logout` | `-leaving` | `/auth/logout` | 10 minutes |
//! | `account` | `-account` | `/auth` | 30 minutes, or until a sign-in |
//! | `phone_step` | `-phone` | `/` | an hour from the callback |
//! | `signed_out` | `-ended` | `/auth/logout` | 10 minutes |
//!
//! A cookie with an id has the first twelve letters and digits of the id in its name. Two tabs
//! therefore do not overwrite each other's cookies. The value holds the whole id, or a hash of it,
//! so a collision of names costs one of the two and confuses none.

use super::{
    end_session::carried::{Account, Hint, PendingLogout},
    form::{end::FormEnd, saved::SavedForm},
    login::{finished::SealedEnd, pending::SealedPending},
    phone::SealedStep,
};
use crate::{config::Config, seal::SealedCookie};

/// The longest sealed ID token in bytes. Browsers refuse a cookie whose name and value have more
/// than 4096 bytes together (RFC 6265bis section 5.6). The difference is left for the name and, in
/// older browsers, for the attributes, which RFC 6265 section 6.1 counts as well.
const LONGEST_ID_TOKEN: usize = 3600;

/// The kinds of sealed cookies. A sealed value opens only under the name that it was sealed for, so
/// that a cookie of one kind is not accepted as another.
pub(crate) struct SealedCookies {
    /// A pending sign-in, one for each `state`. The path is `/`, because the limit on the bytes of
    /// pending sign-ins is applied at page visits to any path.
    pub(crate) pending: SealedCookie<SealedPending>,
    /// The end of a sign-in, one for each `state`.
    pub(crate) finished: SealedCookie<SealedEnd>,
    /// A saved form, one for each id.
    pub(crate) form: SealedCookie<SavedForm>,
    /// The end of a saved form, one for each id.
    pub(crate) form_end: SealedCookie<FormEnd>,
    /// The ID token of the session, which the provider's logout takes as `id_token_hint`.
    pub(crate) id_token_hint: SealedCookie<Hint>,
    /// The ID token of a user in a phone step. The one of the browser's session stays as it is.
    pub(crate) step_hint: SealedCookie<Hint>,
    /// A sign-out that is at the provider, until the provider sends the user back.
    pub(crate) pending_logout: SealedCookie<PendingLogout>,
    /// The account that was refused, so that another one can be chosen.
    pub(crate) account: SealedCookie<Account>,
    /// A phone step.
    pub(crate) phone_step: SealedCookie<SealedStep>,
    /// The result of a sign-out, which the page after the sign-out shows.
    pub(crate) signed_out: SealedCookie<String>,
}

impl SealedCookies {
    /// Makes all kinds from the checked settings. The ends of the names stay the same between
    /// versions, because a renamed kind would lose the cookies that browsers hold.
    pub(super) fn new(config: &Config) -> Self {
        let (cookies, prefix) = (&config.cookies, &config.prefix);
        let (own, logout) = (prefix.as_str(), prefix.logout());
        let (pending, form, sign_out) = (
            &config.sealers.pending,
            &config.sealers.form,
            &config.sealers.logout,
        );
        Self {
            pending: SealedCookie::new(cookies.kind("-login-", "/"), pending),
            finished: SealedCookie::new(cookies.kind("-done-", "/"), pending),
            form: SealedCookie::new(cookies.kind("-form-", "/"), form),
            form_end: SealedCookie::new(cookies.kind("-sent-", own), form),
            id_token_hint: SealedCookie::new(cookies.kind("-hint", &logout), sign_out)
                .at_most(LONGEST_ID_TOKEN),
            step_hint: SealedCookie::new(cookies.kind("-phone-hint", &prefix.phone()), sign_out)
                .at_most(LONGEST_ID_TOKEN),
            pending_logout: SealedCookie::new(cookies.kind("-leaving", &logout), sign_out),
            account: SealedCookie::new(cookies.kind("-account", own), sign_out)
                .at_most(LONGEST_ID_TOKEN),
            // With the path `/` the name has the prefix `__Host-`, so that another host of the
            // domain cannot set the step of another user.
            phone_step: SealedCookie::new(cookies.kind("-phone", "/"), &config.sealers.phone_step),
            signed_out: SealedCookie::new(cookies.kind("-ended", &logout), sign_out),
        }
    }
}
