use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::{login::mistake::Mistake, settings::Settings, web::params::Params};

/// The redirect URI and state of an authorization request.
pub(crate) struct Target {
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    issuer: Option<String>,
    url: Url,
}

impl Target {
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

    /// Lets every answer carry this `iss` (RFC 9207 section 2).
    pub(crate) fn named_by(self, issuer: Option<String>) -> Self {
        Self { issuer, ..self }
    }

    /// The application's page with these pairs and the state it sent.
    pub(crate) fn location<'a>(
        &'a self,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Url {
        let issuer = self.issuer.as_deref().map(|issuer| ("iss", issuer));
        let state = self.state.as_deref().map(|state| ("state", state));
        let pairs = pairs.into_iter().chain(issuer).chain(state);
        with_query(self.url.clone(), pairs)
    }

    pub(crate) fn error(&self, error: &str, description: Option<&str>) -> Url {
        let description = description.map(|text| ("error_description", text));
        self.location([("error", error)].into_iter().chain(description))
    }
}

/// Appends pairs to a URL's query, with blanks as `%20` like the real providers.
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

// RFC 3986 section 2.3.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
