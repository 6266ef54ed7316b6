//! The settings that call the application.

use std::{error::Error, future::Future, time::Duration};

use bytes::Bytes;
use http::Response;
use serde::Serialize;

use super::Builder;
use crate::{
    error::{SignInError, refusal::Failure},
    hooks::{AuthEvent, ProviderUser, SignIn, Unlink},
    session::user::VerifiedUser,
};

impl Builder {
    /// Called at the callback when the provider has signed a user in, before a
    /// [phone step](Self::phone_step). The hook gets the provider's tokens, which the layer does
    /// not keep during the step, and may refuse the user. Default: nothing is called.
    ///
    /// Without a phone step, [`on_sign_in`](Self::on_sign_in) is enough: it gets the tokens as
    /// well. Both are called if both are set, this one first. A repeated callback does not call it
    /// again, and a [recheck](Self::recheck_after) never does.
    ///
    /// The user may still fail to prove a number, so this hook must not create an account. It runs
    /// in a task of its own, for [`hook_timeout`](Self::hook_timeout) at most. An error refuses the
    /// sign-in, as one of [`on_sign_in`](Self::on_sign_in).
    ///
    /// ```
    /// use std::io;
    /// use tower_phone_auth::{hooks::ProviderUser, provider::ProviderTokens, OAuthLayer};
    ///
    /// async fn keep(provider: &str, subject: &str, tokens: &ProviderTokens) -> io::Result<()> {
    ///     Ok(()) // encrypts and stores them
    /// }
    ///
    /// let builder = OAuthLayer::builder().on_profile(|user: ProviderUser| async move {
    ///     keep(&user.provider, &user.subject, &user.tokens).await?;
    ///     Ok(())
    /// });
    /// ```
    pub fn on_profile<F, T>(mut self, hook: F) -> Self
    where
        F: Fn(ProviderUser) -> T + Send + Sync + 'static,
        T: Future<Output = Result<(), SignInError>> + Send + 'static,
    {
        self.settings.hooks.set_on_profile(hook);
        self
    }

    /// Called when a user has signed in at the provider, before the session begins. The hook may
    /// refuse the user. Default: nothing is called.
    ///
    /// The hook can store a record of the user, by (provider, subject), or the provider's tokens.
    /// It runs in a task of its own, for [`hook_timeout`](Self::hook_timeout) at most, and goes on
    /// if the client disconnects.
    ///
    /// The value that it returns is kept in the session, and
    /// [`VerifiedUser::claims`] reads it in every request: an id of the application, a role. It is
    /// JSON of at most 512 bytes, sealed in the session's cookie. `()` and `None` keep nothing, or
    /// leave the data to [`claims`](Self::claims), which can also make them anew later. A
    /// longer value refuses the sign-in with
    /// [`ClaimsUnfit`](crate::error::LoginErrorKind::ClaimsUnfit), and the log has its size.
    ///
    /// An error refuses the sign-in. [`Denied`](crate::hooks::Denied) is for a user who may not
    /// sign in. With `?`, any other error asks the user to try again later; see
    /// [`SignInError`].
    ///
    /// ```
    /// use std::io;
    /// use serde::{Deserialize, Serialize};
    /// use tower_phone_auth::{hooks::{Denied, SignIn}, OAuthLayer, Text};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Shop { customer: u64 }
    ///
    /// async fn customer(provider: &str, subject: &str) -> io::Result<u64> {
    ///     Ok(42) // asks the database
    /// }
    ///
    /// let builder = OAuthLayer::builder().on_sign_in(|SignIn { user, .. }| async move {
    ///     if user.phone.region().as_deref() != Some("KR") {
    ///         let reason = Text::en("Korean numbers only.").ko("한국 전화번호만 이용할 수 있습니다.");
    ///         return Err(Denied::new(reason).into());
    ///     }
    ///     Ok(Shop { customer: customer(&user.provider, &user.subject).await? })
    /// });
    /// ```
    pub fn on_sign_in<F, T, C>(mut self, hook: F) -> Self
    where
        F: Fn(SignIn) -> T + Send + Sync + 'static,
        T: Future<Output = Result<C, SignInError>> + Send + 'static,
        C: Serialize,
    {
        self.settings.hooks.set_on_sign_in(hook);
        self
    }

    /// Called when a user signs out. Default: nothing is called.
    ///
    /// ```
    /// use tower_phone_auth::OAuthLayer;
    ///
    /// let builder = OAuthLayer::builder().on_sign_out(|user| async move {
    ///     println!("{} left", user.subject);
    /// });
    /// ```
    pub fn on_sign_out<F, T>(mut self, hook: F) -> Self
    where
        F: Fn(VerifiedUser) -> T + Send + Sync + 'static,
        T: Future<Output = ()> + Send + 'static,
    {
        self.settings.hooks.set_on_sign_out(hook);
        self
    }

