//! The settings in which the application has a say.

use std::{error::Error, future::Future, time::Duration};

use bytes::Bytes;
use http::Response;

use super::Builder;
use crate::{
    error::{Denied, refusal::Failure},
    hooks::{SignIn, Unlink},
    session::user::VerifiedUser,
};

impl Builder {
    /// Called when somebody has signed in, before the session begins; it may refuse. Default: nothing is called.
    ///
    /// Like any handler's, its future is dropped where it waits if the client goes away.
    ///
    /// Here an application keeps its own record of the user, under (provider, subject), or the provider's tokens.
    ///
    /// ```
    /// use tower_phone_auth::{Denied, OAuthLayer, SignIn};
    ///
    /// let builder = OAuthLayer::builder().on_sign_in(|SignIn { user, .. }| async move {
    ///     match user.phone.region().as_deref() {
    ///         Some("KR") => Ok(()),
    ///         _ => Err(Denied::new("Korean numbers only.", "한국 전화번호만 이용할 수 있습니다.")),
    ///     }
    /// });
    /// ```
    pub fn on_sign_in<F, T>(mut self, hook: F) -> Self
    where
        F: Fn(SignIn) -> T + Send + Sync + 'static,
        T: Future<Output = Result<(), Denied>> + Send + 'static,
    {
        self.settings.hooks.set_on_sign_in(hook);
        self
    }

    /// Called when somebody signs out. Default: nothing is called.
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

    /// Called when the provider says that a person took the link to this application away, or closed the account:
    /// here an application deletes what it must not keep. Default: nothing is called; the sessions end in any case.
    ///
    /// It runs in a task of its own, for [`hook_timeout`](Self::hook_timeout) at most, however soon the provider must be
    /// answered: after 2.5 seconds a hook that still runs is answered as a failure, and goes on. A provider that sends events
    /// again then gets the true outcome; a hook that failed is called again, one that succeeded is not. Kakao's unlink webhook
    /// and Naver's notice come once: for them, let the hook put the person into a queue that survives a restart. A process
    /// that ends takes the hook with it.
    ///
    /// Where the event has an identifier, replicas that share a [log](Self::revocation_log) know that it was handled, and so
    /// does the process after a restart with such a log. The hook may still run twice: if two replicas get the event at
    /// the same time, if a process ends during the hook, or without a log on another replica. Compare
    /// [`Unlink::at`](crate::Unlink::at) with your record of the person, which may belong to a later link. An error's text is
    /// not logged.
    ///
    /// ```
    /// use tower_phone_auth::{OAuthLayer, Unlink};
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

    /// Replaces any page or problem document that refuses something, where it gives a response: of a login, and of a
    /// request, be it a script's, htmx's or gRPC's. Default: our own.
    ///
    /// Cookies are set and deleted on it as on ours, no cache keeps it, and what clients read beside the body
    /// (`WWW-Authenticate`, `HX-Redirect`, `X-Inertia-Location`, `grpc-status`, CORS headers, `Vary`) is added where it is missing. A
    /// refusal stays one: a status below 400, as a new `Response` has, becomes that of our own answer, unless it is a redirect
    /// with a `Location`.
    ///
    /// ```
    /// use http::Response;
    /// use tower_phone_auth::{Cause, OAuthLayer};
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

    /// Lets in only those for whom `rule` holds, at the login and at every request. Default: everybody with a
    /// session. It is on the way of every request, so it should not wait or lock. Others get 403.
    ///
    /// ```
    /// use tower_phone_auth::OAuthLayer;
    ///
    /// let builder = OAuthLayer::builder().allow(|user| user.email_verified);
    /// ```
    pub fn allow(mut self, rule: impl Fn(&VerifiedUser) -> bool + Send + Sync + 'static) -> Self {
        self.settings.hooks.set_allow(rule);
        self
    }

    /// How long a hook may take. Default: 10 seconds. A login hook that takes longer refuses the login with 503.
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
