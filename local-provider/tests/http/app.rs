use std::collections::HashMap;
use std::error::Error;

use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{Method, StatusCode};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::Value;
use tower_phone_auth_local_provider::LocalProvider;
use url::Url;

pub(super) type Outcome = Result<(), Box<dyn Error>>;
pub(super) type Pairs<'a> = Vec<(&'a str, &'a str)>;

pub(super) const CALLBACK: &str = "http://localhost:3000/auth/callback";
pub(super) const JIWOO: &str = "1376016924429759228";

/// The origin of a dialect, and the parameters that an application always adds to its requests.
#[derive(Clone, Copy)]
pub(super) struct Dialect {
    pub(super) authorize: &'static str,
    pub(super) token: &'static str,
    pub(super) profile: &'static str,
    pub(super) query: &'static [(&'static str, &'static str)],
    pub(super) exchange: &'static [(&'static str, &'static str)],
}

const KAKAO: Dialect = Dialect {
    authorize: "/oauth/authorize",
    token: "/oauth/token",
    profile: "/v2/user/me",
    query: &[],
    exchange: &[],
};

/// An app at a provider of its own, and the browser of its user.
pub(super) struct App {
    dialect: Dialect,
    pub(super) provider: LocalProvider,
    pub(super) client: Client,
    cookie: Option<String>,
}

impl App {
    pub(super) async fn start() -> Result<Self, Box<dyn Error>> {
        Self::speaking(KAKAO).await
    }

    pub(super) async fn speaking(dialect: Dialect) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            dialect,
            provider: LocalProvider::start().await?,
            client: Client::builder()
                .redirect(Policy::none())
                .no_proxy()
                .build()?,
            cookie: None,
        })
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.provider.origin())
    }

    pub(super) async fn page(&self, extra: Pairs<'_>) -> reqwest::Result<Response> {
        let query = encode(self.asking(extra));
        let url = format!("{}?{query}", self.url(self.dialect.authorize));
        let mut request = self.client.get(url);
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        request.send().await
    }

    pub(super) async fn post(&self, path: &str, pairs: Pairs<'_>) -> reqwest::Result<Response> {
        let request = self.client.post(self.url(path));
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.body(encode(pairs)).send().await
    }

    /// Fills in the page's form: the query's members and what the person chose.
    pub(super) async fn choose(
        &mut self,
        extra: Pairs<'_>,
        choice: Pairs<'_>,
    ) -> Result<HashMap<String, String>, Box<dyn Error>> {
        let pairs = self.asking(extra).into_iter().chain(choice).collect();
        let answer = self.post(self.dialect.authorize, pairs).await?;
        if let Some(cookie) = answer.headers().get(SET_COOKIE) {
            self.cookie = cookie.to_str()?.split(';').next().map(str::to_owned);
        }
        callback(&answer)
    }

    pub(super) async fn code(&mut self, extra: Pairs<'_>) -> Result<String, Box<dyn Error>> {
        let mut answer = self.choose(extra, agree(JIWOO)).await?;
        Ok(answer.remove("code").ok_or("no code")?)
    }

    pub(super) async fn exchange(&self, code: &str, extra: Pairs<'_>) -> reqwest::Result<Response> {
        let mut pairs = vec![
            ("grant_type", "authorization_code"),
            ("client_id", "local-demo-app"),
            ("client_secret", "lpsecret-client"),
            ("redirect_uri", CALLBACK),
            ("code", code),
        ];
        pairs.extend(self.dialect.exchange);
        pairs.retain(|(name, _)| extra.iter().all(|(other, _)| other != name));
        pairs.extend(extra.into_iter().filter(|(_, value)| !value.is_empty()));
        self.post(self.dialect.token, pairs).await
    }

    pub(super) async fn profile(&self, tokens: &Value) -> reqwest::Result<Response> {
        let path = self.dialect.profile;
        self.with_token(Method::GET, path, tokens).await
    }

    pub(super) async fn with_token(
        &self,
        method: Method,
        path: &str,
        tokens: &Value,
    ) -> reqwest::Result<Response> {
        let token = tokens["access_token"].as_str().unwrap_or("unknown");
        let request = self.client.request(method, self.url(path));
        let request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        request.send().await
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value, Box<dyn Error>> {
        json(self.client.get(self.url(path)).send().await?).await
    }

    /// The members of an authorize request; an empty one in `extra` takes a default away.
    fn asking<'a>(&self, extra: Pairs<'a>) -> Pairs<'a> {
        let mut pairs = self.dialect.query.to_vec();
        pairs.retain(|(name, _)| extra.iter().all(|(other, _)| other != name));
        pairs.extend(extra);
        let mut pairs = query(pairs);
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }

    /// Signs the first of the default people in.
    pub(super) async fn tokens(&mut self) -> Result<Value, Box<dyn Error>> {
        let code = self.code(vec![]).await?;
        json(self.exchange(&code, vec![]).await?).await
    }

    /// As [`tokens`](Self::tokens), for this request and this choice.
    pub(super) async fn tokens_of(
        &mut self,
        extra: Pairs<'_>,
        choice: Pairs<'_>,
    ) -> Result<Value, Box<dyn Error>> {
        let answer = self.choose(extra, choice).await?;
        let code = answer.get("code").ok_or("no code")?;
        json(self.exchange(code, vec![]).await?).await
    }

    /// Signs a user in, from the page to the profile's `kakao_account`.
    pub(super) async fn account(
        &mut self,
        extra: Pairs<'_>,
        choice: Pairs<'_>,
    ) -> Result<Value, Box<dyn Error>> {
        let tokens = self.tokens_of(extra, choice).await?;
        let profile = json(self.profile(&tokens).await?).await?;
        Ok(profile["kakao_account"].clone())
    }
}

pub(super) fn query<'a>(extra: Pairs<'a>) -> Pairs<'a> {
    let mut pairs = vec![
        ("client_id", "local-demo-app"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("state", "a state&more"),
    ];
    pairs.retain(|(name, _)| extra.iter().all(|(other, _)| other != name));
    pairs.extend(extra);
    pairs
}

pub(super) fn agree(person: &str) -> Pairs<'_> {
    vec![
        ("person", person),
        ("phone_number", "yes"),
        ("decision", "agree"),
    ]
}

pub(super) fn agree_without_phone(person: &str) -> Pairs<'_> {
    vec![("person", person), ("decision", "agree")]
}

pub(super) fn encode(pairs: Pairs<'_>) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

pub(super) fn location(answer: &Response) -> Result<&str, Box<dyn Error>> {
    assert_eq!(answer.status(), StatusCode::FOUND);
    let location = answer.headers().get(LOCATION).ok_or("no location")?;
    Ok(location.to_str()?)
}

pub(super) fn callback(answer: &Response) -> Result<HashMap<String, String>, Box<dyn Error>> {
    let url = Url::parse(location(answer)?)?;
    assert!(url.as_str().starts_with(CALLBACK));
    Ok(url.query_pairs().into_owned().collect())
}

pub(super) async fn json(answer: Response) -> Result<Value, Box<dyn Error>> {
    Ok(serde_json::from_slice(&answer.bytes().await?)?)
}

pub(super) async fn refused(answer: Response, status: StatusCode) -> Result<Value, Box<dyn Error>> {
    assert_eq!(answer.status(), status);
    json(answer).await
}
