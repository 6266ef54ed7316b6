//! Requests that authenticate the client: the code exchange (RFC 6749 section 4.1.3), pushed
//! authorization requests (RFC 9126) and token revocation (RFC 7009).
//!
//! A request is sent once, because a code is valid once. There is one exception. If neither the
//! settings nor the metadata fix the authentication method, a response that refuses the client
//! itself is followed by one attempt with the other method. Such a response leaves the code unused,
//! because the server authenticates the client before it reads the code (RFC 6749 section 4.1.3).
//! `method.rs` decides which responses are of this kind, and remembers the method that worked.

use std::{borrow::Cow, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use form_urlencoded::byte_serialize;
use http::{
    Request, Response,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use oauth2::{AuthorizationCode, RequestTokenError};
use secrecy::ExposeSecret;
use url::Url;

use super::{
    ClientAuth, CodeExchange,
    client::{Client, verifier},
    issued::Tokens,
    method,
    token::{Failure, TokenError, Transport},
};
use crate::{
    error::{LoginErrorKind, ProviderError},
    http_client::CallName,
};

impl Client {
    /// Exchanges the code for tokens. `extra` are further parameters of the form. `refused` maps
    /// the provider's error response to an error of this crate. At most two requests are sent.
    pub(super) async fn exchange(
        &self,
        exchange: CodeExchange<'_>,
        extra: &[(&str, &str)],
        refused: fn(&TokenError) -> ProviderError,
    ) -> Result<Tokens, ProviderError> {
        let used = self.method.current();
        let first = match self.redeem(used, exchange, extra).await {
            Err(Failure::Refused(error)) => error,
            Err(Failure::NoAnswer(error)) => return Err(error),
            Ok(tokens) => return Ok(tokens),
        };
        let other = self.method.other(used);
        // Only a response that refuses the client leaves the code unused. After any other error a
        // second request could only report that the code is used up.
        let Some(other) = other.filter(|_| method::is_about_the_client(&first)) else {
            return Err(first.refusal(refused));
        };
        match self.redeem(other, exchange, extra).await {
            Ok(tokens) => {
                self.method.learn(other);
                Ok(tokens)
            }
            // Both methods are refused. The first one was announced or set, so its error is the
            // useful one.
            Err(Failure::Refused(error)) if method::is_about_the_client(&error) => {
                Err(first.refusal(refused))
            }
            Err(Failure::Refused(error)) => Err(error.refusal(refused)),
            Err(Failure::NoAnswer(error)) => Err(error),
        }
    }

    /// One token request with this authentication method. `Failure` says whether the provider has
    /// refused it.
    async fn redeem(
        &self,
        method: ClientAuth,
        exchange: CodeExchange<'_>,
        extra: &[(&str, &str)],
    ) -> Result<Tokens, Failure> {
        let code = AuthorizationCode::new(exchange.code.expose_secret().to_owned());
        let oauth = match method {
            ClientAuth::Basic => &self.basic,
            ClientAuth::Body => &self.body,
        };
        let mut request = oauth.exchange_code(code);
        for (name, value) in extra {
            request = request.add_extra_param(*name, *value);
        }
        for (name, value) in self.assertion().into_iter().flatten() {
            request = request.add_extra_param(name, value);
        }
        if self.pkce {
            request = request.set_pkce_verifier(verifier(exchange.code_verifier));
        }
        let transport = Transport(Arc::clone(&self.http));
        // `RequestTokenError` is matched here and never logged, because its `Debug` output contains
        // the body, and so the tokens.
        match request.request_async(&transport).await {
            Ok(answer) if answer.is_usable() => Ok(answer.into()),
            Err(RequestTokenError::Request(Failure::Refused(error))) => {
                let error = self.without_sent(*error, exchange);
                Err(Failure::Refused(Box::new(error)))
            }
            Err(RequestTokenError::Request(failure)) => Err(failure),
            // A response that `oauth2` cannot read, or a token that fits into no header.
            _ => Err(ProviderError::new(LoginErrorKind::InvalidAnswer).into()),
        }
    }

    /// The error without a value that this request has sent. A provider may put the code into the
    /// name of its error.
    fn without_sent(&self, error: TokenError, exchange: CodeExchange<'_>) -> TokenError {
        let secret = self.secret.as_ref().map(ExposeSecret::expose_secret);
        error.without(&[
            exchange.code.expose_secret(),
            exchange.code_verifier.expose_secret(),
            secret.unwrap_or_default(),
        ])
    }

    /// Posts a form that authenticates the client, for requests that `oauth2` does not have. As in
    /// the exchange, the other authentication method is tried if the response refuses the client.
    pub(super) async fn post<'p>(
        &self,
        endpoint: (CallName, &Url),
        pairs: impl Iterator<Item = (Cow<'p, str>, Cow<'p, str>)>,
    ) -> Result<Response<Bytes>, ProviderError> {
        let pairs: Vec<_> = pairs.collect();
        let used = self.method.current();
        let first = self.send(used, endpoint, &pairs).await?;
        let other = self.method.other(used);
        let Some(other) = other.filter(|_| method::refuses_the_client(&first)) else {
            return Ok(first);
        };
        let second = self.send(other, endpoint, &pairs).await?;
        // The second method counts as right only after a success, not after another kind of error.
        if second.status().is_success() {
            self.method.learn(other);
        }
        Ok(match method::refuses_the_client(&second) {
            true => first,
            false => second,
        })
    }

    /// One request with this authentication method.
    async fn send(
        &self,
        method: ClientAuth,
        endpoint: (CallName, &Url),
        pairs: &[(Cow<'_, str>, Cow<'_, str>)],
    ) -> Result<Response<Bytes>, ProviderError> {
        let request = self.form(method, endpoint, pairs);
        let request = request.map_err(|_| ProviderError::new(LoginErrorKind::InvalidAnswer))?;
        Ok(self.http.send(request).await?)
    }

    /// The request for this authentication method. A client without a secret sends its assertion,
    /// or only its id.
    fn form(
        &self,
        method: ClientAuth,
        (call, endpoint): (CallName, &Url),
        pairs: &[(Cow<'_, str>, Cow<'_, str>)],
    ) -> http::Result<Request<Bytes>> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        // An authorization request has a `client_id`, and so has a pushed one (RFC 9126 section
        // 2.1), even if the `Authorization` header repeats it. It is appended once.
        form.extend_pairs(pairs.iter().filter(|(name, _)| name != "client_id"));
        form.append_pair("client_id", self.id());
        let mut request = Request::post(endpoint.as_str())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json")
            .extension(call);
        match &self.secret {
            Some(secret) if method == ClientAuth::Basic => {
                request = request.header(AUTHORIZATION, basic(self.id(), secret.expose_secret()));
            }
            secret => {
                form.extend_pairs(secret.iter().map(|s| ("client_secret", s.expose_secret())));
                form.extend_pairs(self.assertion().into_iter().flatten());
            }
        }
        request.body(Bytes::from(form.finish()))
    }
}

/// The value of `Authorization`. RFC 6749 section 2.3.1 requires that both parts are form-encoded
/// first, so that a colon in the id is unambiguous.
fn basic(id: &str, secret: &str) -> String {
    let encode = |text: &str| -> String { byte_serialize(text.as_bytes()).collect() };
    let pair = format!("{}:{}", encode(id), encode(secret));
    format!("Basic {}", STANDARD.encode(pair))
}
