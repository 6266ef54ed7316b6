//! The function of the application that makes the claims of a session.

use std::{future::Future, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::{LoginError, LoginErrorKind, Mismatch, SignInError},
    http_client::BoxFuture,
    session::{
        claims::{self, ClaimsText, Unfit},
        user::VerifiedUser,
    },
};

/// The hook of [`Builder::claims`](crate::Builder::claims), with the type of its claims erased.
#[derive(Clone)]
pub(super) struct ClaimsMaker {
    make: Arc<Make>,
    /// Whether a text is JSON of the type that the hook makes.
    reads: fn(&str) -> bool,
}

type Make =
    dyn Fn(&VerifiedUser) -> BoxFuture<'static, Result<ClaimsText, LoginError>> + Send + Sync;

impl ClaimsMaker {
    pub(super) fn new<F, T, C>(hook: F) -> Self
    where
        F: Fn(VerifiedUser) -> T + Send + Sync + 'static,
        T: Future<Output = Result<C, SignInError>> + Send + 'static,
        C: Serialize + DeserializeOwned,
    {
        let make = move |user: &VerifiedUser| -> BoxFuture<'static, _> {
            let made = hook(user.clone());
            Box::pin(async {
                let text = written(&made.await?)?;
                // Claims that are not read back would be made anew for every request.
                if !claims::reads::<C>(&text) {
                    return Err(LoginError::with_code(
                        LoginErrorKind::ClaimsUnfit,
                        "claims_not_read_back",
                    ));
                }
                Ok(text)
            })
        };
        Self {
            make: Arc::new(make),
            reads: claims::reads::<C>,
        }
    }

    /// The claims of a user, as the application has them now.
    pub(super) fn make(
        &self,
        user: &VerifiedUser,
    ) -> BoxFuture<'static, Result<ClaimsText, LoginError>> {
        (self.make)(user)
    }

    /// Whether the session has claims that the hook made, or others of the same type.
    pub(super) fn reads(&self, user: &VerifiedUser) -> bool {
        user.facts().claims_known.is_some() && (self.reads)(user.claims_text())
    }
}

/// The JSON of the application's data.
///
/// # Errors
/// `ClaimsUnfit` if a session cannot keep them. The log has their size, and never them.
pub(super) fn written<C: Serialize>(data: &C) -> Result<ClaimsText, LoginError> {
    let kind = LoginErrorKind::ClaimsUnfit;
    claims::written(data).map_err(|unfit| match unfit {
        Unfit::TooLong(bytes) => {
            let expected = format!("at most {} bytes of JSON", claims::LONGEST);
            LoginError::with_code(kind, "claims_too_long")
                .differing(Mismatch::new(&expected, &format!("{bytes} bytes")))
        }
        Unfit::NoJson => LoginError::with_code(kind, "claims_not_json"),
    })
}
