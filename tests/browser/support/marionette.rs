//! Firefox by its own protocol, whose commands are those of WebDriver under other names
//! (<https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html>).

use std::{fs, net::Ipv4Addr, path::Path};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufStream},
    net::TcpStream,
    process::{Child, Command},
    sync::Mutex,
    time::{Duration, Instant, sleep, timeout},
};

use super::driver::{REMEDY, TIMEOUT, spawn};

const POLL_INTERVAL: Duration = Duration::from_millis(50);

pub(super) struct Marionette {
    _process: Child,
    connection: Mutex<Connection>,
}

struct Connection {
    stream: BufStream<TcpStream>,
    sent: u64,
}

impl Marionette {
    /// Firefox without a window, with the profile of this folder.
    pub(super) async fn start(profile: &Path, capabilities: Value) -> Self {
        let mut firefox = Command::new("firefox-esr");
        firefox.args(["--headless", "--marionette", "--no-remote", "--profile"]);
        let mut process = spawn(firefox.arg(profile), "firefox-esr");
        // An unread pipe would block Firefox.
        let mut printed = process.stdout.take().unwrap();
        tokio::spawn(async move { tokio::io::copy(&mut printed, &mut tokio::io::sink()).await });
        let port = port(profile).await;
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .unwrap();
        let mut connection = Connection {
            stream: BufStream::new(stream),
            sent: 0,
        };
        // Firefox sends the first message.
        connection.read().await;
        let session = connection.call("WebDriver:NewSession", capabilities).await;
        session.unwrap_or_else(|error| panic!("no browser: {error}; {REMEDY}"));
        Self {
            _process: process,
            connection: Mutex::new(connection),
        }
    }

    /// Sends one command, which is given as a WebDriver request.
    pub(super) async fn command(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, String> {
        let (name, parameters) = translated(&method, path, body);
        let answer = self.connection.lock().await.call(name, parameters).await?;
        // Some answers are a list or an object without the member `value`.
        Ok(match answer.get("value") {
            Some(value) => value.clone(),
            None => answer,
        })
    }
}

impl Connection {
    async fn call(&mut self, name: &str, parameters: Value) -> Result<Value, String> {
        self.sent += 1;
        let message = json!([0, self.sent, name, parameters]).to_string();
        let message = format!("{}:{message}", message.len());
        self.stream.write_all(message.as_bytes()).await.unwrap();
        self.stream.flush().await.unwrap();
        let mut answer = timeout(TIMEOUT, self.read())
            .await
            .unwrap_or_else(|_| panic!("Firefox does not answer {name}"));
        match answer[2].take() {
            Value::Null => Ok(answer[3].take()),
            error => Err(format!("{}: {}", error["error"], error["message"])),
        }
    }

    /// Reads one message, which begins with its length.
    async fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            match self.stream.read_u8().await.unwrap() {
                b':' => break,
                digit => length = length * 10 + usize::from(digit - b'0'),
            }
        }
        let mut message = vec![0; length];
        self.stream.read_exact(&mut message).await.unwrap();
        serde_json::from_slice(&message).unwrap()
    }
}

fn translated(method: &Method, path: &str, body: Option<&Value>) -> (&'static str, Value) {
    let mut parameters = body.cloned().unwrap_or_else(|| json!({}));
    let steps: Vec<&str> = path.split('/').collect();
    let name = match (method.as_str(), steps.as_slice()) {
        ("POST", ["url"]) => "WebDriver:Navigate",
        ("GET", ["url"]) => "WebDriver:GetCurrentURL",
        ("POST", ["back"]) => "WebDriver:Back",
        ("POST", ["forward"]) => "WebDriver:Forward",
        ("POST", ["refresh"]) => "WebDriver:Refresh",
        ("POST", ["element"]) => "WebDriver:FindElement",
        ("POST", ["elements"]) => "WebDriver:FindElements",
        (_, ["element", id, command]) => {
            parameters["id"] = json!(id);
            match *command {
                "click" => "WebDriver:ElementClick",
                "text" => "WebDriver:GetElementText",
                "value" => "WebDriver:ElementSendKeys",
                other => panic!("no command of Firefox for {other}"),
            }
        }
        ("GET", ["cookie"]) => "WebDriver:GetCookies",
        ("DELETE", ["cookie", name]) => {
            parameters["name"] = json!(name);
            "WebDriver:DeleteCookie"
        }
        ("GET", ["window", "handles"]) => "WebDriver:GetWindowHandles",
        ("GET", ["window"]) => "WebDriver:GetWindowHandle",
        ("POST", ["window"]) => "WebDriver:SwitchToWindow",
        ("POST", ["window", "new"]) => "WebDriver:NewWindow",
        ("POST", ["window", "rect"]) => "WebDriver:SetWindowRect",
        ("POST", ["frame"]) => "WebDriver:SwitchToFrame",
        ("POST", ["actions"]) => "WebDriver:PerformActions",
        ("POST", ["execute", "async"]) => "WebDriver:ExecuteAsyncScript",
        ("GET", ["screenshot"]) => {
            parameters["full"] = json!(false);
            "WebDriver:TakeScreenshot"
        }
        other => panic!("no command of Firefox for {other:?}"),
    };
    (name, parameters)
}

/// Firefox writes the port into the profile.
async fn port(profile: &Path) -> u16 {
    let deadline = Instant::now() + TIMEOUT;
    loop {
        let written = fs::read_to_string(profile.join("MarionetteActivePort"));
        if let Some(port) = written.ok().and_then(|written| written.trim().parse().ok()) {
            return port;
        }
        assert!(
            Instant::now() < deadline,
            "Firefox is not ready in time; {REMEDY}"
        );
        sleep(POLL_INTERVAL).await;
    }
}