    /// Called when the provider reports that a user unlinked this application or closed the
    /// account. The application deletes the data that it must not keep. Default: nothing is called.
    /// The sessions end in any case.
    ///
    /// The hook runs in a task of its own, for [`hook_timeout`](Self::hook_timeout) at most. If it
    /// still runs after 2.5 seconds, the provider gets a failure, and the hook goes on. A provider
    /// that sends events again then gets the true outcome. A hook that failed is called again, and
    /// one that succeeded is not. Kakao's unlink webhook and Naver's notice come once. For them,
    /// let the hook put the user into a queue that survives a restart, because a process that ends
    /// takes the hook with it.
    ///
    /// If the event has an identifier, replicas that share a [log](Self::revocation_log) know that
    /// it was handled, and so does the process after a restart with such a log. The hook may still
    /// run twice: if two replicas get the event at the same time, if a process ends during the
    /// hook, or without a log on another replica. Compare [`Unlink::at`](crate::hooks::Unlink::at)
    /// with your record of the user, which may belong to a later link. An error's text is not
    /// logged.
    ///
    /// ```
    /// use tower_phone_auth::{hooks::Unlink, OAuthLayer};
    ///
    /// let builder = OAuthLayer::builder().on_unlink(|Unlink { provider, subject, at, .. }| async move {
    ///     delete_if_made_before(at, &provider, &subject).await?;
    ///     Ok(())
    /// });
    /// # use std::time::SystemTime;
    /// # async fn delete_if_made_before(_: SystemTime, _: &str, _: &str) -> std::io::Result<()> { Ok(()) }
    /// ```
    pub fn on_unlink<F, T>(mut self, hook: F) -> Self
    where
        F: Fn(Unlink) -> T + Send + Sync + 'static,
        T: Future<Output = Result<(), Box<dyn Error + Send + Sync>>> + Send + 'static,
    {
        self.settings.hooks.set_on_unlink(hook);
        self
    }

    /// Replaces the page or the problem document of a refused sign-in or request, if the hook
    /// returns a response. Default: the layer's own.
    ///
    /// The layer adds its cookies and `Cache-Control` as to its own responses. Headers that clients
    /// read beside the body (`WWW-Authenticate`, `HX-Redirect`, `X-Inertia-Location`,
    /// `grpc-status`, CORS headers, `Vary`) are added if they are missing. A refusal stays a
    /// refusal. A status below 400, as a new `Response` has, becomes that of the layer's own
    /// response, unless it is a redirect with a `Location`.
    ///
    /// ```
    /// use http::Response;
    /// use tower_phone_auth::{hooks::Cause, OAuthLayer};
    ///
    /// let builder = OAuthLayer::builder().on_failure(|failure| {
    ///     let Cause::Login(error) = failure.cause else { return None };
    ///     let page = format!("Sorry, {}. Try again at {}", error.kind(), failure.retry);
    ///     Response::builder().header("content-type", "text/plain").body(page.into()).ok()
    /// });
    /// ```
    pub fn on_failure<F>(mut self, hook: F) -> Self
    where
        F: Fn(&Failure<'_>) -> Option<Response<Bytes>> + Send + Sync + 'static,
    {
        self.settings.hooks.set_on_failure(hook);
        self
    }

    /// Accepts only users for whom `rule` returns true, at the sign-in and in every request. Others
    /// get 403. Default: all users with a session. The rule runs in every request, so it should not
    /// block or lock.
    ///
    /// ```
    /// use tower_phone_auth::OAuthLayer;
    ///
    /// let builder = OAuthLayer::builder().allow(|user| user.email_verified());
    /// ```
    pub fn allow(mut self, rule: impl Fn(&VerifiedUser) -> bool + Send + Sync + 'static) -> Self {
        self.settings.hooks.set_allow(rule);
        self
    }

    /// Called for each [event](AuthEvent), for the metrics of the application. Default: nothing is
    /// called, and no event is made.
    ///
    /// The hook runs on the path of the request, so it should only count. It must not block, lock
    /// for long, or panic. A request of a signed-in user has an event only if its session is
    /// renewed.
    ///
    /// ```
    /// use std::sync::{Arc, atomic::{AtomicU64, Ordering}};
    /// use tower_phone_auth::{hooks::AuthEvent, OAuthLayer};
    ///
    /// let sign_ins = Arc::new(AtomicU64::new(0));
    /// let counter = Arc::clone(&sign_ins);
    /// let builder = OAuthLayer::builder().on_event(move |event| match event {
    ///     AuthEvent::SignedIn { .. } => drop(counter.fetch_add(1, Ordering::Relaxed)),
    ///     AuthEvent::Refused { kind, .. } => eprintln!("refused: {kind}"),
    ///     _ => {}
    /// });
    /// ```
    pub fn on_event(mut self, hook: impl Fn(&AuthEvent<'_>) + Send + Sync + 'static) -> Self {
        self.settings.hooks.set_on_event(hook);
        self
    }

    /// The time that a hook may take. Default: 10 seconds. If a sign-in hook takes longer, the
    /// sign-in is refused with 503.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().hook_timeout(Duration::from_secs(2));
    /// ```
    pub fn hook_timeout(mut self, limit: Duration) -> Self {
        self.settings.hooks.set_limit(limit);
        self
    }
}
