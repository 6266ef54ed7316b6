//! The settings of requests: which need a sign-in, and how they reach the application.

use std::sync::Arc;

use http::HeaderValue;

use super::Builder;
use crate::config::DefaultCaching;

impl Builder {
    /// Paths that need no sign-in. A pattern is exact, or has `{name}` for one segment and
    /// `{*rest}` for all further ones. A method before it, as in `"GET /prices"`, restricts it to
    /// that method. Default: none, every path is protected.
    ///
    /// If a user is signed in, the `VerifiedUser` is in the extensions on public paths as well, and
    /// a handler takes `Option<VerifiedUser>`. There is no other setting for paths where a sign-in
    /// is optional.
    ///
    /// A pattern does not know the routes of the application. `/items/{id}` also makes
    /// `/items/export` public, even if the router has a route of its own for it. An exception, with
    /// `!` before it, keeps a path protected. It has precedence over every pattern, in any order.
    /// An exception for GET holds for HEAD as well.
    ///
    /// `/favicon.ico` is public for GET and HEAD without a pattern, because browsers request it
    /// beside every page, also beside the sign-in page. The application answers it, with its icon
    /// or a 404. `"!/favicon.ico"` protects it.
    ///
    /// A path counts as public only in its plain notation. Percent-encoded letters, dots or
    /// slashes, dot segments and empty segments make it a protected one.
    ///
    /// Letters that are not ASCII may be written as they are or encoded: `/한글` stands for the path
    /// that browsers send, `/%ED%95%9C%EA%B8%80` in upper case. No other notation counts, because a
    /// router may treat it as another path. Exceptions hold in every notation.
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder()
    ///     .public(["/healthz", "/assets/{*rest}", "GET /prices", "/items/{id}", "!/items/export"]);
    /// ```
    pub fn public<P: Into<String>>(mut self, patterns: impl IntoIterator<Item = P>) -> Self {
        self.settings
            .public
            .extend(patterns.into_iter().map(Into::into));
        self
    }

    /// Other origins whose pages call this application with the user's session, such as
    /// `https://app.example.com`. Default: none.
    ///
    /// Their pages may read a 401 and its `login_url`, and send [unsafe
    /// requests](Self::cross_site_allowed). A script of an origin of the same site may also sign the
    /// user out, by `fetch("https://shop.example.com/auth/logout", {method: "POST", credentials:
    /// "include"})`, and reads 204, or 202 if not all replicas know it yet. A script of another site
    /// cannot, because browsers do not send it the session's cookie (`SameSite=Lax`). Their preflights on protected paths are answered by the
    /// layer: 204, with the method and the header names that were asked for, good for 600 seconds.
    /// The wrapped service never sees them, since they carry no session ([Fetch, CORS
    /// protocol](https://fetch.spec.whatwg.org/#http-cors-protocol)). On [public](Self::public)
    /// paths preflights reach the application. The application's CORS layer, inside or outside of
    /// this one, answers those, and sets the CORS headers of the application's responses. This
    /// layer adds none to them.
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().cors_origins(["https://app.example.com"]);
    /// ```
    pub fn cors_origins<O: Into<String>>(mut self, origins: impl IntoIterator<Item = O>) -> Self {
        self.settings
            .cors_origins
            .extend(origins.into_iter().map(Into::into));
        self
    }

    /// Paths where requests from other origins may act with the user's session, as
    /// [`public`](Self::public) writes them. Default: none.
    ///
    /// On other paths, a request that a page of another origin sends with a session is refused, if
    /// it is a WebSocket handshake or has another method than GET, HEAD, OPTIONS and TRACE. It gets
    /// 403 `application/problem+json` with the reason
    /// [`cross_site`](crate::hooks::Reason::CrossSite); on a public path the request passes without
    /// a user. `Sec-Fetch-Site` names the origin: `same-origin` and `none` pass ([Fetch
    /// Metadata](https://www.w3.org/TR/fetch-metadata/)). Without that header, `Origin` decides:
    /// [`public_url`](Self::public_url) passes. A client that sends neither, such as curl or an
    /// app, passes. So do the [`cors_origins`](Self::cors_origins). A page on another port or
    /// subdomain is of another origin.
    ///
    /// A browser without `Sec-Fetch-Site` (Safari before 16.4) sends `Origin: null` from a page
    /// with `Referrer-Policy: no-referrer`. Use `same-origin` there.
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().cross_site_allowed(["POST /share", "/payments/{id}/return"]);
    /// ```
    pub fn cross_site_allowed<P: Into<String>>(
        mut self,
        patterns: impl IntoIterator<Item = P>,
    ) -> Self {
        self.settings
            .cross_site_allowed
            .extend(patterns.into_iter().map(Into::into));
        self
    }

