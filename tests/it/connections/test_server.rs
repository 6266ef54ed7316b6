//! A small server that ends connections as servers and networks do.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// The answer to one request, or the end of its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Answered,
    /// Answered; then the connection ends without an announcement.
    AnsweredLast,
    /// Read; then the connection ends (FIN).
    Closed,
    /// Read; then the connection breaks (RST).
    Reset,
    /// Read; then the server ends its sending side and still reads.
    HalfClosed,
    /// Read; then half of the answer is sent.
    Cut,
    /// Read; no answer is sent.
    Kept,
}

/// A provider with the dialect of Kakao, on a loopback port.
pub(super) struct TestServer {
    pub(super) origin: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// The fates of the next requests. Later requests are answered.
    fates: VecDeque<Fate>,
    seen: Vec<String>,
    connections: usize,
}

impl TestServer {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { origin, state }
    }

    pub(super) fn next(&self, fates: &[Fate]) {
        self.state.lock().unwrap().fates = fates.iter().copied().collect();
    }

    /// The numbers of requests for a token and for a profile.
    pub(super) fn requests(&self) -> (usize, usize) {
        let state = self.state.lock().unwrap();
        let count = |method: &str| {
            let starts = |line: &&String| line.starts_with(method);
            state.seen.iter().filter(starts).count()
        };
        (count("POST /oauth/token"), count("GET /v2/user/me"))
    }

    pub(super) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    while let Some(line) = read_request(&mut stream).await {
        let fate = {
            let mut state = state.lock().unwrap();
            state.seen.push(line.clone());
            state.fates.pop_front().unwrap_or(Fate::Answered)
        };
        let answer = answer(&line);
        match fate {
            Fate::Answered => stream.write_all(answer.as_bytes()).await.unwrap(),
            Fate::AnsweredLast => {
                stream.write_all(answer.as_bytes()).await.unwrap();
                return;
            }
            Fate::Closed => return,
            Fate::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
            Fate::HalfClosed => {
                stream.shutdown().await.unwrap();
                let _ = stream.read_to_end(&mut Vec::new()).await;
                return;
            }
            Fate::Cut => {
                let half = &answer.as_bytes()[..answer.len() - 9];
                stream.write_all(half).await.unwrap();
                return;
            }
            Fate::Kept => tokio::time::sleep(Duration::from_secs(600)).await,
        }
    }
}

/// The first line of a whole request.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_ascii_lowercase();
            let length = head.split_once("content-length: ").map_or(0, |(_, rest)| {
                rest.split("\r\n").next().unwrap().parse().unwrap()
            });
            if body.len() >= length {
                return text.lines().next().map(str::to_owned);
            }
        }
        let count = stream.read(&mut buffer).await.ok().filter(|n| *n > 0)?;
        read.extend_from_slice(&buffer[..count]);
    }
}

fn answer(line: &str) -> String {
    let body = if line.starts_with("POST") {
        r#"{"access_token":"token","token_type":"bearer"}"#
    } else {
        r#"{"id":7,"kakao_account":{"has_phone_number":true,"phone_number":"+82 10-1234-5678"}}"#
    };
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}
