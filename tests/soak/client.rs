//! A client that signs in and out, lets its session expire, and drops connections during a
//! callback.

mod requests;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use http::Method;
use tokio::{io::AsyncWriteExt, net::TcpStream, sync::Semaphore, time::sleep};
use url::Url;

use self::requests::{Answer, HTTP};
use crate::{
    application::{Application, LIFE},
    ledger::Ledger,
};

/// No answer takes longer, even on a busy computer.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);
/// Limits simultaneous sign-ins, because the number of concurrent calls to a provider is limited.
static SIGNING_IN: Semaphore = Semaphore::const_new(40);
const PAGE: [(&str, &str); 2] = [("accept", "text/html"), ("sec-fetch-mode", "navigate")];

pub(crate) struct Client {
    person: u64,
    replicas: [SocketAddr; 2],
    origin: String,
    cookies: BTreeMap<String, String>,
    /// When a replica was last seen without one of the sign-outs. It may learn of it after a later
    /// sign-in, and end that session too.
    unknown_sign_out: Option<Instant>,
    /// The latest sign-out.
    signed_out: Option<Instant>,
    /// When the callback of the session was sent, and when it was answered.
    signed_in: Option<(Instant, Instant)>,
    random: u64,
    ledger: Arc<Ledger>,
}

impl Client {
    pub(crate) fn new(person: u64, application: &Application, ledger: Arc<Ledger>) -> Self {
        Self {
            person,
            replicas: application.addresses,
            origin: format!("http://{}", application.addresses[0]),
            cookies: BTreeMap::new(),
            unknown_sign_out: None,
            signed_out: None,
            signed_in: None,
            random: person.wrapping_mul(0x9E37_79B9_7F4A_7C15),
            ledger,
        }
    }

    pub(crate) async fn run(mut self) {
        while !self.ledger.is_stopped() {
            self.pause().await;
            if self.run_session().await.is_none() {
                self.cookies.clear();
            }
        }
    }

    /// Signs in, uses the session and ends it; `None` after an unexpected answer.
    async fn run_session(&mut self) -> Option<()> {
        self.cookies.clear();
        self.signed_in = None;
        self.without_session().await?;
        self.sign_in().await?;
        for _ in 0..=self.below(3) {
            self.pause().await;
            self.read().await?;
        }
        self.foreign_post().await?;
        match self.below(5) {
            0 => self.expire().await,
            1 => self.sign_in().await,
            2 => self.sign_out("/auth/logout?everywhere").await,
            _ => self.sign_out("/auth/logout").await,
        }
    }

    async fn without_session(&mut self) -> Option<()> {
        let script = self.ask(Method::GET, "/me", &[]).await?;
        self.expect("a script without a session", &script, &[401])?;
        let away = self.ask(Method::GET, "/me", &PAGE).await?;
        self.expect("a page visit without a session", &away, &[303])
    }

    async fn sign_in(&mut self) -> Option<()> {
        let _turn = SIGNING_IN.acquire().await.ok()?;
        let provider = ["kakao", "oidc"][self.below(2)];
        let login = format!("/auth/login?provider={provider}&return_to=%2Fme");
        let away = self.ask(Method::GET, &login, &PAGE).await?;
        self.expect("a sign-in begins", &away, &[303])?;
        let callback = self.at_provider(away.location()).await?;
        let drops_connection = self.below(4) == 0;
        if drops_connection {
            self.drop_connection(&callback).await;
        }
        let sent = Instant::now();
        let back = self.ask(Method::GET, &callback, &PAGE).await?;
        if drops_connection && back.status != 303 {
            // The code has been used, and the session was sent to the closed connection.
            self.expect("a callback after a dropped one", &back, &[400])?;
            return None;
        }
        if self.unknown_sign_out.is_some() && back.status == 403 {
            // The sign-out arrived during the sign-in.
            self.expect("a callback that a late sign-out ended", &back, &[403])?;
            return None;
        }
        self.expect("a callback", &back, &[303])?;
        if back.location() != "/me" {
            self.ledger
                .unexpected(format!("back to {:?}", back.location()));
        }
        self.signed_in = Some((sent, Instant::now()));
        Some(())
    }

    /// Agrees on the provider's page; the path of the callback.
    async fn at_provider(&self, authorize: &str) -> Option<String> {
        let mut page = Url::parse(authorize).ok()?;
        let form = format!(
            "{}&person={}&phone_number=yes&decision=agree",
            page.query()?,
            self.person
        );
        page.set_query(None);
        let sent = HTTP
            .post(page)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await;
        let answer = sent.ok()?;
        let location = answer.headers().get("location")?.to_str().ok()?;
        Some(location.strip_prefix(&self.origin)?.to_owned())
    }

    /// Sends the callback, and closes the connection without waiting for the answer.
    async fn drop_connection(&mut self, callback: &str) {
        let address = self.replica();
        let request = format!(
            "GET {callback} HTTP/1.1\r\nhost: {address}\r\naccept: text/html\r\ncookie: {}\r\n\r\n",
            self.cookie()
        );
        if let Ok(mut stream) = TcpStream::connect(address).await {
            let _ = stream.write_all(request.as_bytes()).await;
            let wait = self.below(30) as u64;
            sleep(Duration::from_millis(wait)).await;
        }
    }

