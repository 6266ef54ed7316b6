use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty};
use tower::ServiceExt;
use tower_phone_auth::gateway::{ForwardAuth, ForwardAuthService};
use tower_phone_auth_local_provider::LocalProvider;

use super::{VISIT, head, shop, values, with};
use crate::support::{clients::Clients as _, log::Log, shop::Shop};

type Answer = Response<String>;

async fn ask(service: &ForwardAuthService, path: &str, lines: &[(&str, &str)]) -> Answer {
    let request = Request::from_parts(head("GET", path, lines), Empty::<Bytes>::new());
    let answer = service.clone().oneshot(request).await.unwrap();
    let (head, body) = answer.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Response::from_parts(head, String::from_utf8(body.to_vec()).unwrap())
}

/// The headers in which a proxy names a request.
fn about<'a>(
    proxy: ForwardAuth,
    method: &'a str,
    uri: &'a str,
    lines: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let names = match proxy {
        ForwardAuth::Nginx => ["x-original-method", "x-original-uri"],
        _ => ["x-forwarded-method", "x-forwarded-uri"],
    };
    let mut all = lines.to_vec();
    all.extend([(names[0], method), (names[1], uri)]);
    all
}

const PROXIES: [ForwardAuth; 3] = [ForwardAuth::Nginx, ForwardAuth::Traefik, ForwardAuth::Caddy];

#[tokio::test]
async fn a_signed_in_user_passes_with_the_identity_in_headers() {
    let (shop, cookie) = shop().await;
    for proxy in PROXIES {
        let service = shop.layer.forward_auth(proxy);
        let lines = about(proxy, "GET", "/orders?page=2", &with(&VISIT, &cookie));
        let answer = ask(&service, "/check", &lines).await;
        assert_eq!(answer.status(), StatusCode::OK, "{proxy:?}");
        assert_eq!(answer.headers()["x-auth-phone"], "+821012345678");
        assert_eq!(answer.headers()["x-auth-provider"], "kakao");
    }
    let envoy = shop.layer.forward_auth(ForwardAuth::envoy("/check"));
    let answer = ask(&envoy, "/check/orders?page=2", &with(&VISIT, &cookie)).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["x-auth-phone"], "+821012345678");
}

#[tokio::test]
async fn a_public_path_passes_with_empty_headers() {
    let (shop, _) = shop().await;
    for proxy in PROXIES {
        let service = shop.layer.forward_auth(proxy);
        let lines = about(
            proxy,
            "GET",
            "/healthz",
            &[("x-auth-phone", "+821099999999")],
        );
        let answer = ask(&service, "/check", &lines).await;
        assert_eq!(answer.status(), StatusCode::OK, "{proxy:?}");
        assert_eq!(values(answer.headers(), "x-auth-phone"), [""]);
    }
}

