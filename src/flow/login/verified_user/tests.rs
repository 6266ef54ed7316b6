//! Subjects, email addresses, and the notation of a number in the log.

use super::*;

#[test]
fn a_subject_has_one_to_255_bytes_and_no_control_characters() {
    let longest = "s".repeat(LONGEST_SUBJECT);
    for text in ["1", "a b", &longest] {
        assert_eq!(subject(text).unwrap(), text);
    }
    let longer = "s".repeat(LONGEST_SUBJECT + 1);
    for (text, code) in [
        ("", "sub_empty"),
        (&*longer, "sub_too_long"),
        ("a\nb", "sub_control"),
        ("a\u{85}b", "sub_control"),
    ] {
        assert_eq!(subject(text).unwrap_err().code(), Some(code), "{text:?}");
    }
}

#[test]
fn an_email_address_has_one_at_sign_between_two_texts() {
    let longest = format!("{}@b", "a".repeat(LONGEST_EMAIL - 2));
    for email in ["a@b", "jiwoo@example.com", "ji.woo+1@예시.한국", &longest] {
        assert!(is_email(email), "{email}");
    }
    let longer = format!("a{longest}");
    for text in [
        "", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\n", "a\u{0}@b", &longer,
    ] {
        assert!(!is_email(text), "{text:?}");
    }
}

#[test]
fn the_log_says_how_a_number_is_written() {
    for (raw, expected) in [
        ("none", "a text with letters or masks"),
        ("010-****-5678", "a text with letters or masks"),
        (" +82 10", "a number with a plus that cannot be dialled"),
        ("010-1234", "a number without a plus, with a leading zero"),
        ("8210", "a number without a plus"),
    ] {
        assert_eq!(notation(raw), expected, "{raw}");
    }
}
