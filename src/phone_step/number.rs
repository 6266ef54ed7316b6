//! Numbers that users type.
//!
//! A message costs money, and the number decides how much. So a typed number must be a mobile
//! number of a region that the application allows. Numbers of providers have no such limit.

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

use crate::{
    error::ConfigError,
    phone::{self, PhoneNumber},
};

/// The regions whose mobile numbers are accepted. Never empty.
#[derive(Clone, Debug)]
pub(crate) struct Regions(Vec<Region>);

/// The reason why a typed number is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// The text is not a phone number.
    NotANumber,
    /// The number is of a region that is not allowed.
    Region,
    /// The number is not a mobile number: a fixed line, or a service.
    NotMobile,
}

impl Regions {
    /// Reads ISO 3166-1 alpha-2 codes, in upper or lower case.
    ///
    /// # Errors
    /// If there is none, or a code is of no region with a numbering plan.
    pub(crate) fn new<'a>(codes: impl IntoIterator<Item = &'a str>) -> Result<Self, ConfigError> {
        let wrong = |problem: String| {
            let remedy = "give ISO 3166-1 codes of two letters, such as KR";
            ConfigError::new("regions", problem, remedy)
        };
        let mut regions = Vec::new();
        for code in codes {
            let region = Region::from_code(code.trim()).ok();
            let region = region.filter(|region| country_code(*region).is_some());
            let region = region.ok_or_else(|| wrong(format!("{code:?} is no region")))?;
            if !regions.contains(&region) {
                regions.push(region);
            }
        }
        if regions.is_empty() {
            return Err(wrong(
                "there is no region, so no number is accepted".to_owned(),
            ));
        }
        Ok(Self(regions))
    }

    /// The codes, in the order of the setting.
    pub(crate) fn codes(&self) -> impl Iterator<Item = String> {
        let codes = self.0.iter().map(Region::as_region_str);
        codes.map(|code| code.to_string())
    }

    /// The codes, each with the country code of its numbers, such as `KR` with `+82`.
    pub(crate) fn dialled(&self) -> impl Iterator<Item = (String, String)> {
        let dialled = self.0.iter().map(|region| country_code(*region));
        let dialled = dialled.map(|code| code.map_or_else(String::new, |code| format!("+{code}")));
        self.codes().zip(dialled)
    }

    /// Reads a number that a user typed, in international form or in the national form of one of
    /// the regions. If two regions have such a number, the first one of the setting counts.
    ///
    /// # Errors
    /// The reason for the first region.
    pub(crate) fn read(&self, typed: &str) -> Result<PhoneNumber, Unusable> {
        let mut reason = None;
        for region in &self.0 {
            match self.in_region(typed, *region) {
                Ok(number) => return Ok(number),
                Err(unusable) => reason = reason.or(Some(unusable)),
            }
        }
        Err(reason.unwrap_or(Unusable::NotANumber))
    }

    /// Reads a number, in the national form of one region if it has no plus sign.
    fn in_region(&self, typed: &str, region: Region) -> Result<PhoneNumber, Unusable> {
        let number = phone::read(typed, Some(region)).map_err(|_| Unusable::NotANumber)?;
        // Countries of one country code, such as +1, differ in the region of the number.
        let found = number.region();
        if !self.codes().any(|code| found.as_deref() == Some(&*code)) {
            return Err(Unusable::Region);
        }
        if number.is_mobile() {
            Ok(number)
        } else {
            Err(Unusable::NotMobile)
        }
    }
}

impl Default for Regions {
    /// Korea.
    fn default() -> Self {
        Self(vec![Region::KR])
    }
}