#[tokio::test]
async fn the_headers_of_another_proxy_open_no_page() {
    let (shop, _) = shop().await;
    for (proxy, forged) in [
        (ForwardAuth::Caddy, ForwardAuth::Nginx),
        (ForwardAuth::Traefik, ForwardAuth::Nginx),
        (ForwardAuth::Nginx, ForwardAuth::Caddy),
    ] {
        let service = shop.layer.forward_auth(proxy);
        let browser = about(forged, "GET", "/healthz", &[]);
        let lines = about(proxy, "GET", "/orders", &browser);
        let answer = ask(&service, "/check", &lines).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{proxy:?}");
        // The proxy's own headers are missing.
        let answer = ask(&service, "/check", &browser).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{proxy:?}");
    }
    let envoy = shop.layer.forward_auth(ForwardAuth::envoy("/check"));
    let browser = about(ForwardAuth::Nginx, "GET", "/healthz", &[]);
    let answer = ask(&envoy, "/check/orders", &browser).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_second_value_of_the_browser_opens_no_page_and_the_log_has_one_line() {
    let log = Log::capture();
    let (shop, cookie) = shop().await;
    let service = shop.layer.forward_auth(ForwardAuth::Nginx);
    for _ in 0..3 {
        let mut lines = about(ForwardAuth::Nginx, "GET", "/orders", &with(&VISIT, &cookie));
        lines.push(("x-original-uri", "/healthz"));
        let answer = ask(&service, "/check", &lines).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    }
    let text = log.text();
    let lines = text.lines().filter(|line| line.contains("x-original-uri"));
    assert_eq!(lines.count(), 1, "{text}");
    assert!(text.contains("more than once"), "{text}");
}

#[tokio::test]
async fn a_page_visit_begins_a_sign_in_at_the_proxies_that_pass_it_on() {
    let (shop, _) = shop().await;
    for proxy in [ForwardAuth::Traefik, ForwardAuth::Caddy] {
        let service = shop.layer.forward_auth(proxy);
        let answer = ask(&service, "/check", &about(proxy, "GET", "/orders", &VISIT)).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{proxy:?}");
        let location = answer.headers()["location"].to_str().unwrap();
        assert!(location.contains("/oauth/authorize?"), "{location}");
        assert_eq!(values(answer.headers(), "set-cookie").len(), 1);
    }
}

#[tokio::test]
async fn nginx_asks_without_beginning_a_sign_in_that_it_throws_away() {
    let (shop, _) = shop().await;
    let service = shop.layer.forward_auth(ForwardAuth::Nginx);
    let lines = about(ForwardAuth::Nginx, "GET", "/orders", &VISIT);
    let answer = ask(&service, "/check", &lines).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(answer.headers().is_empty(), "{:?}", answer.headers());
}

#[tokio::test]
async fn traefik_gets_the_public_address_of_the_page_to_choose_a_provider() {
    let provider = LocalProvider::start();
    let provider = provider.await.unwrap();
    let (kakao, naver) = (provider.kakao(), provider.naver());
    let shop = Shop::at(provider, kakao, |builder| builder.provider(naver));
    for (proxy, start) in [
        (ForwardAuth::Traefik, "http://127.0.0.1:3000/auth/login?"),
        (ForwardAuth::Caddy, "/auth/login?"),
    ] {
        let service = shop.layer.forward_auth(proxy);
        let answer = ask(&service, "/check", &about(proxy, "GET", "/orders", &VISIT)).await;
        let location = answer.headers()["location"].to_str().unwrap();
        assert!(location.starts_with(start), "{proxy:?}: {location}");
    }
}

#[tokio::test]
async fn a_web_socket_of_another_site_is_refused_without_the_upgrade_that_proxies_leave_out() {
    let (shop, cookie) = shop().await;
    let handshake = [
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("sec-websocket-version", "13"),
    ];
    for (site, status) in [
        ("same-site", 403),
        ("cross-site", 403),
        ("same-origin", 200),
    ] {
        let lines = with(&handshake, &cookie);
        let lines: Vec<_> = lines
            .into_iter()
            .chain([("sec-fetch-site", site)])
            .collect();
        for proxy in PROXIES {
            let service = shop.layer.forward_auth(proxy);
            let answer = ask(&service, "/check", &about(proxy, "GET", "/ws", &lines)).await;
            assert_eq!(answer.status().as_u16(), status, "{proxy:?} {site}");
        }
    }
}

#[tokio::test]
async fn a_path_of_the_layer_leaves_the_line_about_wrong_headers_for_them() {
    let log = Log::capture();
    let (shop, _) = shop().await;
    let service = shop.layer.forward_auth(ForwardAuth::Caddy);
    for _ in 0..2 {
        ask(
            &service,
            "/check",
            &about(ForwardAuth::Caddy, "GET", "/auth", &VISIT),
        )
        .await;
        ask(&service, "/check", &VISIT).await;
    }
    let text = log.text();
    let count = |part: &str| text.lines().filter(|line| line.contains(part)).count();
    assert_eq!(count("a path of the layer itself"), 1, "{text}");
    assert_eq!(count("no header x-forwarded-method"), 1, "{text}");
}

#[tokio::test]
async fn no_refusal_is_a_status_that_the_proxy_takes_for_a_yes() {
    let provider = LocalProvider::start();
    let provider = provider.await.unwrap();
    let kakao = provider.kakao();
    let shop = Shop::at(provider, kakao, |builder| {
        builder.cors_origins(["https://app.example.com"])
    });
    let preflight = [
        ("origin", "https://app.example.com"),
        ("access-control-request-method", "POST"),
    ];
    let grpc = [("content-type", "application/grpc"), ("te", "trailers")];
    let script = [("accept", "application/json")];
    let foreign = [("sec-fetch-site", "cross-site")];
    for proxy in PROXIES {
        let service = shop.layer.forward_auth(proxy);
        for (method, uri, lines) in [
            ("OPTIONS", "/orders", &preflight[..]),
            ("POST", "/grpc.Service/Call", &grpc),
            ("GET", "/orders", &script),
            ("POST", "/orders", &foreign),
            ("GET", "/auth/logout", &VISIT),
            ("PROPFIND", "/auth/callback/kakao", &[]),
        ] {
            let answer = ask(&service, "/check", &about(proxy, method, uri, lines)).await;
            let status = answer.status();
            assert!(
                status.is_client_error(),
                "{proxy:?} {method} {uri}: {status}"
            );
            let nginx = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
            assert!(proxy != ForwardAuth::Nginx || nginx.contains(&status));
        }
    }
}

#[tokio::test]
async fn the_reason_is_in_the_challenge_because_nginx_drops_the_body() {
    let (shop, _) = shop().await;
    let service = shop.layer.forward_auth(ForwardAuth::Nginx);
    let lines = about(ForwardAuth::Nginx, "GET", "/orders", &[]);
    let answer = ask(&service, "/check", &lines).await;
    assert_eq!(
        answer.headers()["www-authenticate"],
        "Cookie form-action=\"/auth/login\", reason=\"no_session\""
    );
    assert!(answer.body().contains("no_session"), "{}", answer.body());
}
