//! The provider's time by the `Date` header of its responses. The time is used for the log of clock
//! differences and for the doctor. No token is checked by it, because a cache may have written it.

use std::time::Duration;

use ::cookie::time::{OffsetDateTime, format_description::well_known::Rfc2822};
use http::{
    HeaderMap, HeaderName, Response,
    header::{AGE, DATE},
};

use crate::clock::UnixTime;

/// The provider's time at the arrival of a response, which is the sum of `Date` (RFC 9110 section
/// 6.6.1) and `Age`, the seconds that the response spent in caches (RFC 9111 section 5.1).
///
/// `None` without a `Date`, or with one in a format that RFC 9110 calls obsolete. A missing or
/// unreadable `Age` counts as zero, because most responses come from no cache.
pub(crate) fn of<B>(answer: &Response<B>) -> Option<UnixTime> {
    let headers = answer.headers();
    let date = read(text(headers, DATE)?)?;
    // A response from a cache would otherwise show the clock of the past.
    let age = text(headers, AGE).and_then(|age| age.trim().parse().ok());
    Some(date.after(Duration::from_secs(age.unwrap_or(0))))
}

/// The value of a header. `None` if the header is missing, or has other characters than visible
/// ASCII.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Parses `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7), which RFC 2822 has as well.
/// `None` for any other text, and for a time before 1970.
fn read(text: &str) -> Option<UnixTime> {
    let date = OffsetDateTime::parse(text.trim(), &Rfc2822).ok()?;
    let seconds = u64::try_from(date.unix_timestamp()).ok()?;
    Some(UnixTime::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_to_the_second() {
        for (text, seconds) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            ("Tue, 29 Feb 2000 23:59:59 GMT", 951_868_799),
            ("Fri, 27 Nov 2026 14:30:00 GMT", 1_795_789_800),
            ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
        ] {
            assert_eq!(read(text).map(UnixTime::as_secs), Some(seconds), "{text}");
        }
    }

    #[test]
    fn a_text_that_is_not_a_date_is_ignored() {
        for text in [
            "",
            "now",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 6th Nov 1994 08:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 18446744073709551615 08:49:37 GMT",
            "Sun, 06 Nov 1969 08:49:37 GMT",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_time_in_a_cache_is_added() {
        let answer = |age: &str| {
            let answer = Response::builder()
                .header(DATE, "Thu, 01 Jan 1970 00:01:00 GMT")
                .header(AGE, age);
            of(&answer.body(()).unwrap()).map(UnixTime::as_secs)
        };
        assert_eq!(answer("600"), Some(660));
        assert_eq!(answer("soon"), Some(60));
    }
}
