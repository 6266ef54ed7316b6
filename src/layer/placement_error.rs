//! The faults that the check of the layer's place finds.

use std::{error::Error, fmt};

use http::StatusCode;

/// A layer or a `require()` in the wrong place. The text names the cause and the remedy.
/// `Debug` shows the same text, because a test that returns the error prints it by `Debug`.
///
/// ```
/// use tower_phone_auth::layer::PlacementError;
///
/// fn is_about_require(error: &PlacementError) -> bool {
///     use PlacementError::{RequireOfOtherLayer, RequireOutside};
///     matches!(error, RequireOutside { .. } | RequireOfOtherLayer { .. })
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
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

impl fmt::Debug for PlacementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for PlacementError {}
