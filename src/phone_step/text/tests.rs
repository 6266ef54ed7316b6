//! The messages and their checks.

use super::{
    euc_kr::{bytes, is_in_ks_x_1001, unencodable},
    *,
};

fn written(texts: &MessageTexts, language: &str) -> String {
    let code = Code::read("012345").unwrap();
    texts.write(&Accepted::only(language), &code).text
}

fn built_in(site: impl Into<Text>, host: &str) -> Result<MessageTexts, ConfigError> {
    MessageTexts::new(None, site.into(), host)
}

#[test]
fn bytes_are_those_of_euc_kr() {
    // Computed with Python's codec.
    for (text, length) in [
        ("[데모] 인증번호는 123456 입니다.\n@example.kr #123456", 52),
        ("shop", 4),
        ("가나다", 6),
        ("漢字", 4),
        ("「」·…", 8),
    ] {
        assert_eq!(bytes(text), length, "{text}");
        assert_eq!(unencodable(&text.replace('\n', "")), None, "{text}");
    }
    for character in [
        "—", "🙂", "é", "뷁", "\u{feff}", "\t", "\n", "\u{7f}", "𝟙", "\u{a0}",
    ] {
        assert_eq!(
            unencodable(character),
            character.chars().next(),
            "{character:?}"
        );
    }
    let syllables = ('\u{ac00}'..='\u{d7a3}').filter(|syllable| is_in_ks_x_1001(*syllable));
    assert_eq!(syllables.count(), 2350);
}

#[test]
fn each_built_in_text_has_a_word_that_services_ask_for() {
    for version in super::built_in().versions() {
        let text = version.text.to_lowercase();
        assert!(
            ["인증", "verif", "auth"]
                .iter()
                .any(|word| text.contains(word)),
            "{text}"
        );
    }
}

#[test]
fn built_in_messages_have_at_most_80_bytes() {
    let name = Text::en("Shop Shop Shop Shop").ko("가나다라마바사아자차카타파하가나다");
    for host in ["a.kr", "shop.example.com", &"a".repeat(253)] {
        let texts = built_in(name.clone(), host).unwrap();
        for language in ["ko", "en", "fr"] {
            let text = written(&texts, language);
            assert!(bytes(&text) <= 80 && text.contains("012345"), "{text}");
        }
    }
}

#[test]
fn the_last_line_binds_the_code_to_the_host() {
    let texts = built_in("데모", "shop.example.com").unwrap();
    assert!(texts.has_origin_line());
    let korean = "[데모] 인증번호 012345 남에게 알려주지 마세요.\n@shop.example.com #012345";
    assert_eq!(written(&texts, "ko"), korean);
    let english = "[데모] Verification code 012345. Do not share it.\n@shop.example.com #012345";
    assert_eq!(written(&texts, "en"), english);
}

#[test]
fn a_host_that_is_too_long_gets_no_line() {
    let texts = built_in("데모", &format!("{}.example.com", "a".repeat(40))).unwrap();
    assert!(!texts.has_origin_line());
    assert_eq!(
        written(&texts, "ko"),
        "[데모] 인증번호 012345 남에게 알려주지 마세요."
    );
}

#[test]
fn names_that_do_not_fit_are_refused_with_the_remedy() {
    let long = "가".repeat(18);
    for (site, part) in [
        (long.as_str(), "1 bytes shorter"),
        ("Shop 🙂", "EUC-KR"),
        ("Shop\nShop", "on one line"),
        ("Café", "'é'"),
        (" ", "empty"),
    ] {
        let error = built_in(site.to_owned(), "a.kr").unwrap_err().to_string();
        assert!(
            error.starts_with("site_name: ") && error.contains(part),
            "{error}"
        );
    }
    assert!(built_in("가".repeat(17), "a.kr").is_ok());
}

#[test]
fn texts_of_the_application_are_checked() {
    let new = |text: Text| MessageTexts::new(Some(text), "Shop".into(), "a.kr");
    for (text, part) in [
        (Text::en("Hello"), "no {code}"),
        (Text::en("{code}").ko("안녕하세요"), "no {code}"),
        (Text::en("{code} {name}"), "braces"),
        (Text::en("{code} — {site}"), "'—'"),
        (Text::new("ko_KR", "{code}"), "language tag"),
        (
            Text::from(format!("{{code}} {}", "a".repeat(74))),
            "1 bytes shorter",
        ),
    ] {
        let error = new(text).unwrap_err().to_string();
        assert!(
            error.starts_with("message: ") && error.contains(part),
            "{error}"
        );
    }
    let texts = new(Text::from("{site} sends\n{code}\n")).unwrap();
    assert_eq!(written(&texts, "ko"), "Shop sends\n012345\n@a.kr #012345");
}
