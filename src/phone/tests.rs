//! The phone quirks of the providers, by their numbers.

#![allow(clippy::panic)]

use super::*;

fn korean(raw: &str) -> Option<String> {
    let number = read(raw, Some(Region::KR)).ok()?;
    Some(number.to_string())
}

fn all_read_as(expected: &str, written: &[&str]) {
    for raw in written {
        assert_eq!(korean(raw).as_deref(), Some(expected), "{raw}");
    }
}

fn all_refused(written: &[&str]) {
    for raw in written {
        assert_eq!(korean(raw), None, "{raw}");
    }
}

#[test]
fn quirk_62_the_documented_kakao_form_is_read() {
    all_read_as("+821012345678", &["+82 10-1234-5678"]);
}

#[test]
fn quirk_63_the_trunk_zero_after_82_is_dropped() {
    all_read_as(
        "+821012345678",
        &["+82 010-1234-5678", "+8201012345678", "+82 (0)10-1234-5678"],
    );
}

#[test]
fn quirk_64_spaces_separate_as_well_as_hyphens() {
    all_read_as("+821012345678", &["+82 10 1234 5678"]);
}

#[test]
fn quirk_65_national_numbers_take_the_providers_region() {
    all_read_as("+821012345678", &["010-1234-5678", "01012345678"]);
    assert!(read("010-1234-5678", None).is_err());
}

#[test]
fn quirk_66_digits_without_a_plus_are_not_guessed_to_be_international() {
    all_refused(&["821012345678", "82-10-1234-5678", "16502530000"]);
}

#[test]
fn quirk_67_foreign_numbers_are_read() {
    all_read_as("+16502530000", &["+1 650-253-0000"]);
    all_read_as("+14255551212", &["+1 (425) 555-1212"]);
}

#[test]
fn quirk_68_old_korean_mobile_numbers_are_read() {
    all_read_as("+82112345678", &["011-234-5678"]);
}

#[test]
fn quirk_69_a_landline_is_read_and_is_not_mobile() {
    let landline = read("+82 2-123-4567", None).unwrap();
    assert_eq!(landline.to_string(), "+8221234567");
    assert!(!landline.is_mobile());
}

#[test]
fn quirk_70_an_extension_is_refused() {
    all_refused(&["+1 425 555 1212;ext=5678", "+1 425 555 1212 x5678"]);
}

#[test]
fn quirk_71_full_width_digits_and_odd_separators_are_folded() {
    all_read_as(
        "+821012345678",
        &[
            "０１０－１２３４－５６７８",
            "\u{a0} 010\u{2011}1234\u{2011}5678 ",
            "+82\u{a0}10\u{a0}1234\u{a0}5678",
        ],
    );
    all_read_as("+821012345678", &["٠١٠١٢٣٤٥٦٧٨", "\u{202e}010-1234-5678"]);
}

#[test]
fn quirk_72_a_masked_number_is_refused() {
    all_refused(&["+82 10-****-5678", "010-XXXX-5678"]);
}

#[test]
fn quirk_73_fragments_and_overlong_numbers_are_refused() {
    all_refused(&[
        "+82",
        "+",
        "",
        " ",
        "+8210123456789012",
        "+82 010-1234-56789",
    ]);
    all_refused(&[&"1".repeat(100_000), "+0", "+00000000", "++821012345678"]);
}

#[test]
fn quirk_74_italy_keeps_its_leading_zero() {
    all_read_as("+390612345678", &["+39 06 1234 5678"]);
}

#[test]
fn the_panic_strings_of_other_phone_parsers_are_refused() {
    all_refused(&[".;phone-context=", "+dwPAA;phone-context=AA"]);
}

#[test]
fn a_number_of_an_unknown_range_is_possible_and_not_valid() {
    for (raw, region, number) in [
        ("+1 457 555 0123", None, "+14575550123"),
        ("+98 999 810 1234", None, "+989998101234"),
        ("+82 19-1234-56789", None, "+8219123456789"),
        ("(457) 555-0123", Some(Region::US), "+14575550123"),
    ] {
        let reading = Reading::of(raw, region).ok();
        let Some(reading) = reading else {
            panic!("{raw} is not possible");
        };
        assert_eq!(reading.possible.to_string(), number);
        assert!(reading.valid().is_none(), "{raw}");
        assert!(read(raw, region).is_err());
        assert!(!reading.possible.is_mobile());
    }
    for raw in [
        "+1 457 555 012",
        "+1 457 555 01234",
        "+98 999",
        "+82 1",
        "+999 123456",
    ] {
        assert!(Reading::of(raw, None).is_err(), "{raw}");
    }
}

