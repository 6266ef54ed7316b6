//! A process that is killed while it writes.

use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use axum::body::Bytes;
use tower_phone_auth::revocation::RevocationLog;

use super::{Folder, open, read};

/// A child process that publishes until it is killed, and prints the acknowledged entries.
fn publisher(path: &Path) -> Child {
    let test = "revocation::file::process_end::child_publishes";
    Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env("REVOCATION_FILE_OF_CHILD", path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn entries_acknowledged_before_a_kill_are_there_after_it() {
    let folder = Folder::new();
    let mut acknowledged = Vec::new();
    for rounds in [1, 40, 7] {
        let mut child = publisher(&folder.log());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut seen = 0;
        for line in lines.map_while(Result::ok) {
            let Some(payload) = line.strip_prefix("acknowledged ") else {
                continue;
            };
            acknowledged.push(payload.to_owned());
            seen += 1;
            if seen == rounds {
                child.kill().unwrap();
            }
        }
        assert!(!child.wait().unwrap().success());
        assert!(seen >= rounds);
    }
    let kept = read(&open(folder.log())).await;
    for payload in &acknowledged {
        assert!(kept.contains(payload), "{payload} of {kept:?}");
    }
}

/// The body of a child process. As a test of its own it does nothing.
#[tokio::test]
async fn child_publishes() {
    let Some(path) = env::var_os("REVOCATION_FILE_OF_CHILD") else {
        return;
    };
    let log = open(path);
    for number in 0.. {
        let payload = |one| format!("{}-{number}-{one}", std::process::id());
        let payloads = (0..20).map(|one| Bytes::from(payload(one)));
        log.publish(payloads.collect()).await.unwrap();
        // The newest entry is the last one in the file.
        println!("acknowledged {}", payload(19));
    }
}
