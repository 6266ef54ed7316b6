//! Reading the cookies of a request (RFC 6265bis section 4.2.1).
//!
//! Cookies of other applications on the host stand in the same header, and may have any form. A
//! broken one is skipped and does not hide those behind it.

use http::{HeaderMap, HeaderValue, header::COOKIE};
use memchr::memmem::Finder;

/// The value of the first cookie of exactly this name.
pub(crate) fn first<'a>(headers: &'a HeaderMap, name: &'a str) -> Option<&'a [u8]> {
    let mut values =
        pairs(headers, name).filter_map(|(rest, value)| rest.is_empty().then_some(value));
    values.next()
}

/// The values of the cookies of exactly one name, which `name` finds.
///
/// Every request looks for the session, so the header is not divided into cookies. The name may
/// also stand inside of another cookie, so the characters on both sides are checked.
pub(crate) fn values<'a>(
    headers: &'a HeaderMap,
    name: &'a Finder<'_>,
) -> impl Iterator<Item = &'a [u8]> {
    let lines = headers.get_all(COOKIE).iter();
    lines.flat_map(|line| Values {
        line: line.as_bytes(),
        from: 0,
        name,
    })
}

/// The values of one name in a header.
struct Values<'a, 'n> {
    line: &'a [u8],
    /// The search goes on from here.
    from: usize,
    name: &'a Finder<'n>,
}

impl<'a> Iterator for Values<'a, '_> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let at = self.from + self.name.find(self.line.get(self.from..)?)?;
            let end = at + self.name.needle().len();
            self.from = at + 1;
            let (before, rest) = (self.line.get(..at)?, self.line.get(end..)?);
            let begins = matches!(before.trim_ascii_end().last(), None | Some(b';'));
            if let Some(value) = rest.trim_ascii_start().strip_prefix(b"=")
                && begins
            {
                let value = value
                    .split_at(memchr::memchr(b';', value).unwrap_or(value.len()))
                    .0;
                self.from = end + 1 + value.len();
                return Some(value.trim_ascii());
            }
        }
    }
}

/// The cookies whose name starts with `prefix`, as the rest of the name and the value. All
/// `Cookie` headers are read, because HTTP/2 splits them.
///
/// The bytes are scanned in place of parsing the header, so a cookie that is not UTF-8 does not
/// hide the layer's.
pub(crate) fn pairs<'a>(
    headers: &'a HeaderMap,
    prefix: &'a str,
) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
    let lines = headers.get_all(COOKIE).iter();
    let pairs = lines.flat_map(|line| Pairs(Some(line.as_bytes())));
    pairs.filter_map(move |pair| {
        let rest = pair.strip_prefix(prefix.as_bytes())?;
        let (name, value) = rest.split_at_checked(memchr::memchr(b'=', rest)?)?;
        let value = value.get(1..)?;
        Some((name.trim_ascii_end(), value.trim_ascii()))
    })
}

/// The names of all cookies.
pub(crate) fn names(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let lines = headers.get_all(COOKIE).iter();
    lines
        .flat_map(|line| Pairs(Some(line.as_bytes())))
        .map(name)
}

/// The name of a pair. A pair without `=` is all name.
pub(crate) fn name(pair: &[u8]) -> &[u8] {
    let name = pair.split(|byte| *byte == b'=').next().unwrap_or(pair);
    name.trim_ascii_end()
}

/// The parts of a header between semicolons, without the space in front.
struct Pairs<'a>(Option<&'a [u8]>);

impl<'a> Iterator for Pairs<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let line = self.0?;
        let end = memchr::memchr(b';', line).unwrap_or(line.len());
        let (pair, rest) = line.split_at_checked(end)?;
        self.0 = rest.get(1..);
        Some(pair.trim_ascii_start())
    }
}

/// Removes the cookies that are `ours` from the request. A header that is empty afterwards is
/// removed as well.
pub(crate) fn without(headers: &mut HeaderMap, ours: impl Fn(&[u8]) -> bool) {
    let kept: Vec<HeaderValue> = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| {
            let pairs = Pairs(Some(line.as_bytes())).map(<[u8]>::trim_ascii_end);
            let kept: Vec<_> = pairs.filter(|pair| !ours(pair)).collect();
            let line = HeaderValue::from_bytes(&kept.join(&b"; "[..])).ok();
            line.filter(|line| !line.is_empty())
        })
        .collect();
    headers.remove(COOKIE);
    for line in kept {
        headers.append(COOKIE, line);
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn found(line: &[u8], name: &str) -> [Vec<Vec<u8>>; 2] {
        let value = HeaderValue::from_bytes(line).unwrap();
        let headers: HeaderMap = [(COOKIE, value)].into_iter().collect();
        let finder = Finder::new(name);
        let found = values(&headers, &finder).map(<[u8]>::to_vec).collect();
        let divided = pairs(&headers, name).filter(|(rest, _)| rest.is_empty());
        [found, divided.map(|(_, value)| value.to_vec()).collect()]
    }

    #[test]
    fn a_name_inside_of_another_cookie_is_not_found() {
        for line in [
            "theme=s=1",
            "xs=1",
            "s-last=1",
            "sx=1",
            "a=1,s=2",
            "a=\"; \ts\t=2;",
            "s",
            "s;=1",
            "=s=1",
            "s s=1",
            "s=1; s=2;s=3",
            " s = 4 ",
            "s==5=",
            "s=;s=",
            "ss=1;s=6",
            "ss=s=1",
            ";;s=7;;",
        ] {
            let [found, divided] = found(line.as_bytes(), "s");
            assert_eq!(found, divided, "{line}");
        }
        assert_eq!(found(b"s=1; ss=2; s =3", "s")[0], [b"1", b"3"]);
    }

    #[test]
    fn a_header_of_these_cookies_alone_is_removed() {
        let line = HeaderValue::from_static("s=1; s =2;\ts=3");
        let mut headers: HeaderMap = [(COOKIE, line)].into_iter().collect();
        without(&mut headers, |pair| name(pair) == b"s");
        assert!(!headers.contains_key(COOKIE));
    }

    proptest! {
        /// The search finds the cookies that dividing the header finds.
        #[test]
        fn a_search_finds_what_dividing_the_header_finds(
            line in vec(prop::sample::select(b"ab=; \t\"\xff".to_vec()), 0..60),
            name in "a{1,3}b{0,2}",
        ) {
            let [found, divided] = found(&line, &name);
            prop_assert_eq!(found, divided);
        }
    }
}
