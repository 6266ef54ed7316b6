use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use super::{koe::Koe, params::Params, settings::Settings};

/// An authorize request that deserves an answer by redirect.
pub(super) struct Authorization {
    pub(super) redirect_uri: String,
    pub(super) scope: Vec<String>,
    pub(super) prompt: Vec<String>,
    pub(super) nonce: Option<String>,
    pub(super) challenge: Option<String>,
    state: Option<String>,
    target: Url,
}

impl Authorization {
    /// Checks in the order in which the real provider does.
    pub(super) fn parse(params: &Params, settings: &Settings) -> Result<Self, Koe> {
        if params.value("client_id") != Some(settings.client_id.as_str()) {
            return Err(Koe::ClientId);
        }
        if !settings.login_enabled {
            return Err(Koe::LoginDisabled);
        }
        let redirect_uri = params.value("redirect_uri").ok_or(Koe::RedirectUri)?;
        if !settings.redirects_to(redirect_uri) {
            return Err(Koe::RedirectUri);
        }
        let target = Url::parse(redirect_uri).map_err(|_| Koe::RedirectUri)?;
        match params.value("response_type") {
            Some("code") => {}
            Some("token") => return Err(Koe::ImplicitFlow),
            _ => return Err(Koe::ResponseType),
        }
        let scope = params.list("scope");
        if let Some(item) = scope
            .iter()
            .find(|item| !settings.scope_is_configured(item))
        {
            return Err(Koe::Scope(item.clone()));
        }
        let owned = |name| params.value(name).map(str::to_owned);
        Ok(Self {
            redirect_uri: redirect_uri.to_owned(),
            scope,
            prompt: params.list("prompt"),
            nonce: owned("nonce"),
            challenge: challenge(params)?,
            state: owned("state"),
            target,
        })
    }

    pub(super) fn prompts(&self, word: &str) -> bool {
        self.prompt.iter().any(|asked| asked == word)
    }

    /// Whether the app wants the person to choose anew, whoever is signed in.
    pub(super) fn wants_a_choice(&self) -> bool {
        ["login", "select_account", "create"]
            .iter()
            .any(|word| self.prompts(word))
    }

    /// The app's page with these pairs and the state it sent.
    pub(super) fn location(&self, pairs: &[(&str, &str)]) -> Url {
        let state = self.state.as_deref().map(|state| ("state", state));
        with_query(self.target.clone(), pairs.iter().copied().chain(state))
    }
}

/// Appends pairs to a URL's query, with blanks as `%20` like the real provider.
pub(super) fn with_query<'a>(
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

fn challenge(params: &Params) -> Result<Option<String>, Koe> {
    let Some(challenge) = params.value("code_challenge") else {
        return Ok(None);
    };
    match params.value("code_challenge_method") {
        Some("S256") => Ok(Some(challenge.to_owned())),
        _ => Err(Koe::BadRequest),
    }
}

// RFC 3986 section 2.3.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
