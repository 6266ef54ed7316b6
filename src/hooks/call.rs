//! Calling the hooks, each within the time limit.

use std::future::Future;

use bytes::Bytes;
use http::Response;

use super::{Failure, Hooks, SignIn, Unlink};
use crate::{
    error::{LoginError, LoginErrorKind},
    provider::{claims::ProviderClaims, tokens::ProviderTokens},
    session::{claims::ClaimsText, user::VerifiedUser},
};

impl Hooks {
    /// Applies the rule, then calls the hook of sign-ins. The session begins only after both have
    /// permitted the user. The result is the claims of the session, if the application gives any.
    ///
    /// # Errors
    ///
    /// `Denied` if the rule or a hook refuses the user, `ApplicationBusy` if a hook failed or took
    /// too long, `ClaimsUnfit` if the claims cannot be kept. No session begins in either case.
    pub(crate) async fn sign_in(
        &self,
        user: &VerifiedUser,
        tokens: Option<ProviderTokens>,
        claims: ProviderClaims,
    ) -> Result<Option<ClaimsText>, LoginError> {
        // The rule comes first, so that the hook never creates a record of a user that the rule
        // refuses.
        if !self.allows(user) {
            return Err(LoginError::new(LoginErrorKind::Denied));
        }
        if let Some(hook) = &self.on_sign_in {
            let sign_in = SignIn {
                user: user.clone(),
                tokens,
                claims,
            };
            let claims = self.in_time(hook(sign_in)).await?;
            if !claims.is_empty() {
                return Ok(Some(claims));
            }
        }
        match self.makes_claims() {
            true => self.make_claims(user).await.map(Some),
            false => Ok(None),
        }
    }

    /// The claims of a user, as the application has them now. None without the hook.
    ///
    /// # Errors
    ///
    /// As those of [`sign_in`](Self::sign_in).
    pub(crate) async fn make_claims(&self, user: &VerifiedUser) -> Result<ClaimsText, LoginError> {
        match &self.claims {
            Some(maker) => self.in_time(maker.make(user)).await,
            None => Ok(ClaimsText::new()),
        }
    }

    /// The result of a hook. Its future is dropped at the limit, and with it what was given to the
    /// hook. The hook may have done a part of its work, so the user is asked to try again.
    pub(super) async fn in_time<T>(
        &self,
        hook: impl Future<Output = Result<T, LoginError>>,
    ) -> Result<T, LoginError> {
        let result = tokio::time::timeout(self.limit.0, hook).await;
        result.unwrap_or_else(|_| Err(LoginError::new(LoginErrorKind::ApplicationBusy)))
    }

    /// Calls the hook of sign-outs. The user is signed out even if the hook takes too long, because
    /// a user who wants to leave must not be kept signed in.
    pub(crate) async fn sign_out(&self, user: VerifiedUser) {
        if let Some(hook) = &self.on_sign_out
            && tokio::time::timeout(self.limit.0, hook(user))
                .await
                .is_err()
        {
            tracing::error!("the sign-out hook took too long and was left");
        }
    }

    /// Calls the hook for an unlinked user. `false` if the hook failed or took too long. The report
    /// then counts as not delivered, and providers that repeat reports send it again. The text of
    /// the hook's error is not logged, because it may hold personal data.
    pub(crate) async fn unlink(&self, unlink: Unlink) -> bool {
        // Without a hook there is nothing that could fail.
        let Some(hook) = &self.on_unlink else {
            return true;
        };
        match tokio::time::timeout(self.limit.0, hook(unlink)).await {
            Ok(Ok(())) => return true,
            Ok(Err(_)) => tracing::error!("the unlink hook failed"),
            Err(_) => tracing::error!("the unlink hook took longer than hook_timeout and was left"),
        }
        false
    }

    /// The response of the application to a failure. `None` if no hook is set, or if the hook
    /// leaves the page to the layer.
    pub(crate) fn failure(&self, failure: &Failure<'_>) -> Option<Response<Bytes>> {
        self.on_failure.as_ref()?(failure)
    }
}
