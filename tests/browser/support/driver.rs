//! ChromeDriver as a process, which ends when it is dropped.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    process::Stdio,
    time::Duration,
};

use reqwest::{Client, Method};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader, copy, sink},
    process::{Child, Command},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(180);
pub(crate) const REMEDY: &str = "these tests need Chromium and ChromeDriver of one version: \
     install both (on Debian: apt-get install chromium chromium-driver)";

pub(crate) struct Driver {
    _process: Child,
    address: String,
    client: Client,
}

impl Driver {
    /// On a free port of its own choice.
    pub(crate) async fn start() -> Self {
        let spawned = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let mut process = spawned.unwrap_or_else(|error| panic!("chromedriver: {error}; {REMEDY}"));
        let mut printed = BufReader::new(process.stdout.take().unwrap());
        let port = timeout(PATIENCE, port(&mut printed)).await;
        let port = port.unwrap_or_else(|_| panic!("chromedriver is not ready in time; {REMEDY}"));
        // What it prints later is of no interest, but it must find a reader.
        tokio::spawn(async move { copy(&mut printed, &mut sink()).await });
        Self {
            _process: process,
            address: format!("127.0.0.1:{port}"),
            client: Client::builder()
                .no_proxy()
                .timeout(PATIENCE)
                .build()
                .unwrap(),
        }
    }

    /// One command: the value it answers, or what it says went wrong.
    pub(crate) async fn command(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, String> {
        let request = self
            .client
            .request(method, format!("http://{}{path}", self.address));
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

    /// Closes the browser of a session; without waiting on the runtime, because drop cannot.
    pub(crate) fn close(&self, session: &str) -> io::Result<()> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let address = &self.address;
        let request = format!("DELETE /session/{session} HTTP/1.1\r\nhost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        // The answer begins when the browser is gone.
        stream.read(&mut [0; 1]).map(drop)
    }
}

/// Reads on to the line that says where it listens.
async fn port(printed: &mut (impl AsyncRead + Unpin + AsyncBufReadExt)) -> u16 {
    let mut line = String::new();
    while printed.read_line(&mut line).await.unwrap() > 0 {
        if let Some((_, port)) = line.split_once("successfully on port ") {
            return port.trim().trim_end_matches('.').parse().unwrap();
        }
        line.clear();
    }
    panic!("chromedriver ended without listening; {REMEDY}");
}
