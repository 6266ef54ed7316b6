use std::fmt::Debug;

use axum::{Router, routing::get};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::header::{LOCATION, SET_COOKIE};
use tower_phone_auth::{SessionKey, VerifiedUser, error::LoginError, provider::Provider};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, SECRET_PREFIX, faults::Fault};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, Page},
    log::Log,
    shop::{ORIGIN, Shop},
};

/// A marker in every text that the provider may choose.
pub(super) const FREE_TEXT: &str = "canary-of-the-provider";

pub(super) fn key_bytes() -> [u8; 64] {
    std::array::from_fn(|index| u8::try_from(index * 3 + 7).unwrap())
}

/// Records the output of a shop for users and operators, and finds secrets in it.
pub(super) struct Watch {
    pub(super) shop: Shop,
    pub(super) app: Router,
    pub(super) log: Log,
    pub(super) seen: String,
}

impl Watch {
    pub(super) async fn open() -> Self {
        Self::at(|provider| provider.kakao().into()).await
    }

    pub(super) async fn at(client: impl FnOnce(&LocalProvider) -> Provider) -> Self {
        let log = Log::capture();
        let key = SessionKey::parse(&STANDARD.encode(key_bytes())).unwrap();
        let provider = LocalProvider::start().await.unwrap();
        let client = client(&provider);
        let shop = Shop::at(provider, client, |builder| builder.session_key(key));
        // The application's own pages may show phone numbers.
        let page = |user: Option<VerifiedUser>| async move { format!("{user:?}") };
        let app = Router::new()
            .route("/", get(page))
            .route("/{*rest}", get(page))
            .layer(shop.layer.clone());
        Self {
            shop,
            app,
            log,
            seen: String::new(),
        }
    }

    pub(super) fn browser(&self) -> Browser {
        Browser::new(self.app.clone(), ORIGIN)
    }

    pub(super) fn note(&mut self, shown: &impl Debug) {
        self.seen.push_str(&format!("{shown:?}\n{shown:#?}\n"));
    }

    /// Records the body, headers and error of a page. Cookies and redirects are only for the
    /// browser.
    pub(super) fn look_at(&mut self, page: &Page) {
        self.seen.push_str(&String::from_utf8_lossy(page.body()));
        for (name, value) in page.headers() {
            if name != SET_COOKIE && name != LOCATION {
                self.seen
                    .push_str(&String::from_utf8_lossy(value.as_bytes()));
            }
        }
        if let Some(error) = page.extensions().get::<LoginError>() {
            self.note(error);
            self.seen.push_str(&error.to_string());
        }
        self.seen.push('\n');
    }

    /// Signs in while one endpoint has this fault.
    pub(super) async fn fails(&mut self, step: Endpoint, fault: Fault) {
        self.shop.provider.fail_next(step, fault);
        let page = self.browser().come_back("/", JIWOO).await;
        self.look_at(&page);
    }

    /// The log without the lines of refusals and of invalid documents, which quote the provider.
    fn log_without_quotes(&self) -> String {
        let text = self.log.text();
        let other = text
            .lines()
            .filter(|line| !line.contains("sign-in refused:"))
            .filter(|line| !line.contains("document cannot be read"));
        other.collect::<Vec<_>>().join("\n")
    }

    /// The secrets that were found in the output.
    pub(super) fn leaks(&self) -> Vec<String> {
        let repeats = format!("{}{}", self.seen, self.log_without_quotes());
        if repeats.contains(FREE_TEXT) {
            return vec![FREE_TEXT.to_owned()];
        }
        let text = format!("{}{}", self.seen, self.log.text());
        let mut secrets = [SECRET_PREFIX, "12345678", "1234-5678", "1234 5678"]
            .map(str::to_owned)
            .to_vec();
        let key = key_bytes();
        secrets.push(STANDARD.encode(key)[..16].to_owned());
        secrets.push(key[..8].iter().map(|byte| format!("{byte:02x}")).collect());
        secrets.push(
            format!("{:?}", &key[..8])
                .trim_matches(['[', ']'])
                .to_owned(),
        );
        for request in self.shop.provider.requests() {
            let query = form_urlencoded::parse(request.query.as_deref().unwrap_or("").as_bytes());
            let sent = request.form().into_iter().chain(query.into_owned());
            let ours = ["code_verifier", "state", "nonce"];
            secrets.extend(
                sent.filter(|(name, _)| ours.contains(&&**name))
                    .map(|pair| pair.1),
            );
        }
        secrets.retain(|secret| text.contains(secret.as_str()));
        secrets
    }
}
