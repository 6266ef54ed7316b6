//! The return address: the path on this origin that a sign-in leads back to.
//!
//! A link to the sign-in names the return address, and any site can write such a link. An address
//! on another origin would make the layer an open redirect. [`ReturnTo`] can only be made by
//! [`ReturnTo::parse`], which checks the text in the way that a browser reads it, so a `Location`
//! made from it stays on the origin by construction.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use url::Url;

use super::own_paths::Prefix;

/// The longest return address in bytes. A longer one becomes the start page, because the address
/// must fit into a cookie.
const LONGEST: usize = 2048;

/// The characters that are percent-encoded, besides all outside of ASCII. A `+` that a link did
/// not encode arrives as a space.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ');

/// Path and query on this origin, as they were requested. Only a space and the characters outside
/// of ASCII are percent-encoded, as browsers do it, because a URI reference is ASCII (RFC 3986
/// section 2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReturnTo {
    /// Path, query and fragment, as a `Location` has them.
    target: String,
    /// A saved form, whose page the user goes to first.
    form: Option<FormId>,
}

/// The id of a saved form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FormId([u8; 16]);

impl FormId {
    /// A random id. `None` if the system gives no random bytes.
    pub(crate) fn random() -> Option<Self> {
        let mut id = [0; 16];
        crate::random::fill(&mut id)?;
        Some(Self(id))
    }

    /// Reads an id from a link. `None` if the text is no id.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The id in links and in the names of cookies.
    pub(crate) fn text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl ReturnTo {
    /// The start page of the application.
    pub(crate) fn home(prefix: &Prefix) -> Self {
        Self {
            target: prefix.base().home(),
            form: None,
        }
    }

    /// Adds a saved form. `None` removes it.
    pub(crate) fn with_form(self, form: Option<FormId>) -> Self {
        Self { form, ..self }
    }

    /// The saved form, if one waits.
    pub(crate) fn form(&self) -> Option<FormId> {
        self.form
    }

    /// The return address `target`, or the start page if `target` is not safe. `target` is an
    /// address as browsers see it, below the path of the public URL. The layer's own paths are
    /// refused, because going back to the callback or the sign-out would loop.
    pub(crate) fn parse(target: &str, prefix: &Prefix) -> Self {
        match sendable(target) {
            Some(target) if leads_here(&target, prefix) => Self {
                target: target.into_owned(),
                form: None,
            },
            _ => Self::home(prefix),
        }
    }

    /// Whether [`parse`](Self::parse) keeps the target. A caller that would rather do without a
    /// redirect asks before.
    pub(crate) fn keeps(target: &str, prefix: &Prefix) -> bool {
        sendable(target).is_some_and(|target| leads_here(&target, prefix))
    }

    /// The address as a `Location` has it.
    pub(crate) fn as_str(&self) -> &str {
        &self.target
    }
}

/// The target in ASCII, or `None`. Backslashes and control characters are refused, because
/// browsers read a backslash as a slash and drop tabs and line breaks (WHATWG URL, path state):
/// `/\evil.example` would name a host.
fn sendable(target: &str) -> Option<Cow<'_, str>> {
    let odd = |character: char| character == '\\' || character.is_control();
    if target.len() > LONGEST || !target.starts_with('/') || target.contains(odd) {
        return None;
    }
    // Encoding makes the text longer, so the limit is checked again.
    let target = Cow::from(utf8_percent_encode(target, ENCODED));
    (target.len() <= LONGEST).then_some(target)
}

/// Whether both readings of the target stay inside the application: the one of a browser, which
/// resolves dot segments, and the text as it is written.
fn leads_here(target: &str, prefix: &Prefix) -> bool {
    let is_place = |path: &str| prefix.base().holds(path) && !is_below(path, prefix.as_str());
    let resolved = resolved_path(target);
    resolved.is_some_and(|path| is_place(&path)) && is_place(written(target))
}

/// The path that a browser makes of `target`, if it stays on the origin.
fn resolved_path(target: &str) -> Option<String> {
    // The host does not matter, because only the difference between it and the result counts.
    let base = Url::parse("https://origin.invalid/").ok()?;
    let url = base.join(target).ok()?;
    // Dot segments may leave an empty first segment, which relative links would read as a host.
    let stays = url.origin() == base.origin() && !url.path().starts_with("//");
    stays.then(|| url.path().to_owned())
}

/// The path as it is written. Some clients request it without resolving dot segments.
fn written(target: &str) -> &str {
    target.split(['?', '#']).next().unwrap_or(target)
}