#[test]
fn debug_shows_at_most_four_digits() {
    for raw in ["+82 10-1234-5678", "+1 650-253-0000", "+247 62345"] {
        let Ok(number) = read(raw, None) else {
            continue;
        };
        let shown = format!("{number:?}")
            .chars()
            .filter(char::is_ascii_digit)
            .count();
        assert!(shown <= 4, "{number:?}");
    }
}

#[test]
fn a_masked_number_hides_three_digits_and_shows_four_at_its_end() {
    for (raw, masked) in [
        ("+82 10-1234-5678", "010-****-5678"),
        ("+82 2-123-4567", "02-***-4567"),
        ("+82 11-234-5678", "011-***-5678"),
        ("+82 1588-1234", "****-1234"),
        ("+1 650-253-0000", "+1 650-***-0000"),
        ("+44 7400 123456", "+44 **** **3456"),
        ("+49 171 1234567", "+49 171 ***4567"),
        ("+81 90-1234-5678", "+81 90-****-5678"),
        ("+65 9123 4567", "+65 **** 4567"),
        ("+33 6 12 34 56 78", "+33 6 ** ** 56 78"),
        ("+39 06 1234 5678", "+39 06 **** 5678"),
        ("+247 62345", "+247 ***45"),
    ] {
        assert_eq!(read(raw, None).unwrap().masked(), masked, "{raw}");
    }
}

#[test]
fn a_number_of_an_unknown_range_is_masked_and_read_from_storage() {
    for raw in ["+14575550123", "+989998101234", "+8219123456789"] {
        let stored = format!("{raw:?}");
        let number: PhoneNumber = serde_json::from_str(&stored).unwrap();
        assert_eq!(serde_json::to_string(&number).unwrap(), stored);
        let masked = number.masked();
        assert!(masked.matches('*').count() >= 3, "{masked}");
        assert!(masked.ends_with(&raw[raw.len() - 4..]), "{masked}");
    }
    for wrong in [
        "\"010-1234-5678\"",
        "\"+82 1\"",
        "821012345678",
        "-821012345678",
        "8.21012345678e11",
        "null",
    ] {
        let error = serde_json::from_str::<PhoneNumber>(wrong)
            .unwrap_err()
            .to_string();
        for part in ["1234-", "1012345678"] {
            assert!(!error.contains(part), "{error}");
        }
    }
}

#[test]
fn a_number_is_read_from_a_format_without_types_too() {
    let number: PhoneNumber = "+821012345678".parse().unwrap();
    let bytes = postcard::to_allocvec(&(number, PhoneAssurance::Verified)).unwrap();
    let read: (PhoneNumber, PhoneAssurance) = postcard::from_bytes(&bytes).unwrap();
    assert_eq!(read, (number, PhoneAssurance::Verified));
}

#[test]
fn an_assurance_is_read_by_the_name_that_it_is_written_with() {
    for (assurance, name) in [
        (PhoneAssurance::Unverified, "unverified"),
        (PhoneAssurance::Asserted, "asserted"),
        (PhoneAssurance::Verified, "verified"),
    ] {
        assert_eq!(format!("{assurance:>10}").trim_start(), name);
        assert_eq!(name.parse(), Ok(assurance));
        let json = serde_json::to_string(&assurance).unwrap();
        assert_eq!(json, format!("{name:?}"));
        assert_eq!(
            serde_json::from_str::<PhoneAssurance>(&json).unwrap(),
            assurance
        );
    }
    for wrong in ["", "Verified", " verified", "2"] {
        assert_eq!(wrong.parse::<PhoneAssurance>(), Err(PhoneAssuranceError));
    }
}

/// `printf 'tower-phone-auth phone index 1\0+821012345678' | openssl dgst -sha256 -mac HMAC -macopt
/// hexkey:000102...1f`
#[test]
fn the_keyed_hash_is_hmac_sha_256_of_the_number_in_e164() {
    let key = IndexKey::from_bytes(std::array::from_fn(|index| u8::try_from(index).unwrap()));
    let hash = read("010-1234-5678", Some(Region::KR))
        .unwrap()
        .keyed_hash(&key.unwrap());
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hex,
        "636bd8f04b4a7c75939b78352d8202692ef37c3a1d7b2893bec0e37e95449da0"
    );
}
