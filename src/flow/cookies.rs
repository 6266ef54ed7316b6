//! The cookies that the browser carries for the layer, apart from the session: one field for each
//! kind.

use super::{
    end_session::carried::{Account, Hint, PendingLogout},
    form::{end::FormEnd, saved::SavedForm},
    login::{finished::SealedEnd, pending::SealedPending},
};
use crate::{config::Config, seal::SealedCookie};

/// Browsers keep cookies up to 4096 bytes, with name and attributes (RFC 6265bis section 5.6).
const LONGEST_ID_TOKEN: usize = 3600;

pub(crate) struct SealedCookies {
    /// A sign-in on its way to the provider and back, one for each `state`.
    pub(crate) pending: SealedCookie<SealedPending>,
    /// The end of a sign-in, one for each `state`.
    pub(crate) finished: SealedCookie<SealedEnd>,
    /// A saved form, one for each id.
    pub(crate) form: SealedCookie<SavedForm>,
    /// The end of a saved form, one for each id.
    pub(crate) form_end: SealedCookie<FormEnd>,
    /// The ID token of the session, for the provider's logout.
    pub(crate) id_token_hint: SealedCookie<Hint>,
    /// A sign-out on its way to the provider and back.
    pub(crate) pending_logout: SealedCookie<PendingLogout>,
    /// The account that was refused, so that another one can be chosen.
    pub(crate) account: SealedCookie<Account>,
    /// How far a sign-out went, for its page.
    pub(crate) signed_out: SealedCookie<String>,
}

impl SealedCookies {
    pub(super) fn new(config: &Config) -> Self {
        let (cookies, prefix) = (&config.cookies, &config.prefix);
        let (own, logout) = (prefix.as_str(), prefix.logout());
        let (pending, form, sign_out) = (
            &config.pending_sealer,
            &config.form_sealer,
            &config.logout_sealer,
        );
        Self {
            pending: SealedCookie::new(cookies.kind("-login-", "/"), pending),
            finished: SealedCookie::new(cookies.kind("-done-", "/"), pending),
            form: SealedCookie::new(cookies.kind("-form-", "/"), form),
            form_end: SealedCookie::new(cookies.kind("-sent-", own), form),
            id_token_hint: SealedCookie::new(cookies.kind("-hint", &logout), sign_out)
                .at_most(LONGEST_ID_TOKEN),
            pending_logout: SealedCookie::new(cookies.kind("-leaving", &logout), sign_out),
            account: SealedCookie::new(cookies.kind("-account", own), sign_out)
                .at_most(LONGEST_ID_TOKEN),
            signed_out: SealedCookie::new(cookies.kind("-ended", &logout), sign_out),
        }
    }
}
