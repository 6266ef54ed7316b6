//! The fields of a form as its user checks them. Each is short, on one line, and without secrets,
//! because the page can be open on a screen that others see.
//!
//! The list only decides what is shown. The hidden inputs beside it hold all values unchanged, so a
//! value that is wrongly taken for a secret is still sent.

use maud::{Markup, html};

use crate::page::texts::SavedForm;

/// The most characters of a name or value that are shown.
const LONGEST: usize = 60;
/// The most fields that are shown. A sentence gives the number of the others.
const MAX: usize = 40;
/// The numbers of digits that a card number can have (ISO/IEC 7812-1). A Korean resident
/// registration number has 13.
const SECRET_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// Parts of names whose values are secret. They are compared with the words of the name joined
/// together, so `card_no` and `cardNo` are both found by `card`.
const SECRET: [&str; 36] = [
    "passw",
    "passcode",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "csrf",
    "xsrf",
    "credential",
    "apikey",
    "card",
    "cvc",
    "cvv",
    "cvn",
    "iban",
    "account",
    "acct",
    "jumin",
    "resident",
    "passport",
    "socialsecurity",
    "taxid",
    "birth",
    "비밀",
    "암호",
    "패스워드",
    "주민",
    "외국인등록",
    "카드",
    "계좌",
    "여권",
    "면허",
    "인증번호",
    "인증코드",
    "보안코드",
    "유효기간",
];
/// Words that make a value secret only as whole words, because other words contain them.
const SECRET_WORDS: [&str; 8] = ["pin", "pw", "pass", "otp", "ssn", "rrn", "tan", "key"];

/// A list of the fields, closed at first, and the address that they go to. `bdi` keeps a text in
/// another direction from reordering the text around it.
pub(super) fn details(texts: &SavedForm, action: &str, fields: &[(String, String)]) -> Markup {
    let rest = fields.len().saturating_sub(MAX);
    html! {
        details {
            summary { ((texts.summary)(fields.len())) }
            dl {
                @for (name, value) in fields.iter().take(MAX) {
                    dt { bdi { (line(name)) } }
                    dd dir="auto" { (shown(texts, name, value)) }
                }
            }
            @if rest > 0 { p { ((texts.more)(rest)) } }
            p { (texts.goes_to) bdi dir="ltr" { (line(action)) } }
        }
    }
}

/// The value as it is shown. An empty or secret value is replaced by a note in brackets.
fn shown(texts: &SavedForm, name: &str, value: &str) -> String {
    if value.is_empty() {
        return texts.empty.to_owned();
    }
    if is_secret(name) || is_secret_number(value) {
        return texts.not_shown.to_owned();
    }
    line(value)
}

/// The text on one line, cut to length, without invisible characters and those that reverse the
/// text around them. A value could otherwise look like a part of the page, such as a second
/// address.
fn line(text: &str) -> String {
    let visible = text.chars().filter_map(|character| match character {
        _ if character.is_whitespace() || character.is_control() => Some(' '),
        // The soft hyphen, zero-width spaces, and marks of direction. The joiners between them
        // (U+200C, U+200D) stay, because Persian words and emoji need them.
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}'..='\u{200F}' => None,
        // Overrides and isolates of direction, invisible operators, and the byte order mark. The
        // two separators of lines and paragraphs were whitespace above.
        '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' => None,
        // Tags, which can hide a whole text.
        '\u{E0000}'..='\u{E007F}' => None,
        _ => Some(character),
    });
    let mut line = String::new();
    for (index, character) in visible.enumerate() {
        if index == LONGEST {
            line.push('…');
            break;
        }
        line.push(character);
    }
    line
}

/// Whether a name says that its value is secret. The names come from the application's form, so
/// this is a guess in favour of hiding.
fn is_secret(name: &str) -> bool {
    let words = words(name);
    let whole = words.concat();
    SECRET.iter().any(|part| whole.contains(part))
        || words.iter().any(|word| SECRET_WORDS.contains(&&**word))
}

/// The words of a name in lower case: `card_no`, `cardNo` and `order[card-no]` have the same. A new
/// word begins at a capital after a small letter, and at each character that is neither a letter
/// nor a digit.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for character in name.chars() {
        let begins = character.is_uppercase() && after_small;
        if begins || !character.is_alphanumeric() {
            words.push(String::new());
        }
        after_small = character.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
    }
    words
}

/// Whether a value has as many digits as a card number or a resident registration number, and
/// nothing else but separators.
fn is_secret_number(value: &str) -> bool {
    let plain = value.chars().filter(|c| !matches!(c, ' ' | '-' | '.'));
    let digits = plain.clone().filter(char::is_ascii_digit).count();
    digits == plain.count() && SECRET_DIGITS.contains(&digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_secret_names_are_not_shown() {
        for name in [
            "password",
            "user[Password]",
            "new-pass",
            "pwd",
            "PW",
            "csrf_token",
            "authenticity_token",
            "cardNumber",
            "card_no",
            "cvc",
            "CVV2",
            "pin",
            "pinCode",
            "otp",
            "jumin1",
            "residentNo",
            "주민등록번호",
            "비밀번호 확인",
            "계좌번호",
            "카드 번호",
            "ssn",
            "accountNumber",
            "birthDate",
        ] {
            assert!(is_secret(name), "{name}");
        }
    }

    #[test]
    fn values_of_ordinary_names_are_shown() {
        for name in [
            "",
            "item",
            "note",
            "shipping_address",
            "spinner",
            "name",
            "메모",
            "수량",
            "compass",
            "monkey",
            "quantity",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn numbers_of_cards_and_residents_are_not_shown_under_any_name() {
        for value in ["4111 1111 1111 1111", "900101-1234567", "378282246310005"] {
            assert!(is_secret_number(value), "{value}");
        }
        for value in [
            "010-1234-5678",
            "+821012345678",
            "2026-11-27",
            "",
            "12345678901234567890",
            "a123456789012345",
        ] {
            assert!(!is_secret_number(value), "{value}");
        }
    }

    #[test]
    fn a_line_is_short_and_reverses_no_text() {
        assert_eq!(line("one\r\ntwo"), "one  two");
        assert_eq!(line("\u{202E}evil\u{2069}\u{2066}"), "evil");
        let long = line(&"가".repeat(200));
        assert_eq!(long.chars().count(), LONGEST + 1);
        assert!(long.ends_with('…'));
    }
}
