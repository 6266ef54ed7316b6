//! Makes a [`VerifiedUser`] of a provider's profile. No other code makes one after a sign-in.
//!
//! The phone number, the subject and the assurance are required. The name and the email address are
//! left out if they are unfit, because a user is not turned away for them.

use std::sync::Arc;

use secrecy::ExposeSecret;

use super::shown_name;
use crate::{
    clock::UnixTime,
    config::Config,
    error::{LoginError, LoginErrorKind, Mismatch},
    phone::{PhoneAssurance, PhoneNumber, Reading},
    provider::profile::{PhoneClaim, Profile},
    session::{
        details::UserTexts,
        id::{ProviderSession, SessionId},
        user::{Facts, Known, VerifiedUser},
    },
};

#[cfg(test)]
mod tests;

/// The longest subject in bytes. A session must fit into a cookie.
const LONGEST_SUBJECT: usize = 255;
/// The longest email address in bytes (RFC 5321 section 4.5.3.1.3, without the angle brackets).
const LONGEST_EMAIL: usize = 254;

/// The user of a profile, or the reason why the layer does not accept the profile.
pub(crate) fn user(
    profile: &Profile,
    provider: &Arc<str>,
    config: &Config,
) -> Result<VerifiedUser, LoginError> {
    // The subject comes first, because a phone step needs it as well.
    subject(&profile.subject)?;
    let claim = profile.phone.as_ref().map_err(Clone::clone)?;
    let phone = phone(claim, config.plain.accepts_possible_numbers)?;
    // The number is read before, so that a malformed one is reported as such.
    if claim.assurance < config.rules.assurance {
        let error = LoginError::new(LoginErrorKind::PhoneNotVerified);
        return Err(match claim.doubt {
            Some(doubt) => error.coded(doubt),
            None => error,
        });
    }
    with_number(profile, (phone, claim.assurance), provider, config)
}

/// The user of a profile without an acceptable number, for the phone step. The number is a
/// placeholder until the user has proved one.
pub(crate) fn without_number(
    profile: &Profile,
    provider: &Arc<str>,
    config: &Config,
) -> Result<VerifiedUser, LoginError> {
    let placeholder = (PhoneNumber::PLACEHOLDER, PhoneAssurance::Unverified);
    with_number(profile, placeholder, provider, config)
}

/// The number that the provider reports, whatever its assurance. `None` if there is no valid one.
pub(crate) fn reported(profile: &Profile, config: &Config) -> Option<PhoneNumber> {
    let claim = profile.phone.as_ref().ok()?;
    phone(claim, config.plain.accepts_possible_numbers).ok()
}

/// The user of a profile, with this number.
fn with_number(
    profile: &Profile,
    phone: (PhoneNumber, PhoneAssurance),
    provider: &Arc<str>,
    config: &Config,
) -> Result<VerifiedUser, LoginError> {
    let email = profile.email.as_deref().filter(|email| is_email(email));
    let now = config.clock.unix();
    let name = profile.name.as_deref().and_then(shown_name::shown);
    let texts = UserTexts {
        subject: subject(&profile.subject)?,
        name: name.as_deref().unwrap_or_default(),
        email: email.unwrap_or_default(),
        claims: "",
    };
    let facts = Facts {
        session_id: SessionId::random()
            .ok_or_else(|| LoginError::new(LoginErrorKind::InvalidAnswer))?,
        email_verified: email.is_some() && profile.email_verified,
        authenticated_at: now,
        expires_at: UnixTime::after(now, config.rules.life),
        proved_at: profile.proved_at,
        confirmed_at: None,
        issued_at: profile.issued_at,
        asked_afresh: false,
        provider_session: profile.sid.as_deref().and_then(|sid| kept(sid, provider)),
        known: Known::default(),
        claims_known: None,
    };
    Ok(VerifiedUser::new(phone, Arc::clone(provider), texts, facts))
}

/// The phone number. A number of a range that the numbering plan does not know counts only if the
/// application accepts such numbers and the provider vouches for this one.
fn phone(claim: &PhoneClaim, accepts_possible: bool) -> Result<PhoneNumber, LoginError> {
    let raw = claim.raw.expose_secret();
    let expected = match claim.region {
        Some(_) => "a number in international form, or of the region that is set",
        None => "a number in international form, with a plus",
    };
    let mismatch = || Mismatch::new(expected, notation(raw));
    let invalid = || LoginError::new(LoginErrorKind::PhoneInvalid).differing(mismatch());
    let reading = Reading::of(raw, claim.region).map_err(|_| invalid())?;
    match reading.valid() {
        Some(phone) => Ok(phone),
        None if accepts_possible && claim.assurance >= PhoneAssurance::Asserted => {
            Ok(reading.possible)
        }
        None => Err(invalid().coded("number_range")),
    }
}

/// The form in which a number is written, for the log. The number itself is never logged. By this
/// form an operator sees which setting of the provider is wrong.
fn notation(raw: &str) -> &'static str {
    let raw = raw.trim();
    if raw.contains(char::is_alphabetic) || raw.contains('*') {
        "a text with letters or masks"
    } else if raw.starts_with('+') {
        "a number with a plus that cannot be dialled"
    } else if raw.starts_with('0') {
        "a number without a plus, with a leading zero"
    } else {
        "a number without a plus"
    }
}

/// The subject, if it fits into a session (OpenID Connect Core section 2 has at most 255 ASCII
/// characters, which include the space). Control characters are refused, because they break the
/// applications that store the subject.
fn subject(subject: &str) -> Result<&str, LoginError> {
    let code = match subject {
        "" => "sub_empty",
        long if long.len() > LONGEST_SUBJECT => "sub_too_long",
        text if text.contains(char::is_control) => "sub_control",
        text => return Ok(text),
    };
    Err(LoginError::with_code(LoginErrorKind::InvalidAnswer, code))
}

/// The provider's session (`sid`), by which a logout token ends this one. `None` if the layer
/// cannot keep it. The session then ends by the user's subject or not at all.
fn kept(sid: &str, provider: &str) -> Option<ProviderSession> {
    let session = ProviderSession::of(sid);
    if session.is_none() {
        let (bytes, most) = (sid.len(), ProviderSession::LONGEST);
        tracing::warn!(
            provider,
            bytes,
            most,
            "the ID token's sid cannot be kept: a logout token with it does not end this session"
        );
    }
    session
}

/// Whether the text has one `@` with text on both sides, and no whitespace or control characters.
/// Everything else is the provider's responsibility.
fn is_email(email: &str) -> bool {
    let sides = email.split_once('@');
    sides.is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@')
    }) && email.len() <= LONGEST_EMAIL
        && !email.contains(|c: char| c.is_control() || c.is_whitespace())
}