/// The country code. `None` for a region without a numbering plan.
fn country_code(region: Region) -> Option<i32> {
    let code = PHONE_NUMBER_UTIL.get_country_code_for_region(region);
    code.filter(|code| *code > 0 && region != Region::World)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(regions: &[&str], typed: &str) -> Result<String, Unusable> {
        let regions = Regions::new(regions.iter().copied()).unwrap();
        regions.read(typed).map(|number| number.to_string())
    }

    #[test]
    fn spellings_of_a_korean_mobile_number_are_one_number() {
        for typed in [
            "010-1234-5678",
            "01012345678",
            " 010 1234 5678 ",
            "０１０－１２３４－５６７８",
            "+82 10-1234-5678",
            "+82010-1234-5678",
            "+82 (0)10 1234 5678",
            "010.1234.5678",
            "tel:+82-10-1234-5678",
            "(010) 1234 5678",
        ] {
            assert_eq!(
                read(&["KR"], typed).as_deref(),
                Ok("+821012345678"),
                "{typed}"
            );
        }
    }

    #[test]
    fn numbers_that_cost_or_are_no_mobile_numbers_are_refused() {
        for (typed, reason) in [
            ("02-123-4567", Unusable::NotMobile),
            ("031-123-4567", Unusable::NotMobile),
            ("070-1234-5678", Unusable::NotMobile),
            ("0505-123-4567", Unusable::NotMobile),
            ("060-700-1234", Unusable::NotMobile),
            ("080-123-4567", Unusable::NotMobile),
            ("1588-1234", Unusable::NotMobile),
            ("112", Unusable::NotANumber),
            ("119", Unusable::NotANumber),
            ("010-1234-56", Unusable::NotANumber),
            ("010-1234-56789", Unusable::NotANumber),
            ("010-1234-5678 ext. 2", Unusable::NotANumber),
            ("010-1234-5678,010-1234-5679", Unusable::NotANumber),
            ("010-****-5678", Unusable::NotANumber),
            ("821012345678", Unusable::NotANumber),
            ("", Unusable::NotANumber),
            ("\u{0}", Unusable::NotANumber),
            ("전화번호", Unusable::NotANumber),
        ] {
            assert_eq!(read(&["KR"], typed), Err(reason), "{typed}");
        }
    }

    #[test]
    fn numbers_of_other_regions_are_refused() {
        for typed in [
            "+1 212 555 0123",
            "+81 90 1234 5678",
            "+44 7400 123456",
            "+7 912 345 67 89",
            "+979 123 456 789",
            "+800 1234 5678",
            "+870 773 111 632",
            "+1 900 555 0123",
        ] {
            let refused = read(&["KR"], typed);
            assert!(
                matches!(refused, Err(Unusable::Region | Unusable::NotANumber)),
                "{typed}"
            );
        }
        assert_eq!(read(&["KR"], "+81 90 1234 5678"), Err(Unusable::Region));
    }

    #[test]
    fn a_national_number_is_of_the_first_region_that_has_it() {
        let both = ["KR", "JP"];
        assert_eq!(read(&both, "010-1234-5678").as_deref(), Ok("+821012345678"));
        assert_eq!(read(&both, "090-1234-5678").as_deref(), Ok("+819012345678"));
        assert_eq!(read(&both, "03-1234-5678"), read(&["KR"], "03-1234-5678"));
    }

    /// The plan of North America does not tell mobile numbers from fixed ones.
    #[test]
    fn regions_of_one_country_code_are_different_ones() {
        assert_eq!(
            read(&["us"], "(212) 555-0123").as_deref(),
            Ok("+12125550123")
        );
        assert_eq!(read(&["US"], "+1 416 555 0123"), Err(Unusable::Region));
        assert_eq!(read(&["US"], "+1 900 234 5678"), Err(Unusable::NotMobile));
        assert_eq!(read(&["US"], "+1 800 234 5678"), Err(Unusable::NotMobile));
    }

    #[test]
    fn codes_that_are_no_region_are_refused_with_the_remedy() {
        for codes in [
            &["KR", "XX"][..],
            &["Korea"],
            &["82"],
            &["001"],
            &[""],
            &["KRR"],
            &[],
        ] {
            let error = Regions::new(codes.iter().copied()).unwrap_err().to_string();
            assert!(
                error.starts_with("regions: ") && error.contains("such as KR"),
                "{error}"
            );
        }
        let regions = Regions::new(["kr", " JP", "KR"]).unwrap();
        assert_eq!(regions.codes().collect::<Vec<_>>(), ["KR", "JP"]);
        let dialled: Vec<_> = regions.dialled().map(|(_, dialled)| dialled).collect();
        assert_eq!(dialled, ["+82", "+81"]);
        assert_eq!(Regions::default().codes().collect::<Vec<_>>(), ["KR"]);
    }
}
