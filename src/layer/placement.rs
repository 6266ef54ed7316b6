//! The check of the layer's place, for a test of an application.

use std::{
    error::Error,
    fmt,
    future::{self, Future, IntoFuture},
    pin::Pin,
    sync::Arc,
};

use http::{Method, Request, Response, StatusCode};
use tower_service::Service;

use super::OAuthLayer;
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

/// A layer or a `require()` in the wrong place. The text names the cause and the remedy.
///
/// ```
/// use tower_phone_auth::layer::PlacementError;
///
/// fn is_about_require(error: &PlacementError) -> bool {
///     use PlacementError::{RequireOfOtherLayer, RequireOutside};
///     matches!(error, RequireOutside { .. } | RequireOfOtherLayer { .. })
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlacementError {
    /// A path of the layer, such as a callback, does not reach it. The status is the application's
    /// answer.
    #[non_exhaustive]
    OwnPathMissed {
        /// The path.
        path: String,
        /// The status of the application's answer.
        status: StatusCode,
    },
    /// A path of the layer reaches another layer of the same prefix.
    #[non_exhaustive]
    SharedPrefix {
        /// The path.
        path: String,
    },
    /// A page passes another layer that keeps its session under the same cookie name.
    #[non_exhaustive]
    SharedCookieName {
        /// The path of the page.
        path: String,
        /// The name of the cookie.
        name: String,
    },
    /// A `require()` is outside of its layer, or there is none.
    #[non_exhaustive]
    RequireOutside {
        /// The path of the route.
        path: String,
    },
    /// A `require()` is inside another layer than the one that made it.
    #[non_exhaustive]
    RequireOfOtherLayer {
        /// The path of the route.
        path: String,
    },
    /// A page that must pass the layer does not.
    #[non_exhaustive]
    Unprotected {
        /// The path of the page.
        path: String,
    },
    /// The application's service returned an error, or the path of a page is no path.
    #[non_exhaustive]
    Failed {
        /// The path of the request.
        path: String,
        /// The text of the error.
        error: String,
    },
}

impl fmt::Display for PlacementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const OWN: &str = "build one layer and clone it, or give each layer a prefix and a cookie_name of its own";

        match self {
            Self::OwnPathMissed { path, status } => write!(
                f,
                "{path} does not reach the layer, and the application answers it with {status}: add .layer(auth) last, after \
                 all routes, fallbacks, nested and merged routers, on the outermost router"
            ),
            Self::SharedPrefix { path } => {
                write!(
                    f,
                    "{path} reaches another OAuthLayer of the same prefix: {OWN}"
                )
            }
            Self::SharedCookieName { path, name } => {
                write!(
                    f,
                    "{path} is behind another OAuthLayer with the cookie name {name:?}: {OWN}"
                )
            }
            Self::RequireOutside { path } => write!(
                f,
                "at {path}, require() is outside of its OAuthLayer, or there is none, so no sign-in satisfies it: put the layer \
                 around it, as in .route_layer(auth.require()) and then .layer(auth) last, on the outermost router"
            ),
            Self::RequireOfOtherLayer { path } => write!(
                f,
                "at {path}, require() is inside another OAuthLayer than the one that made it, so no sign-in satisfies it: build \
                 the layer once, and put a clone of it around the route, inside of any other OAuthLayer"
            ),
            Self::Unprotected { path } => write!(
                f,
                "{path} does not pass the layer, so any client can open it: add its route before .layer(auth), which does not \
                 cover routes that are added afterwards"
            ),
            Self::Failed { path, error } => write!(f, "the service failed at {path}: {error}"),
        }
    }
}

impl Error for PlacementError {}
