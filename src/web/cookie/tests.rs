use http::header::COOKIE;

use super::*;

fn request(lines: &[&[u8]]) -> HeaderMap {
    lines
        .iter()
        .map(|line| (COOKIE, HeaderValue::from_bytes(line).unwrap()))
        .collect()
}

#[test]
fn the_session_is_found_in_split_and_broken_cookie_headers() {
    let cookies = Cookies::new("phone-auth", true).unwrap();
    let headers = request(&[
        b"theme=\xff\xfe; =; ;;a; __Host-phone-auth=one ;x=y",
        b"__Host-phone-authority=no;__Host-phone-auth=two",
    ]);
    let values: Vec<_> = cookies.sessions(&headers).collect();
    assert_eq!(values, [b"one", b"two"]);
}

#[test]
fn a_pending_cookie_is_named_after_its_state() {
    let cookies = Cookies::new("phone-auth", false).unwrap();
    let pending = cookies.kind("-login-", "/");
    assert_eq!(
        pending.name("ab-_cdefghijklmno"),
        "phone-auth-login-abcdefghijkl"
    );
    assert_eq!(pending.name("\r\n;é"), "phone-auth-login-");
}

#[test]
fn cookies_are_host_bound_lax_and_hidden_from_scripts() {
    let cookies = Cookies::new("phone-auth", true).unwrap();
    let header = cookies
        .set(cookies.session(), "v", Duration::from_secs(60))
        .unwrap();
    assert_eq!(
        header,
        "__Host-phone-auth=v; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60"
    );
    let header = cookies.delete(cookies.session()).unwrap();
    assert_eq!(
        header,
        "__Host-phone-auth=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0"
    );
}

#[test]
fn the_layers_cookies_are_taken_out_of_a_request_and_similar_names_stay() {
    let cookies = Cookies::new("phone-auth", true).unwrap();
    let ends = [
        "", "-last", "-rounds", "-probe", "-claims", "-phone", "-login-a", "-done-b", "-form-c",
    ];
    for end in ends {
        let own = format!("__Host-phone-auth{end}=x");
        let other = format!("__Host-phone-auth{end}y=x");
        let mut headers = request(&[own.as_bytes()]);
        assert!(cookies.has_any(&headers), "{own}");
        cookies.strip(&mut headers);
        assert!(headers.get(COOKIE).is_none(), "{own}");
        if end.matches('-').count() < 2 {
            let mut headers = request(&[other.as_bytes()]);
            assert!(!cookies.has_any(&headers), "{other}");
            cookies.strip(&mut headers);
            assert_eq!(headers[COOKIE], other.as_str(), "{other}");
        }
    }
}