    async fn read(&mut self) -> Option<()> {
        let asked = Instant::now();
        let answer = self.ask(Method::GET, "/me", &[]).await?;
        self.expect_with_session("a read", &answer, asked, 200)?;
        if answer.status == 200 && !answer.body.ends_with(&self.person.to_string()) {
            self.ledger.unexpected(format!("read as {}", answer.body));
        }
        Some(())
    }

    async fn foreign_post(&mut self) -> Option<()> {
        let (asked, lines) = (Instant::now(), [("sec-fetch-site", "cross-site")]);
        let answer = self.ask(Method::POST, "/me", &lines).await?;
        self.expect_with_session("a post from another site", &answer, asked, 403)
    }

    /// Expects the status `alive` while the session is valid, and 401 after its end. Both are
    /// allowed within a second of the end, because times of sessions are whole seconds.
    fn expect_with_session(
        &self,
        act: &'static str,
        answer: &Answer,
        asked: Instant,
        alive: u16,
    ) -> Option<()> {
        let (sent, answered) = self.signed_in?;
        let second = Duration::from_secs(1);
        let may_be_late = self.unknown_sign_out.is_some() || self.signed_out_just_before(sent);
        if may_be_late && answer.has_ended() {
            self.expect("a session that a late sign-out ended", answer, &[401])
        } else if sent.elapsed() < LIFE - second {
            self.expect(act, answer, &[alive])
        } else if asked > answered + LIFE + second {
            self.expect(act, answer, &[401])
        } else {
            self.expect(act, answer, &[alive, 401])
        }
    }

    /// Whether the callback came so soon after a sign-out that a replica may count it as earlier. The
    /// copy of a cookie is refused by the end of its session alone, and the one of all sessions of
    /// the user may follow. Times of sessions are whole seconds.
    fn signed_out_just_before(&self, callback: Instant) -> bool {
        let soon = |at: Instant| callback.saturating_duration_since(at) < Duration::from_secs(2);
        self.ledger.is_disturbed() && self.signed_out.is_some_and(soon)
    }

    async fn expire(&mut self) -> Option<()> {
        let (_, answered) = self.signed_in?;
        let end = answered + LIFE + Duration::from_secs(2);
        sleep(end.saturating_duration_since(Instant::now())).await;
        let answer = self.ask(Method::GET, "/me", &[]).await?;
        self.expect("a read after the end", &answer, &[401])
    }

    /// Signs out, and waits until both replicas refuse a copy of the cookie. A sign-in at a replica
    /// that does not know the sign-out yet would end with it.
    async fn sign_out(&mut self, path: &str) -> Option<()> {
        let copy = self.cookies.clone();
        // The refusal of a copy does not say which sign-out ended it, so only time shows that the
        // replicas know an earlier one.
        let ledger = Arc::clone(&self.ledger);
        self.unknown_sign_out = self
            .unknown_sign_out
            .filter(|at| !ledger.has_caught_up(*at));
        let (before, origin) = (self.ledger.is_disturbed(), self.origin.clone());
        let answer = self.ask(Method::POST, path, &[("origin", &origin)]).await?;
        let disturbed = before || self.ledger.is_disturbed();
        let late: &[u16] = if disturbed {
            &[202, 204, 401]
        } else {
            &[204, 401]
        };
        self.expect("a sign-out", &answer, late)?;
        self.signed_out = Some(Instant::now());
        self.cookies = copy;
        for replica in self.replicas {
            self.wait_until_refused(replica).await?;
        }
        Some(())
    }

    async fn wait_until_refused(&mut self, replica: SocketAddr) -> Option<()> {
        let began = Instant::now();
        loop {
            let answer = self.ask_at(replica, Method::GET, "/me", &[]).await?;
            if answer.status == 401 || began.elapsed() > TIMEOUT {
                self.expect("a copied cookie", &answer, &[401])?;
                // If the cookie has expired, the replica may still not know the sign-out.
                if !answer.has_ended() {
                    self.unknown_sign_out = Some(Instant::now());
                }
                return Some(());
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    fn expect(&self, act: &'static str, answer: &Answer, allowed: &[u16]) -> Option<()> {
        let is_expected = self.ledger.expect(act, answer.status, allowed);
        if !is_expected {
            let at = self.ledger.began();
            let body: String = answer.body.chars().take(300).collect();
            self.ledger.unexpected(format!("{at:?} {body}"));
        }
        is_expected.then_some(())
    }

    async fn pause(&mut self) {
        let time = 200 + self.below(600) as u64;
        sleep(Duration::from_millis(time)).await;
    }

    /// A pseudo-random number below `end`, with the same sequence in every run (xorshift).
    fn below(&mut self, end: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 33) as usize % end
    }
}
