//! From a profile to a verified user: the one place where one is made after a login.

use std::sync::Arc;

use secrecy::ExposeSecret;

use super::shown_name;
use crate::{
    clock::UnixTime,
    config::Config,
    error::{LoginError, LoginErrorKind},
    phone,
    provider::profile::Profile,
    session_id::{ProviderSession, SessionId},
    user::{Known, VerifiedUser},
};

/// Longest texts that are kept, in characters: a session must fit into a cookie.
const LONGEST_SUBJECT: usize = 255;
const LONGEST_EMAIL: usize = 254;

pub(super) fn user(
    profile: &Profile,
    provider: &Arc<str>,
    config: &Config,
) -> Result<VerifiedUser, LoginError> {
    let refuse = |kind| Err(LoginError::new(kind));
    let subject = profile.subject.as_str();
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    if subject.is_empty() || subject.len() > LONGEST_SUBJECT || !plain(subject) {
        return refuse(LoginErrorKind::InvalidAnswer);
    }
    let claim = &profile.phone;
    let Ok(phone) = phone::read(claim.raw.expose_secret(), claim.region) else {
        return refuse(LoginErrorKind::PhoneInvalid);
    };
    if claim.assurance < config.rules.assurance {
        return refuse(LoginErrorKind::PhoneNotVerified);
    }
    let email = profile.email.as_deref().filter(|email| is_email(email));
    let now = config.clock.unix();
    Ok(VerifiedUser {
        phone,
        phone_assurance: claim.assurance,
        provider: Arc::clone(provider),
        subject: subject.into(),
        name: profile.name.as_deref().and_then(shown_name::shown),
        email: email.map(Arc::from),
        email_verified: email.is_some() && profile.email_verified,
        authenticated_at: now.into(),
        expires_at: UnixTime::after(now, config.rules.life).into(),
        session_id: SessionId::random()
            .ok_or_else(|| LoginError::new(LoginErrorKind::InvalidAnswer))?,
        proved_at: profile.proved_at.map(Into::into),
        issued_at: profile.issued_at,
        asked_afresh: false,
        provider_session: profile.sid.as_deref().and_then(ProviderSession::of),
        known: Known::default(),
    })
}

/// One `@` with something around it, and no room for anybody's header or page: the provider
/// answers for the rest.
fn is_email(email: &str) -> bool {
    let sides = email.split_once('@');
    sides.is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@')
    }) && email.len() <= LONGEST_EMAIL
        && !email.contains(|c: char| c.is_control() || c.is_whitespace())
}
