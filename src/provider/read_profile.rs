//! The application's part of a [`CustomProvider`](crate::CustomProvider): reading the profile.

use std::{
    fmt,
    future::Future,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use url::Url;

use super::{
    callback_parameters::CallbackParameters, json, profile::Profile, tokens::ProviderTokens,
};
use crate::{
    error::{FailedCall, LoginErrorKind, ProviderError},
    http_client::{BoxFuture, CallName, HttpClient},
    web::origin::is_safe,
};

/// Reads the user's profile at a provider without OpenID Connect, in one or several requests. A
/// profile in one request has a short form, [`ProfileRequest`].
///
/// The time limit, the limit on calls at once, the circuit breaker and the limit on the size of
/// answers hold for these requests as for all others of the provider. The [time
/// limit](crate::Builder::provider_timeout) also ends a reader that waits for something else. An
/// answer is untrusted input, so check the types of its members.
///
/// ```
/// use bytes::Bytes;
/// use http::Request;
/// use serde_json::Value;
/// use tower_phone_auth::{
///     error::{LoginErrorKind, ProviderError},
///     phone::PhoneAssurance,
///     provider::{Profile, ProfileContext, ReadProfile},
/// };
///
/// struct Club;
///
/// impl ReadProfile for Club {
///     async fn read_profile(&self, context: ProfileContext<'_>) -> Result<Profile, ProviderError> {
///         let me = member(&context, "https://api.club.example/me").await?;
///         let id = me["id"].as_str().ok_or(LoginErrorKind::InvalidAnswer)?;
///         let contact = member(&context, "https://api.club.example/contact").await?;
///         Ok(match contact["phone"].as_str() {
///             Some(phone) => Profile::new(id, phone, PhoneAssurance::Asserted),
///             None => Profile::without_phone(id, LoginErrorKind::PhoneNotOnAccount),
///         })
///     }
/// }
///
/// async fn member(context: &ProfileContext<'_>, address: &str) -> Result<Value, ProviderError> {
///     let token = context.tokens().access_token();
///     let request = Request::get(address)
///         .header("authorization", format!("Bearer {token}"))
///         .body(Bytes::new())?;
///     let answer = context.send(request).await?;
///     serde_json::from_slice(answer.body()).map_err(|_| LoginErrorKind::InvalidAnswer.into())
/// }
/// ```
pub trait ReadProfile: Send + Sync + 'static {
    /// The profile of the user who has just signed in. For a user without a number, return
    /// [`Profile::without_phone`]. An error names no user. The [phone
    /// step](crate::Builder::phone_step) therefore cannot follow it, and the log has one warning.
    /// [`LoginErrorKind::PhoneNotShared`], as the reason or as the error, makes the layer ask the
    /// user for consent once more.
    ///
    /// # Errors
    ///
    /// The cause, which decides the page and the status. A [`LoginErrorKind`] converts into it.
    fn read_profile(
        &self,
        context: ProfileContext<'_>,
    ) -> impl Future<Output = Result<Profile, ProviderError>> + Send;
}

/// The short form of [`ReadProfile`], for a profile in the answer to one request. Both functions
/// are synchronous.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, StatusCode};
/// use tower_phone_auth::{
///     error::LoginErrorKind,
///     phone::PhoneAssurance,
///     provider::{Profile, ProfileRequest},
/// };
///
/// struct Club;
///
/// impl ProfileRequest for Club {
///     fn request(&self, access_token: &str) -> http::Result<Request<Bytes>> {
///         Request::get("https://api.club.example/me")
///             .header("authorization", format!("Bearer {access_token}"))
///             .body(Bytes::new())
///     }
///
///     fn read(&self, status: StatusCode, body: &[u8]) -> Result<Profile, LoginErrorKind> {
///         let me: serde_json::Value =
///             serde_json::from_slice(body).map_err(|_| LoginErrorKind::InvalidAnswer)?;
///         let id = me["id"].as_str().ok_or(LoginErrorKind::InvalidAnswer)?;
///         Ok(match me["phone"].as_str() {
///             Some(phone) => Profile::new(id, phone, PhoneAssurance::Asserted),
///             None => Profile::without_phone(id, LoginErrorKind::PhoneNotOnAccount),
///         })
///     }
/// }
///
/// let answer = br#"{"id": "7", "phone": "+82 10-1234-5678"}"#;
/// assert!(Club.read(StatusCode::OK, answer).is_ok());
/// ```
pub trait ProfileRequest: Send + Sync + 'static {
    /// The request for the profile. Its URL must be https, or http on loopback, because the request
    /// carries the token. The token consists of visible ASCII characters.
    ///
    /// # Errors
    ///
    /// If the request cannot be built. The sign-in is then refused.
    fn request(&self, access_token: &str) -> http::Result<Request<Bytes>>;

    /// The profile in the response, by [`Profile::without_phone`] for a user without a number; see
    /// [`ReadProfile::read_profile`]. [`LoginErrorKind::PhoneNotShared`] makes the layer ask the
    /// user for consent a second time, once.
    ///
    /// # Errors
    ///
    /// The cause, which decides the page and the status.
    fn read(&self, status: StatusCode, body: &[u8]) -> Result<Profile, LoginErrorKind>;
}

