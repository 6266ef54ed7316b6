//! The explanations of codes: every code that this crate distinguishes has one, in two languages.

use std::{collections::BTreeSet, fs, path::Path};

use tower_phone_auth::doctor::{Explanation, explain};

fn sources(folder: &Path, found: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_stem().is_some_and(|name| name == "tests") {
            continue;
        }
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let lines = code
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            lines.for_each(|line| *found += line);
        }
    }
}

/// The texts in quotation marks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !text.is_empty() && text.bytes().all(plain)
}

/// The names among the arguments of the calls of this function.
fn arguments<'a>(code: &'a str, word: &str) -> Vec<&'a str> {
    let calls = code.split(word).skip(1).map(|rest| &rest[..end(rest)]);
    let texts = calls.filter(|call| call.contains('"')).flat_map(quoted);
    texts.filter(|text| is_name(text)).collect()
}

/// The position of the parenthesis that closes the one before the text.
fn end(text: &str) -> usize {
    let mut depth = 1;
    let close = text.bytes().position(|byte| {
        depth += match byte {
            b'(' => 1,
            b')' => -1,
            _ => 0,
        };
        depth == 0
    });
    close.unwrap_or(text.len())
}

#[track_caller]
fn assert_explained(code: &str) {
    let explanations = explain(code);
    assert!(!explanations.is_empty(), "{code} has no explanation");
    for one in explanations {
        let [english, korean] = [one.english(), one.korean()];
        assert!(
            english.meaning.is_ascii() && english.remedy.is_ascii(),
            "{one}"
        );
        let hangul = |text: &str| text.chars().any(|letter| ('가'..='힣').contains(&letter));
        assert!(hangul(korean.meaning) && hangul(korean.remedy), "{one}");
        assert!(
            english.meaning.ends_with(['.', ')']) && english.remedy.ends_with('.'),
            "{one}"
        );
        assert!(
            korean.meaning.ends_with('.') && korean.remedy.ends_with('.'),
            "{one}"
        );
        assert!(!one.source().is_empty() && !one.provider().is_empty());
    }
}

#[test]
fn every_code_that_the_provider_modules_distinguish_is_explained() {
    let mut code = String::new();
    sources(Path::new("src/provider"), &mut code);
    sources(Path::new("src/flow"), &mut code);
    let words = [
        "with_code(",
        "refuse(",
        "wrong(",
        "coded(",
        "for_operator(",
        "rejected(",
        "of_whom(",
        "Part(",
        "of_part(",
        "refuse_unless(",
        "not_set_up(",
        "wrong_subject(",
    ];
    let mut codes: BTreeSet<&str> = words
        .iter()
        .flat_map(|word| arguments(&code, word))
        .collect();
    codes.extend(
        code.split('"')
            .filter(|text| text.starts_with("KOE") && text.len() == 6),
    );
    assert!(codes.len() > 60, "too few codes were found: {codes:?}");
    for known in [
        "KOE320",
        "aud",
        "at_hash",
        "number_range",
        "userinfo_sub",
        "jwks_uri",
    ] {
        assert!(codes.contains(known), "{known} among {codes:?}");
    }
    codes.into_iter().for_each(assert_explained);
}

#[test]
fn every_numeric_code_of_kakao_and_naver_is_explained() {
    let kakao = fs::read_to_string("src/provider/kakao/error.rs").unwrap();
    let arms = kakao.split("match error.code {").nth(1).unwrap();
    let arms = arms.split("_ => answer").next().unwrap();
    let numbers: Vec<_> = arms
        .split(|letter: char| !letter.is_ascii_digit() && letter != '-')
        .filter(|text| text.starts_with('-') && text.len() > 1)
        .collect();
    assert!(numbers.len() > 15, "{numbers:?}");
    numbers.into_iter().for_each(assert_explained);
    let naver = fs::read_to_string("src/provider/naver/profile.rs").unwrap();
    let numbers = quoted(&naver).filter(|text| text.len() == 3 && text.starts_with('0'));
    numbers.for_each(assert_explained);
}

#[test]
fn every_cause_of_a_refusal_is_explained() {
    let kinds = fs::read_to_string("src/error/kind.rs").unwrap();
    let kinds = kinds.split("pub enum LoginErrorKind {").nth(1).unwrap();
    let kinds = kinds.split("\n}").next().unwrap().lines();
    let kinds: Vec<_> = kinds
        .map(|line| line.trim().trim_end_matches(','))
        .filter(|line| is_name(line))
        .collect();
    assert!(kinds.len() > 30, "{kinds:?}");
    kinds.into_iter().for_each(assert_explained);
    ["no_keys", "late", "cross_site"]
        .into_iter()
        .for_each(assert_explained);
}

#[test]
fn the_error_names_of_the_standards_are_explained() {
    let standard = fs::read_to_string("src/provider/oauth_error.rs").unwrap();
    let registered = standard.split("REGISTERED: ").nth(1).unwrap();
    let registered = registered.split("];").next().unwrap();
    let callback = fs::read_to_string("src/flow/login/error_name.rs").unwrap();
    let mut parts = callback.split("/// The refusal for an expired page");
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let callback: String = parts.next().unwrap().lines().filter(is_code).collect();
    let mut names: Vec<&str> = quoted(registered).chain(quoted(&callback)).collect();
    assert!(names.len() > 25, "{names:?}");
    // OpenID Connect Core section 3.1.2.6, RFC 6750 section 3.1, RFC 7009 section 2.2.1, RFC 9207.
    names.extend([
        "request_not_supported",
        "request_uri_not_supported",
        "registration_not_supported",
    ]);
    names.extend([
        "invalid_token",
        "insufficient_scope",
        "unsupported_token_type",
        "iss_missing",
        "iss",
    ]);
    names.into_iter().for_each(assert_explained);
}

#[test]
fn case_and_white_space_are_ignored_and_a_code_may_have_several_meanings() {
    for written in ["koe006", " KOE006\n", "\tKoe006 "] {
        let [one] = explain(written)[..] else {
            panic!("{written:?}")
        };
        assert_eq!((one.code(), one.provider()), ("KOE006", "Kakao"));
    }
    let providers: Vec<_> = explain("invalid_grant")
        .iter()
        .map(Explanation::provider)
        .collect();
    assert_eq!(providers, ["Kakao", "Google", "OAuth 2.0"]);
    let [naver] = explain("024")[..] else {
        panic!("one")
    };
    assert_eq!(naver.provider(), "Naver");
    for unknown in [
        "",
        " ",
        "KOE",
        "24",
        "로그인",
        "invalid_scope invalid_scope",
    ] {
        assert!(explain(unknown).is_empty(), "{unknown:?}");
    }
}