/// Whether a path is `reserved` or below it.
fn is_below(path: &str, reserved: &str) -> bool {
    path.strip_prefix(reserved)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::web::base_path::BasePath;

    fn auth() -> Prefix {
        Prefix::parse("/auth").unwrap()
    }

    fn home() -> ReturnTo {
        ReturnTo::home(&auth())
    }

    fn kept(target: &str) -> bool {
        ReturnTo::parse(target, &auth()).as_str() == target
    }

    #[test]
    fn below_a_path_only_its_own_addresses_are_kept() {
        let base = BasePath::parse("/shop").unwrap();
        let prefix = auth().below(base);
        let parse = |target: &str| ReturnTo::parse(target, &prefix).as_str().to_owned();
        for target in [
            "/shop",
            "/shop/",
            "/shop/me?a=b#c",
            "/shop?x",
            "/shop/shop",
            "/shop/authors",
        ] {
            assert_eq!(parse(target), target);
        }
        for target in [
            "",
            "/",
            "/me",
            "/shopping",
            "/SHOP/me",
            "/%73hop/me",
            "/admin/shop/me",
            "/shop/../admin",
            "/shop/%2e%2e/admin",
            "/shop/a/../../admin",
            "/x/../shop/me",
            "//shop/me",
            "/shop/auth",
            "/shop/auth/login",
            "/shop/./auth/logout",
            "https://shop.example.com/shop/me",
        ] {
            assert_eq!(parse(target), "/shop/", "{target}");
        }
        // It is the application's own page, which requests have without the path.
        assert_eq!(parse("/shop/x/../me"), "/shop/x/../me");
        assert_eq!(parse("/auth/login"), "/shop/");
    }

    #[test]
    fn paths_on_this_origin_are_kept_byte_for_byte() {
        for target in [
            "/",
            "/foo?bar",
            "/foo?to=https://www.example.com//x",
            "/a%2Fb",
            "/dashboard+page?test=123+456",
            "/%ED%95%9C?",
            "/a;b=c?d;e",
            "/authors",
            "/x?y#z",
        ] {
            assert!(kept(target), "{target}");
        }
    }

    #[test]
    fn a_space_and_letters_that_are_not_ascii_are_encoded_and_nothing_else_is() {
        for (target, sent) in [
            (
                "/한글/경로?q=가#나",
                "/%ED%95%9C%EA%B8%80/%EA%B2%BD%EB%A1%9C?q=%EA%B0%80#%EB%82%98",
            ),
            ("/search?q=a b", "/search?q=a%20b"),
            ("/a b/ c", "/a%20b/%20c"),
            ("/ /evil.example", "/%20/evil.example"),
            ("/é%20ü+%EA%B0%80", "/%C3%A9%20%C3%BC+%EA%B0%80"),
            ("/🏠", "/%F0%9F%8F%A0"),
            ("/\u{2028}\u{a0}\u{feff}", "/%E2%80%A8%C2%A0%EF%BB%BF"),
            ("/a\"<>`{}|^b?a'[]", "/a\"<>`{}|^b?a'[]"),
        ] {
            assert_eq!(ReturnTo::parse(target, &auth()).as_str(), sent);
            assert!(ReturnTo::keeps(target, &auth()));
            assert!(kept(sent), "{sent}");
        }
    }

    #[test]
    fn a_place_off_the_origin_becomes_the_start_page() {
        for target in [
            "",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/./\\evil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "evil.example",
            " /a",
            " //evil.example",
            "/a\r\nSet-Cookie: x=y",
            "/a\u{7f}",
            "/\u{80}",
            "/\u{9e}_t",
            "/a?b=\u{85}c",
            "/a#\u{9f}",
        ] {
            assert_eq!(ReturnTo::parse(target, &auth()), home(), "{target}");
        }
    }

    #[test]
    fn the_layers_own_paths_become_the_start_page() {
        for target in [
            "/auth",
            "/auth/login",
            "/auth?x",
            "/auth/callback/kakao?code=c",
            "/./auth/login",
            "/x/../auth/logout",
            "/%2e/auth/login",
            "/auth/%2e%2e",
            "/auth/..",
            "/auth/../cart",
            "/auth/%2E./cart?a#b",
        ] {
            assert_eq!(ReturnTo::parse(target, &auth()), home(), "{target}");
        }
    }

    #[test]
    fn a_place_too_long_for_a_cookie_becomes_the_start_page() {
        assert!(kept(&format!("/{}", "a".repeat(LONGEST - 1))));
        assert!(!kept(&format!("/{}", "a".repeat(LONGEST))));
        let korean = |letters| ReturnTo::keeps(&format!("/{}", "가".repeat(letters)), &auth());
        assert!(korean((LONGEST - 1) / 9));
        assert!(!korean(LONGEST / 9 + 1));
    }

    proptest! {
        #[test]
        fn no_text_leaves_the_origin(text in "\\PC{0,40}", slashes in "[/\\\\\t.]{0,4}") {
            let base = Url::parse("https://app.example/page").unwrap();
            let target = ReturnTo::parse(&format!("{slashes}{text}"), &auth());
            prop_assert_eq!(base.join(target.as_str()).unwrap().origin(), base.origin());
            prop_assert!(target.as_str().bytes().all(|byte| (b'!'..=b'~').contains(&byte)));
        }
    }
}
