//! `PUBLIC_URL` with a path, which a proxy removes.

use http::StatusCode;
use url::Url;

use super::{Running, header, refused};

/// An address where nothing listens.
fn free() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

#[tokio::test]
async fn all_addresses_are_below_the_path_of_the_public_url() {
    let address = free();
    let public_url = format!("http://{address}/shop/");
    let mut app = Running::start(&[("LISTEN_ADDR", &address), ("PUBLIC_URL", &public_url)]).await;
    assert_eq!(app.address, public_url);
    // The test acts as the proxy: it removes the path and calls the application.
    app.address = format!("http://{address}");
    let page = [("accept", "text/html")];
    let away = app.get("/deep?q=%2F", &page).await;
    assert_eq!(away.status(), StatusCode::SEE_OTHER);
    let pending = super::pair(&away);
    assert!(pending.starts_with("phone-auth-"), "{pending}");
    let authorize = Url::parse(header(&away, "location")).unwrap();
    let redirect_uri = format!("http://{address}/shop/auth/callback/local");
    let mut sent = authorize.query_pairs();
    assert!(sent.any(|(name, value)| name == "redirect_uri" && value == redirect_uri));
    let form = format!(
        "{}&person=1376016924429759228&phone_number=yes&decision=agree",
        authorize.query().unwrap()
    );
    let mut shown = authorize.clone();
    shown.set_query(None);
    let answered = app
        .client
        .post(shown)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    let answered = answered.send().await.unwrap();
    let callback = header(&answered, "location")
        .strip_prefix(&format!("http://{address}/shop"))
        .unwrap()
        .to_owned();
    let back = app.get(&callback, &[("cookie", &pending)]).await;
    assert_eq!(header(&back, "location"), "/shop/deep?q=%2F");
    let session = super::pair(&back);
    let me = app.get("/me", &[("cookie", &session)]).await;
    assert_eq!(me.status(), StatusCode::OK);
    let home = app
        .get("/", &[("cookie", &session)])
        .await
        .text()
        .await
        .unwrap();
    assert!(home.contains("action=\"/shop/auth/logout\""), "{home}");
    let refused = app.get("/me", &[]).await.text().await.unwrap();
    let login = format!("\"login_url\":\"http://{address}/shop/auth/login");
    assert!(refused.contains(&login), "{refused}");
}

#[tokio::test]
async fn an_ambiguous_path_is_refused() {
    for wrong in [
        "http://127.0.0.1:3000//shop",
        "http://127.0.0.1:3000/a%2Fb",
        "http://127.0.0.1:3000/shop?x=1",
        "http://127.0.0.1:3000/shop#x",
    ] {
        let message = refused(&[("PUBLIC_URL", wrong)]).await;
        assert!(message.contains("PUBLIC_URL"), "{message}");
    }
}
