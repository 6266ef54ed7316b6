//! The application's own markup for the pages of the layer (`Builder::pages`).

use std::sync::{Arc, Mutex};

use http::{HeaderMap, HeaderValue, Method, header::ACCEPT_LANGUAGE};
use tower_phone_auth::{
    Builder,
    page::{Page as Content, PageKind},
    phone_step::PhoneStep,
};
use tower_phone_auth_local_provider::LocalProvider;

use crate::{
    phone_step::kit::{HANEUL, NUMBER, Outbox, number},
    support::{
        browser::{Act, Browser, FORM, JIWOO, Page, location},
        clients::Clients as _,
        replicas::{LogConnection, Replicas},
        shop::Shop,
    },
};

mod faults;
mod forms;
mod policy;
mod texts;

/// The pages that the application was asked for.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<Content>>>);

impl Asked {
    fn set(
        &self,
        builder: Builder,
        own: impl Fn(&Content) -> Option<String> + Send + Sync + 'static,
    ) -> Builder {
        let asked = self.clone();
        builder.pages(move |page| {
            asked.0.lock().unwrap().push(page.clone());
            own(page)
        })
    }

    fn take(&self) -> Vec<Content> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// A whole page of everything that the content has, in plain `format!`.
fn own(page: &Content) -> Option<String> {
    let all = |parts: Vec<String>| parts.concat();
    let texts = all(page
        .texts
        .iter()
        .map(|text| format!("<p>{text}</p>"))
        .collect());
    let providers = all(page.providers.iter().map(ToString::to_string).collect());
    let forms = all(page.forms.iter().map(ToString::to_string).collect());
    let links = all(page.links.iter().map(ToString::to_string).collect());
    let (head, title, kind) = (page.head(), &page.title, page.kind.as_str());
    Some(format!(
        r#"<!doctype html><html lang="{}"><head>{head}</head>
<body class="moon {kind}"><h1>{title}</h1>{texts}{providers}{forms}{links}{}</body></html>"#,
        page.language,
        page.details(),
    ))
}

/// A shop with two providers, saved forms and a phone step.
async fn shop(settings: impl FnOnce(Builder) -> Builder) -> (Shop, Outbox) {
    let (outbox, provider) = (Outbox::default(), LocalProvider::start().await.unwrap());
    let (kakao, second) = (provider.kakao(), provider.kakao().named("second"));
    let step = PhoneStep::new(outbox.clone()).site_name("Shop");
    let shop = Shop::at(provider, kakao, |builder| {
        settings(builder.provider(second).save_forms().phone_step(step))
    });
    (shop, outbox)
}

async fn signed_in(shop: &Shop) -> Browser {
    let mut browser = shop.browser();
    enter(&mut browser, "/", JIWOO).await;
    browser
}

/// Signs in at the first provider. Returns the answer to the callback.
async fn enter(browser: &mut Browser, path: &str, act: Act) -> Page {
    let login = format!("/auth/login?provider=kakao&return_to={path}");
    let away = browser.visit(&login).await;
    let callback = browser.act(&away, act).await;
    browser.visit(&callback).await
}

/// Saves a form, signs in, and opens the page of the form.
async fn saved_form(browser: &mut Browser) -> Page {
    let away = browser
        .submit("/order", "item=%3Cb%3E&password=hunter2")
        .await;
    let login = format!("{}&provider=kakao", location(&away));
    let away = browser.visit(&login).await;
    let callback = browser.act(&away, JIWOO).await;
    let back = browser.visit(&callback).await;
    browser.visit(location(&back)).await
}

async fn in_phone_step(shop: &Shop) -> Browser {
    let mut browser = shop.browser();
    let back = enter(&mut browser, "/", HANEUL).await;
    assert_eq!(location(&back), "/auth/phone");
    browser
}

/// Causes a page of each kind. A kind without a way fails the test, so a new page needs one here.
async fn reach(kind: PageKind, settings: impl FnOnce(Builder) -> Builder) -> Page {
    if kind == PageKind::Unavailable {
        return unavailable(settings).await;
    }
    let (shop, _) = shop(settings).await;
    let mut browser = shop.browser();
    let multipart = ("content-type", "multipart/form-data; boundary=x");
    match kind {
        PageKind::SignIn => browser.visit("/auth/login").await,
        PageKind::SignInAgain => {
            let mut browser = signed_in(&shop).await;
            let elsewhere = ("sec-fetch-site", "cross-site");
            browser
                .headers
                .insert(elsewhere.0, elsewhere.1.parse().unwrap());
            browser.visit("/auth/login?provider=kakao").await
        }
        PageKind::Refusal => enter(&mut browser, "/", Act::Cancel).await,
        PageKind::SignOut => signed_in(&shop).await.visit("/auth/logout").await,
        PageKind::SignedOut => browser.visit("/auth/logout").await,
        PageKind::SavedForm => saved_form(&mut browser).await,
        PageKind::SavedFormEnded => browser.visit("/auth/form?id=AAAAAAAAAAA").await,
        PageKind::Unsent => {
            let headers: Vec<_> = FORM
                .into_iter()
                .filter(|(name, _)| *name != multipart.0)
                .collect();
            browser
                .submit_as(&[headers, vec![multipart]].concat(), "/order", "--x--")
                .await
        }
        PageKind::PhoneNumber => in_phone_step(&shop).await.visit("/auth/phone").await,
        PageKind::PhoneCode => {
            let mut browser = in_phone_step(&shop).await;
            number(&mut browser, NUMBER).await;
            browser.visit("/auth/phone/code").await
        }
        PageKind::Framed => {
            let frame = [
                ("sec-fetch-dest", "iframe"),
                ("sec-fetch-site", "same-origin"),
                ("sec-fetch-mode", "navigate"),
                ("accept", "text/html"),
            ];
            browser.send(Method::GET, "/widget", &frame).await
        }
        PageKind::Missing => browser.visit("/auth/none").await,
        _ => panic!("no way to the page {kind:?}"),
    }
}

/// A replica that never reached its log.
async fn unavailable(settings: impl FnOnce(Builder) -> Builder) -> Page {
    let shop = Replicas::new().await;
    let one = shop.ready().await;
    let mut browser = one.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    let line = LogConnection::to(&shop.log);
    line.cut();
    let late = shop.start_with(line, settings);
    browser.moves_to(late.app.clone());
    browser.visit("/").await
}

/// The headers that do not differ between two responses with the same content.
fn headers(page: &Page) -> HeaderMap {
    let mut headers = page.headers().clone();
    headers.remove("set-cookie");
    headers.remove("content-security-policy");
    headers.remove("content-length");
    headers
}

fn korean(browser: &mut Browser) {
    browser
        .headers
        .insert(ACCEPT_LANGUAGE, HeaderValue::from_static("ko"));
}