impl<T: ProfileRequest> ReadProfile for T {
    async fn read_profile(&self, context: ProfileContext<'_>) -> Result<Profile, ProviderError> {
        let request = self.request(context.tokens().access_token())?;
        let response = context.send(request).await?;
        Ok(self.read(response.status(), response.body())?)
    }
}

/// A reader behind a pointer, which a trait with an async function cannot be.
pub(super) trait Reader: Send + Sync {
    fn read<'a>(
        &'a self,
        context: ProfileContext<'a>,
    ) -> BoxFuture<'a, Result<Profile, ProviderError>>;
}

impl<T: ReadProfile> Reader for T {
    fn read<'a>(
        &'a self,
        context: ProfileContext<'a>,
    ) -> BoxFuture<'a, Result<Profile, ProviderError>> {
        Box::pin(self.read_profile(context))
    }
}

/// The sign-in whose profile a [`ReadProfile`] reads: the tokens, the parameters of the callback,
/// and the HTTP client.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, header::AUTHORIZATION};
/// use tower_phone_auth::{
///     error::{LoginErrorKind, ProviderError},
///     provider::ProfileContext,
/// };
///
/// async fn profile(context: &ProfileContext<'_>) -> Result<Bytes, ProviderError> {
///     let token = context.tokens().access_token();
///     let request = Request::get("https://club.example/me");
///     let request = request.header(AUTHORIZATION, format!("Bearer {token}"));
///     let request = request.body(Bytes::new());
///     let request = request.map_err(|_| LoginErrorKind::InvalidAnswer)?;
///     Ok(context.send(request).await?.into_body())
/// }
/// ```
pub struct ProfileContext<'a> {
    http: &'a dyn HttpClient,
    tokens: &'a ProviderTokens,
    callback: &'a CallbackParameters,
    /// The call that was answered last, which an error of the reader is probably about.
    last: &'a Mutex<Option<FailedCall>>,
}

impl<'a> ProfileContext<'a> {
    pub(super) fn new(
        http: &'a dyn HttpClient,
        tokens: &'a ProviderTokens,
        callback: &'a CallbackParameters,
        last: &'a Mutex<Option<FailedCall>>,
    ) -> Self {
        Self {
            http,
            tokens,
            callback,
            last,
        }
    }

    /// The tokens of this sign-in.
    ///
    /// ```
    /// use tower_phone_auth::provider::ProfileContext;
    ///
    /// fn bearer(context: &ProfileContext<'_>) -> String {
    ///     format!("Bearer {}", context.tokens().access_token())
    /// }
    /// ```
    #[must_use]
    pub fn tokens(&self) -> &ProviderTokens {
        self.tokens
    }

    /// A parameter of the callback, such as the `device_id` of VK ID. `None` if the callback does
    /// not have it, has it several times, or if it has more than 4,096 bytes. A user can change it,
    /// so it proves nothing.
    ///
    /// ```
    /// use tower_phone_auth::provider::ProfileContext;
    ///
    /// fn device<'a>(context: &'a ProfileContext<'_>) -> Option<&'a str> {
    ///     context.callback("device_id")
    /// }
    /// ```
    #[must_use]
    pub fn callback(&self, name: &str) -> Option<&str> {
        self.callback.value(name)
    }

    /// Sends a request by the layer's [`HttpClient`], within the limits of this provider. Its URL
    /// must be https, or http on loopback, because the request carries a token. A redirect is not
    /// followed.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use http::{Request, header::AUTHORIZATION};
    /// use tower_phone_auth::{
    ///     error::{LoginErrorKind, ProviderError},
    ///     provider::ProfileContext,
    /// };
    ///
    /// async fn profile(context: &ProfileContext<'_>) -> Result<Bytes, ProviderError> {
    ///     let token = context.tokens().access_token();
    ///     let request = Request::get("https://club.example/me");
    ///     let request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    ///     let request = request.body(Bytes::new());
    ///     let request = request.map_err(|_| LoginErrorKind::InvalidAnswer)?;
    ///     Ok(context.send(request).await?.into_body())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// If the URL is not safe, if there is no answer, or if the answer is a redirect or too large.
    /// Return the error as it is.
    pub async fn send(
        &self,
        mut request: Request<Bytes>,
    ) -> Result<Response<Bytes>, ProviderError> {
        let uri = Url::parse(&request.uri().to_string());
        if !uri.is_ok_and(|uri| is_safe(&uri)) {
            return Err(LoginErrorKind::Misconfigured.into());
        }
        request.extensions_mut().insert(CallName::Profile);
        let response = self.http.send(request).await?;
        let call = json::call(&response);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(call);
        if response.status().is_redirection() {
            return Err(LoginErrorKind::ProviderUnavailable.into());
        }
        Ok(response)
    }
}

/// Shows the names of the callback's parameters. Tokens and values are left out.
impl fmt::Debug for ProfileContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProfileContext")
            .field("callback", &self.callback)
            .finish_non_exhaustive()
    }
}
