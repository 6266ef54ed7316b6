//! The limits on messages of one client, and to neighbouring numbers.

use http::StatusCode;
use tower_phone_auth::phone_step::{PhoneLimits, PhoneStep};

use super::kit::{begin, number, shop_with};
use crate::support::browser::{Browser, FORM};

/// Types a number as the client of this peer, with this `X-Forwarded-For`.
async fn number_from(
    browser: &mut Browser,
    peer: &str,
    forwarded: Option<&str>,
    typed: &str,
) -> StatusCode {
    let mut headers = FORM.to_vec();
    headers.push(("x-peer", peer));
    headers.extend(forwarded.map(|chain| ("x-forwarded-for", chain)));
    let body = format!("number={typed}");
    browser
        .submit_as(&headers, "/auth/phone", body)
        .await
        .status()
}

#[tokio::test]
async fn one_client_shares_a_limit_and_only_a_proxy_names_another() {
    let limits = PhoneLimits::new().address(1).person(100);
    let step = |step: PhoneStep| {
        let step = step.limits(limits).trusted_proxies(["10.0.0.0/8"]);
        step.client_address(|head| head.headers.get("x-peer")?.to_str().ok()?.parse().ok())
    };
    let (shop, outbox) = shop_with(step, |builder| builder).await;
    let (sent, refused) = (StatusCode::SEE_OTHER, StatusCode::TOO_MANY_REQUESTS);
    for (index, (peer, forwarded, expected)) in [
        ("203.0.113.7", None, sent),
        ("203.0.113.7", None, refused),
        // A client that is no proxy invents the header.
        ("203.0.113.7", Some("198.51.100.1"), refused),
        ("10.0.0.1", Some("203.0.113.7"), refused),
        ("10.0.0.1", Some("198.51.100.1"), sent),
        // The client writes the entries before the last one.
        ("10.0.0.1", Some("192.0.2.9, 198.51.100.1"), refused),
        ("10.0.0.1", Some("198.51.100.1, 10.9.9.9"), refused),
        // One network of IPv6 is one client.
        ("2001:db8:1:2::1", None, sent),
        ("2001:db8:1:2:ffff::9", None, refused),
        ("2001:db8:1:3::1", None, sent),
    ]
    .into_iter()
    .enumerate()
    {
        let mut browser = shop.browser();
        begin(&mut browser, "/").await;
        let typed = format!("010-{}-5678", 2000 + index);
        let status = number_from(&mut browser, peer, forwarded, &typed).await;
        assert_eq!(status, expected, "{peer} {forwarded:?}");
    }
    assert_eq!(outbox.count(), 4);
}

#[tokio::test]
async fn numbers_that_differ_in_the_last_four_digits_share_a_limit() {
    let limits = PhoneLimits::new().prefix(2).person(100);
    let (shop, outbox) = shop_with(|step| step.limits(limits), |builder| builder).await;
    for (typed, status) in [
        ("010-2345-0001", StatusCode::SEE_OTHER),
        ("010-2345-0002", StatusCode::SEE_OTHER),
        ("010-2345-0003", StatusCode::TOO_MANY_REQUESTS),
        ("010-2346-0003", StatusCode::SEE_OTHER),
    ] {
        let mut browser = shop.browser();
        begin(&mut browser, "/").await;
        assert_eq!(number(&mut browser, typed).await.status(), status);
    }
    assert_eq!(outbox.count(), 3);
}
