//! The redirect URI of a request, and redirects to it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::{login::mistake::Mistake, settings::Settings, web::params::Params};

/// The redirect URI and the state of an authorization request.
pub(crate) struct Target {
    /// As the application sent it, for comparison in the token request.
    pub(crate) redirect_uri: String,
    /// Returned unchanged.
    pub(crate) state: Option<String>,
    /// The `iss` of every callback.
    issuer: Option<String>,
    /// The redirect URI, parsed.
    url: Url,
}

impl Target {
    /// Reads the target. It is checked before anything else is sent there.
    pub(crate) fn parse(params: &Params, settings: &Settings) -> Result<Self, Mistake> {
        let uri = params.value("redirect_uri").ok_or(Mistake::RedirectUri)?;
        if !settings.redirects_to(uri) {
            return Err(Mistake::RedirectUri);
        }
        Ok(Self {
            redirect_uri: uri.to_owned(),
            state: params.value("state").map(str::to_owned),
            issuer: None,
            url: Url::parse(uri).map_err(|_| Mistake::RedirectUri)?,
        })
    }

    /// Adds this `iss` to every callback (RFC 9207 section 2).
    pub(crate) fn named_by(self, issuer: Option<String>) -> Self {
        Self { issuer, ..self }
    }

    /// The callback with these pairs, and with `iss` and `state`.
    pub(crate) fn location<'a>(
        &'a self,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Url {
        let issuer = self.issuer.as_deref().map(|issuer| ("iss", issuer));
        let state = self.state.as_deref().map(|state| ("state", state));
        let pairs = pairs.into_iter().chain(issuer).chain(state);
        with_query(self.url.clone(), pairs)
    }

    /// The callback of an error (RFC 6749 section 4.1.2.1).
    pub(crate) fn error(&self, error: &str, description: Option<&str>) -> Url {
        let description = description.map(|text| ("error_description", text));
        self.location([("error", error)].into_iter().chain(description))
    }
}

/// Appends pairs to the query of a URL. Blanks become `%20`, as with the real providers.
pub(crate) fn with_query<'a>(
    mut url: Url,
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Url {
    let mut query = url.query().unwrap_or_default().to_owned();
    for (name, value) in pairs {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(name);
        query.push('=');
        query.extend(utf8_percent_encode(value, UNRESERVED));
    }
    url.set_query((!query.is_empty()).then_some(&query));
    url
}

/// Every character except the unreserved ones (RFC 3986 section 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
