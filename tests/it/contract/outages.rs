//! Outages of the system from which no example ends: an output that cannot be written, and too many
//! open files. `/dev/full` exists on Linux alone.

use std::{fs::File, io, process::Stdio};

use http::StatusCode;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpStream,
    process::Command,
};

use super::{Running, named_example};

/// The examples that serve an application.
const SERVERS: [&str; 4] = ["axum", "hyper", "spa", "gateway"];

/// An output whose reader has left.
fn left() -> Stdio {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    writer.into()
}

/// An output without space.
fn full_disk() -> Stdio {
    File::create("/dev/full").unwrap().into()
}

#[tokio::test]
async fn a_log_that_cannot_be_written_stops_no_request() {
    for name in SERVERS {
        for (log, what) in [(left(), "a reader that left"), (full_disk(), "a full disk")] {
            let mut example = named_example(name, &[("RUST_LOG", "trace")]);
            example.stderr(log);
            let app = Running::of(example).await;
            for path in ["/api/me", "/auth/login", "/auth/callback/kakao?error=x"] {
                let status = app.get(path, &[]).await.status().as_u16();
                assert!(status < 500, "{name}, {what}: {path} gets {status}");
            }
        }
    }
}

#[tokio::test]
async fn an_address_that_cannot_be_printed_stops_no_start() {
    for name in SERVERS {
        for (output, what) in [(left(), "a reader that left"), (full_disk(), "a full disk")] {
            let mut example = named_example(name, &[("RUST_LOG", "info")]);
            let mut process = example.stdout(output).spawn().unwrap();
            let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
            let address = loop {
                let line = log.next_line().await.unwrap().unwrap();
                if let Some((_, address)) = line.split_once("redirect_uri=\"") {
                    break address.split("/auth/").next().unwrap().to_owned();
                }
            };
            let answer = reqwest::get(format!("{address}/auth/logout")).await;
            assert_eq!(answer.unwrap().status(), StatusCode::OK, "{name}, {what}");
        }
    }
}

#[tokio::test]
async fn too_many_open_connections_stop_no_example() {
    for name in SERVERS {
        let example = named_example(name, &[]);
        let mut limited = Command::new("sh");
        limited
            .args(["-c", "ulimit -n 48; exec \"$0\""])
            .arg(example.as_std().get_program())
            .env("LISTEN_ADDR", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let app = Running::of(limited).await;
        let host = app.address.strip_prefix("http://").unwrap();
        let mut connections = Vec::new();
        for _ in 0..60 {
            connections.push(TcpStream::connect(host).await.unwrap());
        }
        drop(connections);
        let page = app.get("/auth/logout", &[("accept", "text/html")]).await;
        assert_eq!(page.status(), StatusCode::OK, "{name}");
    }
}
