//! The check of the layer's place, for a test of an application.

use std::{
    fmt,
    future::{self, Future, IntoFuture},
    pin::Pin,
    sync::Arc,
};

use http::{Method, Request, Response, StatusCode};
use tower_service::Service;

use super::{OAuthLayer, placement_error::PlacementError};
use crate::{
    flow::{Flow, Probe, Sighting},
    web::request_body::BoxError,
};

impl OAuthLayer {
    /// Checks that the layer is in the right place in `app`, for one test of the application. It
    /// sends requests for the layer's own paths and for pages through the service, and looks which
    /// layers and which [`require`](Self::require) they pass. No sign-in begins, and no provider is
    /// called.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, layer::PlacementError};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let auth = OAuthLayer::new(Kakao::new("key", "secret"), "http://127.0.0.1:3000", SessionKey::random())?;
    /// let routes = || Router::new().route("/", get(|| async { "home" }));
    ///
    /// let app = routes().fallback(|| async { "not found" }).layer(auth.clone());
    /// auth.check_placement(&app).pages(["/"]).await?;
    ///
    /// let app = routes().layer(auth.clone()).fallback(|| async { "not found" });
    /// let error = auth.check_placement(&app).await.unwrap_err();
    /// assert!(matches!(error, PlacementError::OwnPathMissed { .. }));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The requests have a body of type `String`, which axum takes. A service of another type of
    /// body is mapped first, as in
    /// `tower::ServiceExt::map_request(app, |request: Request<String>| request.map(Full::from))`.
    ///
    /// Routes that a page of [`pages`](PlacementCheck::pages) does not name are not checked.
    pub fn check_placement<'a, S>(&'a self, app: &'a S) -> PlacementCheck<'a, S> {
        PlacementCheck {
            flow: &self.flow,
            app,
            pages: Vec::new(),
        }
    }
}

/// A check of the layer's place, made by [`OAuthLayer::check_placement`]. It runs when it is
/// awaited.
///
/// ```
/// use axum::Router;
/// use tower_phone_auth::{OAuthLayer, layer::PlacementError};
///
/// async fn check(auth: &OAuthLayer, app: &Router) -> Result<(), PlacementError> {
///     auth.check_placement(app).pages(["/", "/orders"]).await
/// }
/// ```
#[must_use = "the check runs when it is awaited"]
pub struct PlacementCheck<'a, S> {
    flow: &'a Arc<Flow>,
    app: &'a S,
    pages: Vec<String>,
}

impl<S> PlacementCheck<'_, S> {
    /// Paths that must pass the layer, such as those with a [`require`](OAuthLayer::require).
    /// Default: none. The start page is looked at in any case, and may be outside of the layer.
    ///
    /// The requests have the method `PLACEMENT-CHECK`, which routes for other methods refuse. A
    /// handler that takes any method is called without a user.
    ///
    /// ```no_run
    /// # async fn example(auth: tower_phone_auth::OAuthLayer, app: axum::Router) -> Result<(), tower_phone_auth::layer::PlacementError> {
    /// auth.check_placement(&app).pages(["/", "/orders", "/pay"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages<P: Into<String>>(mut self, pages: impl IntoIterator<Item = P>) -> Self {
        self.pages.extend(pages.into_iter().map(Into::into));
        self
    }
}

impl<S> fmt::Debug for PlacementCheck<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlacementCheck")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}

impl<'a, S, R: 'a> IntoFuture for PlacementCheck<'a, S>
where
    S: Service<Request<String>, Response = Response<R>, Error: Into<BoxError>> + Clone,
{
    type Output = Result<(), PlacementError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<S, R> PlacementCheck<'_, S>
where
    S: Service<Request<String>, Response = Response<R>, Error: Into<BoxError>> + Clone,
{
    async fn run(self) -> Result<(), PlacementError> {
        for path in self.flow.own_paths() {
            let (status, sightings) = self.send(Method::GET, &path).await?;
            self.check_own_path(path, status, &sightings)?;
        }
        let method = Method::from_bytes(b"PLACEMENT-CHECK").unwrap_or(Method::OPTIONS);
        let home = [String::from("/")];
        for path in home.iter().chain(&self.pages) {
            let (_, sightings) = self.send(method.clone(), path).await?;
            check_require(path, &sightings)?;
            self.check_cookie(path, &sightings)?;
            if self.pages.contains(path) && !sightings.iter().any(|seen| self.is_this(seen)) {
                let path = path.clone();
                return Err(PlacementError::Unprotected { path });
            }
        }
        Ok(())
    }

    /// Sends a request, and returns the status of the answer and the parts that it has passed.
    async fn send(
        &self,
        method: Method,
        path: &str,
    ) -> Result<(StatusCode, Vec<Sighting>), PlacementError> {
        let failed = |error: BoxError| PlacementError::Failed {
            path: path.to_owned(),
            error: error.to_string(),
        };
        let probe = Probe::new();
        let request = Request::builder().method(method).uri(path);
        let request = request.extension(probe.clone()).body(String::new());
        let request = request.map_err(|error| failed(error.into()))?;
        let mut app = self.app.clone();
        let is_ready = future::poll_fn(|cx| app.poll_ready(cx)).await;
        is_ready.map_err(|error| failed(error.into()))?;
        let response = app.call(request).await;
        let response = response.map_err(|error| failed(error.into()))?;
        Ok((response.status(), probe.sightings()))
    }

    /// Whether a part is this very layer.
    fn is_this(&self, seen: &Sighting) -> bool {
        matches!(seen, Sighting::Layer(flow) if Arc::ptr_eq(flow, self.flow))
    }

    fn check_own_path(
        &self,
        path: String,
        status: StatusCode,
        sightings: &[Sighting],
    ) -> Result<(), PlacementError> {
        check_require(&path, sightings)?;
        // The last layer is the one that has answered.
        let layers = sightings.iter().rev();
        let mut layers = layers.filter(|seen| matches!(seen, Sighting::Layer(_)));
        match layers.next() {
            Some(last) if self.is_this(last) => Ok(()),
            Some(_) if status == StatusCode::NO_CONTENT => {
                Err(PlacementError::SharedPrefix { path })
            }
            Some(_) | None => Err(PlacementError::OwnPathMissed { path, status }),
        }
    }

    fn check_cookie(&self, path: &str, sightings: &[Sighting]) -> Result<(), PlacementError> {
        let shares = |seen: &Sighting| match seen {
            Sighting::Layer(flow) => !self.is_this(seen) && flow.has_cookie_name_of(self.flow),
            _ => false,
        };
        if !sightings.iter().any(shares) {
            return Ok(());
        }
        Err(PlacementError::SharedCookieName {
            path: path.to_owned(),
            name: self.flow.cookie_name().to_owned(),
        })
    }
}

/// Checks each `require()` that a request has passed.
fn check_require(path: &str, sightings: &[Sighting]) -> Result<(), PlacementError> {
    let path = || path.to_owned();
    sightings.iter().try_for_each(|seen| match seen {
        Sighting::RequireOutside => Err(PlacementError::RequireOutside { path: path() }),
        Sighting::RequireOfOtherLayer => Err(PlacementError::RequireOfOtherLayer { path: path() }),
        Sighting::Layer(_) | Sighting::Require => Ok(()),
    })
}
