//! The time at a provider, as its answers date themselves.

use std::time::Duration;

use http::{
    HeaderMap, Response,
    header::{AGE, DATE},
};

use crate::clock::UnixTime;

/// When the answer left its last server: `Date` (RFC 9110 section 6.6.1), and the time since then in a cache (RFC 9111 section
/// 5.1). The value is `None` without a date in the form that is current today.
pub(super) fn of<B>(answer: &Response<B>) -> Option<UnixTime> {
    let headers = answer.headers();
    let date = read(text(headers, &DATE)?)?;
    let age = text(headers, &AGE).and_then(|age| age.trim().parse().ok());
    Some(date.after(Duration::from_secs(age.unwrap_or(0))))
}

fn text<'a>(headers: &'a HeaderMap, name: &http::HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
fn read(text: &str) -> Option<UnixTime> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];

    let parts: Vec<&str> = text.trim().split(' ').collect();
    let [_weekday, day, month, year, time, "GMT"] = parts[..] else {
        return None;
    };
    let times: Vec<&str> = time.split(':').collect();
    let [hour, minute, second] = times[..] else {
        return None;
    };
    let month = MONTHS.iter().position(|name| *name == month)?;
    let days = days(
        number(year, 9999)?,
        u64::try_from(month).ok()? + 1,
        number(day, 31)?,
    )?;
    let seconds = number(hour, 23)? * 3600 + number(minute, 59)? * 60 + number(second, 60)?;
    Some(UnixTime::from_secs(days * 86_400 + seconds))
}

fn number(text: &str, most: u64) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = is_number.then(|| text.parse().ok())??;
    (number <= most).then_some(number)
}

/// Days since 1970 of a date of the Gregorian calendar, from 1970 on.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    // The year begins in March, so that the leap day is its last.
    let (year, month) = match month {
        1 | 2 => (year.checked_sub(1)?, month + 9),
        _ => (year, month - 3),
    };
    let of_year = (153 * month + 2) / 5 + day.checked_sub(1)?;
    let all = 365 * year + year / 4 - year / 100 + year / 400 + of_year;
    all.checked_sub(719_468)
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
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "now",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37 KST",
            "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT",
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
