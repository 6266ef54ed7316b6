//! `REVOCATION_FILE`: a sign-out stays in effect after a restart and after a kill.

use http::StatusCode;
use tokio::net::TcpListener;
use tower_phone_auth_local_provider::LocalProvider;

use super::{KEY, Running, refused, sign_in};
use crate::support::folder::Folder;

#[tokio::test]
async fn a_copied_cookie_is_refused_after_a_kill_and_a_restart() {
    let (folder, provider) = (Folder::new(), LocalProvider::start().await.unwrap());
    let file = folder.join("revocations");
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    let origin = provider.origin();
    let settings = [
        ("OAUTH_PROVIDER", "kakao"),
        ("OAUTH_CLIENT_ID", &id),
        ("OAUTH_CLIENT_SECRET", &secret),
        ("OAUTH_ENDPOINT_BASE", &origin),
        ("SESSION_KEY", KEY),
        ("LISTEN_ADDR", &address),
        ("REVOCATION_FILE", file.to_str().unwrap()),
    ];
    let mut app = Running::start(&settings).await;
    let ended = sign_in(&app, &origin).await;
    let kept = sign_in(&app, &origin).await;
    let logout = app.client.post(format!("{}/auth/logout", app.address));
    let logout = logout
        .header("cookie", &ended)
        .header("sec-fetch-site", "same-origin")
        .header("sec-fetch-mode", "cors");
    let answered = logout.send().await.unwrap().status();
    assert_eq!(answered, StatusCode::NO_CONTENT);
    // SIGKILL right after the answer.
    app.process.kill().await.unwrap();

    let app = Running::start(&settings).await;
    let status = async |cookie: &str| app.get("/me", &[("cookie", cookie)]).await.status();
    assert_eq!(status(&ended).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&kept).await, StatusCode::OK);

    let message = refused(&[("REVOCATION_FILE", file.to_str().unwrap())]).await;
    assert!(message.starts_with("error: REVOCATION_FILE: "), "{message}");
    assert!(message.contains("is open in another process"), "{message}");
}

#[tokio::test]
async fn a_file_that_cannot_be_a_log_stops_the_start_with_one_line() {
    let folder = Folder::new();
    let file = folder.join("file");
    std::fs::write(&file, "something else").unwrap();
    let (file, below) = (file.to_str().unwrap(), folder.join("file/log"));
    for (path, part) in [
        (file, "is no revocation log"),
        (below.to_str().unwrap(), "folder that exists"),
        (folder.0.to_str().unwrap(), "the path of a file"),
    ] {
        let message = refused(&[("REVOCATION_FILE", path)]).await;
        assert!(message.starts_with("error: REVOCATION_FILE: "), "{message}");
        assert!(message.contains(part), "{message}");
    }
    let both = [
        ("REVOCATION_FILE", file),
        ("REDIS_URL", "redis://127.0.0.1:1"),
    ];
    let message = refused(&both).await;
    assert!(
        message.contains("REVOCATION_FILE: ") && message.contains("REDIS_URL"),
        "{message}"
    );
}
