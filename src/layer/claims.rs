//! The application's own data of a session: the hook that makes them, and the request for new ones.

use std::future::Future;

use serde::{Serialize, de::DeserializeOwned};

use super::{Builder, OAuthLayer};
use crate::{error::SignInError, flow::RefreshClaimsError, session::user::VerifiedUser};

impl Builder {
    /// Makes the application's own data of a session, its claims, which
    /// [`VerifiedUser::claims`] reads. Default: none.
    ///
    /// It is called at a sign-in for which [`on_sign_in`](Self::on_sign_in) returned no data, and
    /// again when the claims of a session are old: after [`OAuthLayer::refresh_claims`], or if the
    /// type `C` does not read them, as after a new version of the application, or if the session
    /// has none. The limits of `on_sign_in` hold: 512 bytes of JSON, and
    /// [`hook_timeout`](Self::hook_timeout).
    ///
    /// A request with old claims does not reach the application. If a user reads the answer, as in
    /// a page visit or after a form, it is 307 to the same address, and the browser sends the
    /// request once more, with its body. Any other request gets 401 with the reason `claims`
    /// ([`Reason::Claims`](crate::hooks::Reason::Claims)). Both carry the session with new claims,
    /// and the user stays signed in. Requests of one session at the same time share one call of the
    /// hook, which goes on if their clients leave. A client that repeats its old cookie gets the
    /// claims of that call for one minute, unless new ones are asked for.
    ///
    /// [`Denied`](crate::hooks::Denied) refuses such a request with 403, any other error with 503.
    /// The session stays. The hook is not called again for this session for one second, then two,
    /// and up to thirty; until then its requests get the same answer, and `Retry-After` says the
    /// rest. [`OAuthLayer::refresh_claims`] ends the pause. A panic of the hook counts as a failure.
    /// Each failed call has one line in the log, within [its limits](crate::audit::AUDIT_TARGET),
    /// also if its client has left. At most 1,024 sessions have such a pause at once. If the hook
    /// fails for more, it is called for at most 32 further sessions each second, and the others get
    /// 503.
    ///
    /// On a [public](Self::public) path, such a request passes without the user if the hook fails,
    /// and always if no window shows its answer. A handler that needs the user gets the answer of a
    /// protected path.
    ///
    /// While two versions of the application run side by side, each must read the claims of the
    /// other, as with `#[serde(default)]` for a new member. Otherwise they replace each other's
    /// claims. After three times within ten seconds of each other, the browser gets 503 and the log
    /// `claims_of_two_versions`, so that it does not go in circles.
    ///
    /// ```
    /// use std::io;
    /// use serde::{Deserialize, Serialize};
    /// use tower_phone_auth::{OAuthLayer, VerifiedUser};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Shop { customer: u64, is_staff: bool }
    ///
    /// async fn shop(user: VerifiedUser) -> io::Result<Shop> {
    ///     Ok(Shop { customer: 42, is_staff: false }) // asks the database
    /// }
    ///
    /// let builder = OAuthLayer::builder().claims(async |user| Ok(shop(user).await?));
    /// ```
    pub fn claims<F, T, C>(mut self, hook: F) -> Self
    where
        F: Fn(VerifiedUser) -> T + Send + Sync + 'static,
        T: Future<Output = Result<C, SignInError>> + Send + 'static,
        C: Serialize + DeserializeOwned,
    {
        self.settings.hooks.set_claims(hook);
        self
    }
}

impl OAuthLayer {
    /// Asks for new [claims](Builder::claims) in every session of a user, as after a change of the
    /// user's role. `provider` is the name of the provider in this layer and `subject` the user's
    /// identifier there, as in [`VerifiedUser`]. No session ends.
    ///
    /// Change the data first, then call this. Claims that were made before the call count as old
    /// from then on. With a [log](Builder::revocation_log), other replicas know it within a second.
    /// A layer without [`Builder::claims`], such as that of a program for administrators, tells the
    /// others and leaves its own sessions as they are.
    ///
    /// ```no_run
    /// # async fn example(auth: tower_phone_auth::OAuthLayer) -> Result<(), tower_phone_auth::layer::RefreshClaimsError> {
    /// auth.refresh_claims("kakao", "1376016924429759228").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the provider is unknown, or if the subject has more than 255 bytes. Also if the log did
    /// not accept the entry. It is then in effect on this replica, and the layer retries.
    pub async fn refresh_claims(
        &self,
        provider: &str,
        subject: &str,
    ) -> Result<(), RefreshClaimsError> {
        self.flow.refresh_claims(provider, subject).await
    }
}
