//! A failure of the hook has one line in the log, whichever clients wait for it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use http::{Method, StatusCode};
use tokio::{sync::Notify, task};
use tower_phone_auth::{TestUser, VerifiedUser, hooks::Denied};

use super::{bounded::with_cookie, shop};
use crate::support::{
    browser::{Browser, Page, text},
    events::Events,
    shop::{ORIGIN, Shop},
};

#[derive(Clone, Copy, Debug)]
enum Failure {
    Busy,
    Denied,
    Panic,
}

#[derive(Clone, Copy, Debug)]
enum Request {
    Page(&'static str),
    Script,
}

/// A hook that fails once the test lets it.
struct FailingHook {
    calls: Arc<AtomicUsize>,
    end: Arc<Notify>,
    shop: Shop,
    cookie: String,
}

impl FailingHook {
    async fn new(failure: Failure) -> Self {
        let (calls, end) = (Arc::<AtomicUsize>::default(), Arc::<Notify>::default());
        let hook = {
            let (calls, end) = (Arc::clone(&calls), Arc::clone(&end));
            move |_: VerifiedUser| {
                calls.fetch_add(1, Ordering::SeqCst);
                let end = Arc::clone(&end);
                async move {
                    end.notified().await;
                    match failure {
                        Failure::Busy => Err("the database is down")?,
                        Failure::Denied => Err(Denied::new("Members only."))?,
                        Failure::Panic => panic!("a fault of the application"),
                    }
                    Ok("staff".to_owned())
                }
            }
        };
        let shop = shop(|builder| builder.claims(hook)).await;
        let user = TestUser::new("+82 10-1234-5678").unwrap();
        let cookie = user.cookie(&shop.layer).unwrap();
        Self {
            calls,
            end,
            shop,
            cookie,
        }
    }

    fn send(&self, request: Request) -> task::JoinHandle<Page> {
        let browser = Browser::new(self.shop.app.clone(), ORIGIN);
        let mut browser = with_cookie(browser, &self.cookie);
        tokio::spawn(async move {
            match request {
                Request::Page(path) => browser.visit(path).await,
                Request::Script => browser.fetch(Method::GET, "/").await,
            }
        })
    }

    /// A request whose client leaves while the hook runs.
    async fn send_and_leave(&self, request: Request) {
        let sent = self.send(request);
        while self.calls.load(Ordering::SeqCst) == 0 {
            task::yield_now().await;
        }
        sent.abort();
        assert!(sent.await.unwrap_err().is_cancelled());
    }
}

async fn passes() {
    for _ in 0..100 {
        task::yield_now().await;
    }
}

const FAILURES: [Failure; 3] = [Failure::Busy, Failure::Denied, Failure::Panic];
const REQUESTS: [Request; 3] = [Request::Page("/"), Request::Page("/maybe"), Request::Script];

#[tokio::test]
async fn a_failure_after_its_client_left_has_one_line() {
    for failure in FAILURES {
        for request in REQUESTS {
            let hook = FailingHook::new(failure).await;
            let events = Events::capture();
            hook.send_and_leave(request).await;
            hook.end.notify_one();
            passes().await;
            let lines = events.audit("refusal");
            assert_eq!(lines.len(), 1, "{failure:?} {request:?}");
            assert_eq!(lines[0].field("subject").len(), 16);
            // The pause after the failure has no call, and adds no line.
            hook.send(request).await.unwrap();
            assert_eq!(events.audit("refusal").len(), 1, "{failure:?} {request:?}");
            assert_eq!(hook.calls.load(Ordering::SeqCst), 1);
        }
    }
}

#[tokio::test]
async fn a_failure_has_one_line_with_the_reference_of_all_pages() {
    for failure in FAILURES {
        let hook = FailingHook::new(failure).await;
        let events = Events::capture();
        hook.send_and_leave(Request::Page("/")).await;
        let waiting: Vec<_> = (0..3).map(|_| hook.send(Request::Page("/"))).collect();
        passes().await;
        hook.end.notify_one();
        for page in waiting {
            let page = page.await.unwrap();
            assert!(matches!(
                page.status(),
                StatusCode::SERVICE_UNAVAILABLE | StatusCode::FORBIDDEN
            ));
            let lines = events.audit("refusal");
            assert_eq!(lines.len(), 1, "{failure:?}");
            let reference = lines[0].field("reference");
            assert!(text(&page).contains(reference), "{failure:?} {reference}");
        }
    }
}
