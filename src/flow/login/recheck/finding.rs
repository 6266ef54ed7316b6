//! The result of asking the provider about a session.
//!
//! A check has three results: the user is the same, the user is no longer signed in or another one
//! is, and the provider did not say. Only the second ends a session.
//!
//! | the provider says | finding |
//! |---|---|
//! | a code for the same subject | [`Finding::Same`] |
//! | a code for another subject | [`Finding::Over`] |
//! | `access_denied`, or a profile that the layer refuses for the account | [`Finding::Over`] |
//! | `login_required` and the like | [`Finding::NeedsPage`] |
//! | a failure, a wrong setting, or an invalid answer | [`Finding::Unknown`] |

use secrecy::SecretString;

use crate::{
    error::{LoginError, LoginErrorKind},
    flow::{
        Flow, Registered,
        login::{
            callback_query::CallbackQuery, code::code, error_name::needs_page, pending::Pending,
            verified_user,
        },
    },
    phone::PhoneAssurance,
    provider::CodeExchange,
    session::{Session, id::ProviderSession},
};

/// The parts of the provider's answer that the session takes over.
#[derive(Debug)]
pub(crate) struct Renewed {
    /// The provider's session (`sid`), by which a logout token ends this one. It may differ from
    /// that of the sign-in, because the user may have signed in at the provider again.
    pub(crate) provider_session: Option<ProviderSession>,
    /// The new ID token, which replaces the old one as `id_token_hint` of a sign-out.
    pub(crate) id_token: Option<SecretString>,
}

/// The result of a check.
#[derive(Debug)]
pub(crate) enum Finding {
    /// The same user is signed in at the provider.
    Same(Box<Renewed>),
    /// The session is over, for this reason.
    Over(LoginError),
    /// The session is over, and the provider can sign the user in by a page.
    NeedsPage,
    /// The provider did not say, for this reason. The session is checked again later.
    Unknown(LoginError),
}

/// Exchanges the code and compares the subject. The profile must satisfy the same rules as at the
/// sign-in, so a phone number that is no longer shared ends the session. The number is not checked
/// if the user proved it here, or could prove one in the phone step.
pub(crate) async fn ask(
    flow: &Flow,
    provider: &Registered,
    session: &Session,
    query: CallbackQuery,
    pending: &Pending,
) -> Finding {
    let code = match code(provider, &query, pending) {
        Ok(code) => code,
        // The answer of another issuer says nothing about this provider's user.
        Err(error) => return refused(error),
    };
    let exchange = CodeExchange {
        code: &code,
        code_verifier: &pending.code_verifier,
        state: &pending.state,
        nonce: &pending.nonce,
        issuer: query.issuer.as_deref(),
        callback: &query.parameters,
    };
    let profile = match provider.client.sign_in(exchange).await {
        Ok((profile, _)) => profile,
        Err(answer) => return refused(answer.error.into()),
    };
    // The subject decides and not the phone number, because a number may change its owner.
    if session.user.subject != profile.subject {
        return Finding::Over(LoginError::new(LoginErrorKind::OtherAccount));
    }
    let checks_number = flow.config.phone_step.is_none()
        && session.user.phone_assurance < PhoneAssurance::Confirmed;
    let user = if checks_number {
        verified_user::user(&profile, &provider.name, &flow.config)
    } else {
        verified_user::without_number(&profile, &provider.name, &flow.config)
    };
    match user {
        Ok(user) => Finding::Same(Box::new(Renewed {
            provider_session: user.facts().provider_session,
            id_token: profile.id_token,
        })),
        Err(error) => refused(error),
    }
}

/// Sorts a refusal. A refusal that is about the user or the account ends the session. A refusal
/// that is about the provider or the settings says nothing about the user, so an outage signs no
/// user out.
fn refused(error: LoginError) -> Finding {
    use LoginErrorKind as K;

    match error.kind() {
        K::ProviderRefused if needs_page(error.code()) => Finding::NeedsPage,
        K::Cancelled
        | K::AccountRefused
        | K::PhoneNotShared
        | K::PhoneNotOnAccount
        | K::Preregistered
        | K::PhoneInvalid
        | K::PhoneNotVerified => Finding::Over(error),
        _ => Finding::Unknown(error),
    }
}
