//! ChromeDriver or WebKitWebDriver as a process, which ends when it is dropped
//! (<https://www.w3.org/TR/webdriver2/>).

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    process::Stdio,
    time::Duration,
};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader, copy, sink},
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};

pub(super) const TIMEOUT: Duration = Duration::from_secs(180);
const POLL_INTERVAL: Duration = Duration::from_millis(20);
const STARTS: usize = 5;
pub(crate) const REMEDY: &str = "these tests need Chromium, ChromeDriver of the same version, \
     Firefox, WebKitWebDriver and Xvfb (on Debian: apt-get install chromium chromium-driver \
     firefox-esr webkit2gtk-driver xvfb)";

pub(super) struct Driver {
    _processes: Vec<Child>,
    address: String,
    session: String,
    client: Client,
}

impl Driver {
    /// ChromeDriver listens on a free port that it chooses. It ends if another process has that
    /// port in the other address family, so it is started again then.
    pub(super) async fn chromium(capabilities: Value) -> Self {
        for _ in 0..STARTS {
            let mut process = spawn(Command::new("chromedriver").arg("--port=0"), "chromedriver");
            let mut printed = BufReader::new(process.stdout.take().unwrap());
            let port = timeout(TIMEOUT, port(&mut printed)).await;
            let port =
                port.unwrap_or_else(|_| panic!("chromedriver is not ready in time; {REMEDY}"));
            let Some(port) = port else { continue };
            // An unread pipe would block the driver, so the rest of the output is read too.
            tokio::spawn(async move { copy(&mut printed, &mut sink()).await });
            return Self::at(vec![process], port, capabilities).await;
        }
        panic!("chromedriver ended {STARTS} times without listening; {REMEDY}");
    }

    /// WebKitGTK's browser has no headless mode, so it gets a virtual screen.
    pub(super) async fn webkit(capabilities: Value) -> Self {
        let mut screen = Command::new("Xvfb");
        screen.args(["-displayfd", "1", "-screen", "0", "1024x768x24"]);
        let mut screen = spawn(screen.args(["-nolisten", "tcp"]), "Xvfb");
        let mut display = String::new();
        let mut printed = BufReader::new(screen.stdout.take().unwrap());
        let read = timeout(TIMEOUT, printed.read_line(&mut display)).await;
        read.unwrap_or_else(|_| panic!("Xvfb is not ready in time; {REMEDY}"))
            .unwrap();
        for _ in 0..STARTS {
            let port = free_port();
            let mut driver = Command::new("WebKitWebDriver");
            driver.arg(format!("--port={port}"));
            driver.env("DISPLAY", format!(":{}", display.trim()));
            driver.env("WEBKIT_DISABLE_COMPOSITING_MODE", "1");
            let mut driver = spawn(&mut driver, "WebKitWebDriver");
            if is_listening(&mut driver, port).await {
                return Self::at(vec![driver, screen], port, capabilities).await;
            }
        }
        panic!("WebKitWebDriver ended {STARTS} times without listening; {REMEDY}");
    }

    async fn at(processes: Vec<Child>, port: u16, capabilities: Value) -> Self {
        let client = Client::builder().no_proxy().timeout(TIMEOUT);
        let mut driver = Self {
            _processes: processes,
            address: format!("127.0.0.1:{port}"),
            session: String::new(),
            client: client.build().unwrap(),
        };
        let wanted = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let session = driver.send(Method::POST, "/session", Some(&wanted)).await;
        let session = session.unwrap_or_else(|error| panic!("no browser: {error}; {REMEDY}"));
        driver.session = session["sessionId"].as_str().unwrap().to_owned();
        driver
    }

    /// Sends one command of the session; the value of the answer, or the error.
    pub(super) async fn command(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, String> {
        let path = format!("/session/{}/{path}", self.session);
        self.send(method, &path, body).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, String> {
        let url = format!("http://{}{path}", self.address);
        let request = self.client.request(method, url);
        let request = match body {
            Some(body) => request.body(body.to_string()),
            None => request,
        };
        let response = request.send().await.unwrap();
        let refused = !response.status().is_success();
        let mut answer: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        let value = answer["value"].take();
        if refused {
            return Err(format!("{}: {}", value["error"], value["message"]));
        }
        Ok(value)
    }

    /// Closes the browser. This blocks, because `drop` cannot wait on the runtime.
    fn close(&self) -> io::Result<()> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        let (address, session) = (&self.address, &self.session);
        let request = format!("DELETE /session/{session} HTTP/1.1\r\nhost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        // The driver answers when the browser has ended.
        stream.read(&mut [0; 1]).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // A panic during the panic of a failed test would abort the process.
        let _ = self.close();
    }
}

pub(super) fn spawn(command: &mut Command, name: &str) -> Child {
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped());
    let spawned = command.stderr(Stdio::null()).kill_on_drop(true).spawn();
    spawned.unwrap_or_else(|error| panic!("{name}: {error}; {REMEDY}"))
}

/// Reads up to the line that names the port; `None` if the process ended before that line.
async fn port(printed: &mut (impl AsyncRead + Unpin + AsyncBufReadExt)) -> Option<u16> {
    let mut line = String::new();
    while printed.read_line(&mut line).await.unwrap() > 0 {
        if let Some((_, port)) = line.split_once("successfully on port ") {
            return port.trim().trim_end_matches('.').parse().ok();
        }
        line.clear();
    }
    None
}

/// Waits until `port` accepts connections; `false` if the process ended before that.
async fn is_listening(driver: &mut Child, port: u16) -> bool {
    let deadline = Instant::now() + TIMEOUT;
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if driver.try_wait().unwrap().is_some() {
            return false;
        }
        assert!(
            Instant::now() < deadline,
            "WebKitWebDriver is not ready in time; {REMEDY}"
        );
        sleep(POLL_INTERVAL).await;
    }
    true
}

/// WebKitWebDriver does not accept port 0.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}
