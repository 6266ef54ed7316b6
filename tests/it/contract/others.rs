//! `examples/spa` and `examples/gateway` as processes, without settings.

use http::StatusCode;

use super::{Running, header, named_example};

const VISIT: [(&str, &str); 1] = [("accept", "text/html")];

#[tokio::test]
async fn the_spa_serves_its_page_to_all_and_its_api_to_users() {
    let spa = Running::of(named_example("spa", &[])).await;
    for path in ["/", "/orders", "/assets/app.js", "/assets/page.css"] {
        let file = spa.get(path, &VISIT).await;
        assert_eq!(file.status(), StatusCode::OK, "{path}");
    }
    let me = spa.get("/api/me", &[]).await;
    assert_eq!(me.status(), StatusCode::UNAUTHORIZED);
    let me = me.text().await.unwrap();
    let login = format!("\"login_url\":\"{}/auth/login\"", spa.address);
    assert!(me.contains(&login), "{me}");
}

#[tokio::test]
async fn the_gateway_begins_a_sign_in_before_its_application() {
    let settings = [("PUBLIC_PATHS", "/open")];
    let gateway = Running::of(named_example("gateway", &settings)).await;
    let open = gateway.get("/open", &[("x-auth-phone", "+821099999999")]);
    let open = open.await.text().await.unwrap();
    assert!(open.starts_with("The application got"), "{open}");
    assert!(!open.contains("99999999"), "{open}");
    let away = gateway.get("/orders", &VISIT).await;
    assert_eq!(away.status(), StatusCode::SEE_OTHER);
    assert!(header(&away, "location").contains("/oauth/authorize?"));
}

#[tokio::test]
async fn the_gateway_answers_the_questions_of_the_proxy_that_its_argument_names() {
    for (proxy, names) in [
        ("nginx", ["x-original-method", "x-original-uri"]),
        ("caddy", ["x-forwarded-method", "x-forwarded-uri"]),
    ] {
        let mut example = named_example("gateway", &[("PUBLIC_PATHS", "/open")]);
        example.arg(proxy);
        let checks = Running::of(example).await;
        for (path, status) in [
            ("/open", StatusCode::OK),
            ("/orders", StatusCode::UNAUTHORIZED),
        ] {
            let question = [(names[0], "GET"), (names[1], path)];
            let answer = checks.get("/check", &question).await;
            assert_eq!(answer.status(), status, "{proxy} {path}");
        }
        let unclear = checks.get("/check", &[]).await;
        assert_eq!(unclear.status(), StatusCode::FORBIDDEN, "{proxy}");
    }
}
