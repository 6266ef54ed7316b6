use http::Request;

use super::*;

fn sent(pairs: &[(&str, &str)]) -> Sent {
    let mut sent = Sent::default();
    for (name, value) in pairs {
        sent.add(name, value);
    }
    sent
}

#[track_caller]
fn assert_quoted(text: &str, sent: &Sent, expected: &str) {
    assert_eq!(quoted(text, sent).as_deref(), Some(expected));
}

const CODE: &str = "SplxlOBe/ZQQYbYS6WxSbIA==";

#[test]
fn a_value_that_was_sent_is_replaced_in_every_spelling() {
    let sent = sent(&[("code", CODE)]);
    for spelling in [
        CODE,
        "SplxlOBe%2FZQQYbYS6WxSbIA%3D%3D",
        "SplxlOBe%252FZQQYbYS6WxSbIA%253D%253D",
        "splxlobe/zqqybys6wxsbia==",
        "SplxlOBe ZQQY-bYS6.WxSbIA==",
        "SplxlOBe",
        "U3BseGxPQmUvWlFRWWJZUzZXeFNiSUE9PQ==",
        // With "shop:" before it.
        "c2hvcDpTcGx4bE9CZS9aUVFZYllTNld4U2JJQT09",
        "53706c786c4f42652f5a5151596259533657785362494",
    ] {
        let quoted = quoted(&format!("The code {spelling} is used"), &sent).unwrap();
        let rest = quoted.replace("[code]", "").replace("[token]", "");
        let expected = [
            "The code  is used",
            "The code == is used",
            "The code %3D%3D is used",
            "The code %253D%253D is used",
        ];
        let is_clean = expected.contains(&&*rest) || rest.len() <= "The code c2hvcD is used".len();
        assert!(
            is_clean && quoted.contains("[code]"),
            "{spelling}: {quoted}"
        );
    }
}

#[test]
fn short_and_odd_values_are_replaced_where_they_stand_alone() {
    assert_quoted(
        "code abc12 used",
        &sent(&[("code", "abc12")]),
        "code [code] used",
    );
    assert_quoted(
        "xabc123 is no word",
        &sent(&[("code", "abc12")]),
        "xabc123 is no word",
    );
    assert_quoted(
        "bad #!$%&*() here",
        &sent(&[("client_secret", "#!$%&*()")]),
        "bad [secret] here",
    );
    assert_quoted("a is a letter", &sent(&[("code", "a")]), "a is a letter");
}

#[test]
fn each_value_of_a_request_has_its_word() {
    let request = Request::post("https://id.example/token?access_token=qv6-access-token")
        .header("authorization", "Basic c2hvcDpwJTI1czNjcjN0LWtleQ==")
        .body("code=qv1-first-code&code_verifier=qv2-verifier&refresh_token=qv3-refresh&client_assertion=qv4-assertion&client_id=the-shop-itself&state=qv5-state-of-it")
        .unwrap();
    let sent = Sent::by(&request);
    let text = "qv1-first-code qv2-verifier qv3-refresh qv4-assertion the-shop-itself qv5-state-of-it qv6-access-token p%s3cr3t-key";
    assert_quoted(
        text,
        &sent,
        "[code] [verifier] [token] [assertion] the-shop-itself [state] [token] [secret]",
    );
    let request = Request::get("https://id.example/me")
        .header("authorization", "Bearer qv7-bearer-token")
        .body("")
        .unwrap();
    assert_quoted("no qv7-bearer-token", &Sent::by(&request), "no [token]");
}

#[test]
fn numbers_tokens_and_addresses_do_not_get_through() {
    for (text, expected) in [
        ("call +82 10-1234-5678 now", "call +[number] now"),
        ("user 01012345678", "user [number]"),
        ("010.1234.5678 or 02)123-4567", "[number] or [number]"),
        ("\u{ff10}\u{ff11}\u{ff10}-1234-5678", "[number]"),
        ("٠١٠١٢٣٤٥٦٧٨", "[number]"),
        ("%30%31%30%31%32%33%34%35%36%37%38", "[number]"),
        ("010\u{200b}1234\u{202e}5678", "[number]"),
        ("status 400, KOE320", "status 400, KOE320"),
        (
            "AADSTS7000215: Invalid client secret",
            "AADSTS7000215: Invalid client secret",
        ),
        ("AADSTS700021512345", "AADSTS[number]"),
        (
            "mail jiwoo.kim+shop@example.co.kr, please",
            "mail [address], please",
        ),
        (
            "got eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
            "got [token].[token].",
        ),
        ("sub 9f1c2d3e-1111-2222-3333-444455556666", "sub [token]"),
        (
            "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c",
            "[request_uri]",
        ),
        (
            "not allowed: https://www.googleapis.com/auth/user.phonenumbers.read",
            "not allowed: https://www.googleapis.com/auth/user.phonenumbers.read",
        ),
    ] {
        assert_quoted(text, &Sent::default(), expected);
    }
}

#[test]
fn a_long_text_is_cut_and_stays_one_line() {
    let none = Sent::default();
    assert_eq!(quoted(&"a".repeat(10_000), &none).unwrap().len(), 200);
    assert_eq!(
        quoted(&"가".repeat(10_000), &none).unwrap().chars().count(),
        200
    );
    assert_quoted(
        "  a\nb\u{1b}[31m\u{202e}<b>\"x\"  ",
        &none,
        "a\\nb\\u{1b}[31m\\u{202e}<b>'x'",
    );
    assert_eq!(quoted(" \n ", &none), None);
    // Nothing of a value stands at the end.
    let sent = sent(&[("code", &CODE.repeat(4))]);
    let text = format!("{}{}", "x ".repeat(99), CODE.repeat(4));
    assert!(!quoted(&text, &sent).unwrap().contains("Spl"));
}