    /// The `Cache-Control` of responses to requests with a user, if the application sets none.
    /// `None` adds no header. Default: by `Sec-Fetch-Dest`.
    ///
    /// If that is absent, `empty`, `document`, `frame`, `iframe`, `embed` or `object`, the default
    /// is `no-store`, because on a shared computer the Back button would show the user's page after
    /// the sign-out. For other destinations, such as scripts, styles, images and fonts, it is
    /// `private, no-cache`, so that validators such as `ETag` work. On [public](Self::public)
    /// paths, only the first list gets a header, and only if a user is signed in. Status 101 and
    /// gRPC are left alone. A response with a cookie of the layer is always `no-store` ([RFC 9111
    /// section 5.2.2](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2)).
    ///
    /// ```
    /// use http::HeaderValue;
    /// # use tower_phone_auth::OAuthLayer;
    ///
    /// let private = HeaderValue::from_static("private, no-cache");
    /// let builder = OAuthLayer::builder().default_cache_control(private);
    /// let silent = OAuthLayer::builder().default_cache_control(None);
    /// ```
    pub fn default_cache_control(mut self, value: impl Into<Option<HeaderValue>>) -> Self {
        self.settings.plain.caching = match value.into() {
            Some(value) => DefaultCaching::Chosen(Arc::new(value)),
            None => DefaultCaching::LeftAlone,
        };
        self
    }

    /// Saves a form that is sent without a session, or with one that has ended or is too old for
    /// its route, and offers it again after the sign-in, on a page with a button. It is never sent
    /// by itself. Default: off, the form gets 401 and is lost.
    ///
    /// A form is saved if a page of this origin posts it by navigating, as
    /// `application/x-www-form-urlencoded` of at most 2 KiB in UTF-8. Requests of scripts, of other
    /// sites, and uploads get 401. A form that was sent with a session, also an expired one, is
    /// offered to its user alone. A form that was sent without a session is offered to the user who
    /// signs in next.
    ///
    /// The offer is a page of the layer, `/auth/form`, which can be loaded again. It shows names
    /// and values, except those of passwords, cards and the like, and the address. It stays until
    /// the user sends or discards the form, signs out, or an hour has passed. Several forms share
    /// 3,400 bytes of cookies. If there is not enough space, the oldest form is deleted, and its
    /// page says so.
    ///
    /// The button goes through the layer, which deletes the form and lets the browser send the same
    /// body on by 307. A second press, and the Back button, find the page that says that the form
    /// was sent. The layer does not see whether your service's response arrives. If the connection
    /// breaks after the 307, the form is gone and may not have arrived. The layer cannot stop a
    /// browser that keeps deleted cookies, nor a user who fills in the form again, so let your
    /// service refuse an order that comes twice.
    ///
    /// A page whose own `Content-Security-Policy` has `form-action` must list the provider's origin
    /// there, because browsers apply `form-action` to redirects too, and would stay on the page.
    ///
    /// The saved form is a sealed cookie in that browser, for an hour at most, and part of every
    /// request. The text that was typed, passwords included, is on the disk of the browser,
    /// readable only with the [session key](Self::session_key). The cookie may have up to 3,250
    /// bytes beside the layer's other cookies, so a proxy before the application must accept
    /// headers of 16 KiB.
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().save_forms();
    /// ```
    pub fn save_forms(mut self) -> Self {
        self.settings.plain.saves_forms = true;
        self
    }

    /// Removes the layer's cookies from requests before the wrapped service gets them. For a
    /// gateway, whose upstream must not have them. Default: they stay.
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().strip_cookies();
    /// ```
    pub fn strip_cookies(mut self) -> Self {
        self.settings.plain.strips_cookies = true;
        self
    }
}
