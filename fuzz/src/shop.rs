//! An application behind the layer, and the rules that hold for every answer.

use std::{
    convert::Infallible,
    mem::ManuallyDrop,
    sync::LazyLock,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::{
    Method, Request, Response, StatusCode,
    header::{COOKIE, LOCATION, SET_COOKIE},
};
use http_body_util::Full;
use tokio::runtime::Runtime;
use tower::{Layer, ServiceExt};
use tower_phone_auth::{
    Builder, Clock, Kakao, OAuthLayer, SessionKey, TestUser, VerifiedUser,
    provider::{HttpClient, Provider},
};
use url::Url;

/// A value of a thread that is never dropped. At its end, the process drops such values in an order of
/// its own, and the maps of a layer panic if they are dropped after the values that they need.
pub type Kept<T> = ManuallyDrop<T>;

pub const ORIGIN: &str = "https://shop.example.com";
pub const COOKIE_NAME: &str = "__Host-phone-auth";
const PUBLIC: &str = "/healthz";

/// The time does not move: `now` is when the process began, in whole seconds.
pub static NOW: LazyLock<SystemTime> = LazyLock::new(|| {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    SystemTime::UNIX_EPOCH + Duration::from_secs(now.unwrap().as_secs())
});

pub fn now() -> u64 {
    NOW.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

/// The secret that seals the cookies. It is known to the targets that seal cookies of their own.
pub static SECRET: LazyLock<[u8; 64]> =
    LazyLock::new(|| std::array::from_fn(|index| (index * 37 + 11) as u8));

fn session_key() -> SessionKey {
    use base64::{Engine, engine::general_purpose::STANDARD};
    SessionKey::parse(&STANDARD.encode(*SECRET)).unwrap()
}

/// The request that reached the application behind the layer.
#[derive(Clone, Debug)]
pub struct Reached {
    pub user: Option<VerifiedUser>,
    pub cookies: Vec<Vec<u8>>,
}

pub struct Shop {
    pub auth: OAuthLayer,
    pub runtime: Runtime,
}

impl Shop {
    pub fn new(provider: impl Into<Provider>, client: impl HttpClient) -> Self {
        Self::with(provider, client, |builder| builder)
    }

    pub fn with(
        provider: impl Into<Provider>,
        client: impl HttpClient,
        settings: impl FnOnce(Builder) -> Builder,
    ) -> Self {
        let builder = OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(session_key())
            .provider(provider)
            .http_client(client)
            .clock(Clock::new(|| *NOW));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build();
        let runtime = runtime.unwrap();
        let auth = {
            let _inside = runtime.enter();
            settings(builder).build().unwrap()
        };
        Self { auth, runtime }
    }

    /// One provider that must not be called.
    pub fn kakao() -> Self {
        let kakao = Kakao::new("client", "secret");
        Self::with(kakao, crate::fake::Fake::silent(), |builder| {
            builder.public([PUBLIC])
        })
    }

    /// `name=value` of a session of this user.
    pub fn session(&self, provider: &str, subject: &str) -> String {
        let user = TestUser::new("+82 10-1234-5678").unwrap().with(|user| {
            user.provider = provider.into();
            user.subject = subject.into();
        });
        let user = user.signed_in(*NOW, *NOW + Duration::from_secs(60 * 60));
        user.cookie(&self.auth).expect("the provider is known")
    }

    /// Sends a request, and checks the answer by the rules that hold for all.
    pub fn send(&self, request: Request<Full<Bytes>>) -> Response<()> {
        let service = self.auth.layer(tower::service_fn(application));
        crate::fake::begin();
        let response = self.runtime.block_on(service.oneshot(request)).unwrap();
        let (head, _) = response.into_parts();
        let response = Response::from_parts(head, ());
        if reached(&response).is_none() {
            check(&response);
        }
        response
    }

    /// A page visit with these cookies.
    pub fn visit(&self, target: &str, cookies: &str) -> Response<()> {
        self.send(page_visit(target, cookies).expect("the target is a URI"))
    }

    /// Whether a session cookie, `name=value`, is accepted.
    pub fn lets_in(&self, cookie: &str) -> bool {
        let response = self.visit("/", cookie);
        reached(&response).is_some_and(|reached| reached.user.is_some())
    }

    /// Begins a sign-in at the only provider.
    pub fn begin(&self, target: &str) -> Option<Attempt> {
        Attempt::read(&self.visit(target, ""))
    }

    /// The provider sends the browser back.
    pub fn come_back(&self, provider: &str, attempt: &Attempt) -> Response<()> {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("state", &attempt.state)
            .append_pair("code", "code")
            .finish();
        self.visit(
            &format!("/auth/callback/{provider}?{query}"),
            &attempt.cookies,
        )
    }

    /// The user that a callback's session cookie signs in.
    pub fn arrival(&self, response: &Response<()>) -> Option<VerifiedUser> {
        let cookie = session_cookie(response)?;
        let home = self.visit("/", &cookie);
        let user = reached(&home).and_then(|reached| reached.user.clone());
        Some(user.expect("a session that the layer set is accepted"))
    }
}

/// The public path of the application, and its icon.
pub fn is_public(request: &Request<Full<Bytes>>) -> bool {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let path = request.uri().path();
    path == PUBLIC || is_read && path == "/favicon.ico"
}

async fn application(request: Request<Full<Bytes>>) -> Result<Response<Full<Bytes>>, Infallible> {
    let user = request.extensions().get::<VerifiedUser>().cloned();
    assert!(
        user.is_some() || is_public(&request),
        "a request without a user"
    );
    if let Some(user) = &user {
        assert!(user.expires_at() > *NOW, "an expired session");
        let head_start = Duration::from_secs(60 * 60);
        assert!(
            user.authenticated_at() < *NOW + head_start,
            "a session from the future"
        );
        assert!(
            user.subject.len() <= 255,
            "a subject of more than 255 bytes"
        );
    }
    let cookies = request.headers().get_all(COOKIE).iter();
    let cookies = cookies.map(|line| line.as_bytes().to_vec()).collect();
    let mut response = Response::new(Full::default());
    response.extensions_mut().insert(Reached { user, cookies });
    Ok(response)
}

pub fn reached(response: &Response<()>) -> Option<&Reached> {
    response.extensions().get()
}

pub fn page_visit(target: &str, cookies: &str) -> Option<Request<Full<Bytes>>> {
    let request = Request::get(target)
        .header("accept", "text/html")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document");
    let request = if cookies.is_empty() {
        request
    } else {
        request.header(COOKIE, cookies)
    };
    request.body(Full::default()).ok()
}

/// The rules for every answer that the layer makes itself.
fn check(response: &Response<()>) {
    let status = response.status();
    assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR);
    let known = status.is_success()
        || status == StatusCode::SEE_OTHER
        || status.is_client_error()
        || matches!(status.as_u16(), 502..=504);
    assert!(known, "{status} is no answer of the layer");
    let target = response.headers().get(LOCATION);
    assert_eq!(status == StatusCode::SEE_OTHER, target.is_some());
    if let Some(target) = target {
        let target = std::str::from_utf8(target.as_bytes()).expect("an address is text");
        assert!(
            stays(target) || is_provider(target),
            "a redirect to {target:?}"
        );
    }
    let bytes: usize = response.headers().values().map(|value| value.len()).sum();
    assert!(bytes < 8192, "{bytes} bytes of headers");
}

/// Whether a browser at the application stays on its origin.
pub fn stays(target: &str) -> bool {
    let base = Url::parse(&format!("{ORIGIN}/page/below")).unwrap();
    let url = base.join(target);
    let on_origin = url.is_ok_and(|url| url.origin() == base.origin());
    on_origin && !target.starts_with("//") && !target.starts_with("/\\")
}

fn is_provider(target: &str) -> bool {
    const PROVIDERS: [&str; 4] = [
        "https://kauth.kakao.com/oauth/",
        "https://nid.naver.com/oauth2",
        "https://accounts.google.com/o/oauth2/",
        "https://id.example.com/",
    ];
    PROVIDERS
        .iter()
        .any(|provider| target.starts_with(provider))
}

/// `name=value` of the session cookie that an answer sets.
pub fn session_cookie(response: &Response<()>) -> Option<String> {
    let prefix = format!("{COOKIE_NAME}=");
    pairs(response).find(|pair| pair.starts_with(&prefix))
}

/// `name=value` of the cookies that an answer sets, without those that it deletes.
fn pairs(response: &Response<()>) -> impl Iterator<Item = String> {
    let lines = response.headers().get_all(SET_COOKIE).iter();
    lines.filter_map(|line| {
        let pair = line.to_str().ok()?.split(';').next()?;
        (!pair.ends_with('=')).then(|| pair.to_owned())
    })
}

/// One pending sign-in.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub state: String,
    pub nonce: String,
    pub cookies: String,
}

impl Attempt {
    /// From the redirect to the provider.
    pub fn read(response: &Response<()>) -> Option<Self> {
        let target = response.headers().get(LOCATION)?.to_str().ok()?;
        let url = Url::parse(target).ok()?;
        let parameter = |name: &str| {
            let mut query = url.query_pairs();
            query.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
        };
        Some(Self {
            state: parameter("state")?,
            nonce: parameter("nonce").unwrap_or_default(),
            cookies: pairs(response).collect::<Vec<_>>().join("; "),
        })
    }
}
