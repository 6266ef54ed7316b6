//! Decides about the user of a profile: refused, admitted, or without an acceptable number.

use http::HeaderMap;

use crate::{
    error::{LoginError, LoginErrorKind, Mismatch},
    flow::{
        Flow, Registered,
        login::{
            error_name,
            pending::{AttemptKind, Pending},
            verified_user,
        },
        phone,
    },
    provider::{claims::ProviderClaims, profile::Profile, tokens::ProviderTokens},
    session::{Session, user::VerifiedUser},
};

/// The user at the provider, as an exchange gave it.
pub(super) struct Given<'a> {
    pub(super) profile: &'a Profile,
    pub(super) tokens: ProviderTokens,
    pub(super) claims: ProviderClaims,
    /// The step of the revocations before the exchange began.
    pub(super) known_before: u64,
}

/// A user whom the layer and the application admit.
pub(super) enum Admitted {
    Whole(Session),
    /// The user proves a number first. The text has the claims that are kept until then.
    WithoutNumber(Session, String),
}

/// The user of a profile, after the rule and the hooks of the application.
pub(super) async fn admit(
    flow: &Flow,
    provider: &Registered,
    given: Given<'_>,
    pending: &Pending,
    headers: &HeaderMap,
) -> Result<Admitted, LoginError> {
    let Given {
        profile,
        tokens,
        claims,
        known_before,
    } = given;
    let (mut session, lacks_number) = session_of(flow, provider, profile, pending, headers).await?;
    let (hooks, user) = (&flow.config.hooks, &mut session.user);
    // A later `require()` must know whether the provider was asked, because the provider may give
    // no proof.
    user.facts_mut().asked_afresh = pending.attempt.fresh;
    flow.note_known_revocations(user, provider, known_before)?;
    let about = |user: &VerifiedUser, error: LoginError| {
        let mask = flow.config.audit.mask(&user.provider, &user.subject);
        error.about(mask.into_string())
    };
    // The hooks come last, so they never see a user whom the layer or the rule refuses.
    if lacks_number || hooks.allows(user) {
        let called = hooks.profile(user, &tokens, &claims).await;
        called.map_err(|error| about(user, error))?;
    }
    if lacks_number {
        let kept = kept(flow, &claims).map_err(|error| about(user, error))?;
        return Ok(Admitted::WithoutNumber(session, kept));
    }
    let claims_known = flow.claims_date(provider.binding, user);
    let entered = hooks.sign_in(user, Some(tokens), claims).await;
    if let Some(claims) = entered.map_err(|error| about(user, error))? {
        user.set_claims(&claims, claims_known);
    }
    Ok(Admitted::Whole(session))
}

/// The claims that the hook after a phone step gets, as JSON.
fn kept(flow: &Flow, claims: &ProviderClaims) -> Result<String, LoginError> {
    let names = flow
        .config
        .phone_step
        .as_ref()
        .map(|step| &*step.kept_claims);
    claims.kept(names.unwrap_or_default()).map_err(|length| {
        let found = format!("{length} bytes of the claims that PhoneStep::keep_claims names");
        LoginError::with_code(LoginErrorKind::ClaimsUnfit, "claims_too_long")
            .differing(Mismatch::new("at most 512 bytes of JSON", &found))
    })
}

/// The session of the user of a profile, and whether the number is still to be proved. A number
/// that the user has confirmed before is kept. Where the provider can be asked for consent once
/// more, that comes before the phone step.
async fn session_of(
    flow: &Flow,
    provider: &Registered,
    profile: &Profile,
    pending: &Pending,
    headers: &HeaderMap,
) -> Result<(Session, bool), LoginError> {
    let (config, name, now) = (&flow.config, &provider.name, flow.config.clock.unix());
    let begin = |user| Session::new(user, provider.binding, now);
    let found = verified_user::user(profile, name, config);
    if config.phone_step.is_none() {
        return found.map(|user| (begin(user), false));
    }
    let (mut session, refused) = match found {
        Ok(user) => (begin(user), None),
        Err(error) if phone::begin::takes_over(flow, error.kind()) => {
            phone::not_given::warn(provider, &error);
            let user = verified_user::without_number(profile, name, config)?;
            (begin(user), Some(error))
        }
        Err(error) => return Err(error),
    };
    let mut has_number = phone::begin::keep_confirmed(flow, &mut session, headers);
    let reported = verified_user::reported(profile, config);
    let Some(error) = refused else {
        phone::known::compare(flow, &session.user, reported).await;
        return Ok((session, false));
    };
    if !has_number {
        has_number = phone::known::take(flow, &mut session, reported).await;
    }
    if !has_number && detour(error.kind(), error.code(), pending.attempt).is_some() {
        return Err(error);
    }
    Ok((session, !has_number))
}

/// The next attempt after a refusal, if there is one. It asks for consent to the phone number, or
/// lets the provider show its page. The sealed cookie notes each detour, so each is taken once.
pub(super) fn detour(
    kind: LoginErrorKind,
    code: Option<&str>,
    attempt: AttemptKind,
) -> Option<AttemptKind> {
    match kind {
        LoginErrorKind::PhoneNotShared if !attempt.asks_for_phone => Some(AttemptKind {
            asks_for_phone: true,
            ..attempt
        }),
        LoginErrorKind::ProviderRefused | LoginErrorKind::CodeRejected
            if !attempt.retried
                && (error_name::needs_page(code) || error_name::is_expired(kind, code)) =>
        {
            Some(AttemptKind {
                retried: true,
                ..attempt
            })
        }
        _ => None,
    }
}
