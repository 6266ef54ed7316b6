use rlibphonenumber::PhoneNumberFormat;

use super::*;

/// Whether the shorter way reads a number as libphonenumber's parser does. `None` if it leaves the
/// number to the parser.
fn is_read_alike(number: &str) -> Option<bool> {
    let written = Written::parse(number)?;
    let fast = in_e164(&written)?;
    let parsed = parse(&written, None).filter(rlibphonenumber::PhoneNumber::is_valid);
    let parsed = parsed.map(|number| number.format_as(PhoneNumberFormat::E164).into_owned());
    Some(parsed == Some(format!("+{fast}")))
}

#[test]
fn numbers_in_e164_are_read_as_libphonenumber_reads_them() {
    let mut read = 0;
    for region in PHONE_NUMBER_UTIL.get_supported_regions() {
        let Ok(example) = PHONE_NUMBER_UTIL.get_example_number(region) else {
            continue;
        };
        let example = example.format_as(PhoneNumberFormat::E164).into_owned();
        // Each digit in the place of the first ones, where area codes and trunk prefixes stand.
        for place in 2..5 {
            for digit in ["1", "5", "8", "9"] {
                let mut number = example.clone();
                number.replace_range(place..=place, digit);
                let is_alike = is_read_alike(&number);
                assert_ne!(is_alike, Some(false), "{number}");
                read += usize::from(is_alike.is_some());
            }
        }
    }
    assert!(read > 500, "{read}");
}

#[test]
fn a_trunk_prefix_and_a_leading_zero_are_left_to_libphonenumber() {
    for number in ["+8201012345678", "+390612345678", "+999123456", "+82", "+"] {
        assert_eq!(is_read_alike(number), None, "{number}");
    }
    for number in [
        "+821012345678",
        "+16502530000",
        "+5491123456789",
        "+80012345678",
        "+8215881234",
        "+447911123456",
        "+393123456789",
        "+77123456789",
    ] {
        assert_eq!(is_read_alike(number), Some(true), "{number}");
    }
}
