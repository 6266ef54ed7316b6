//! Reading the cookies of a request (RFC 6265bis section 4.2.1).
//!
//! Cookies of other applications on the host stand in the same header, and may have any form. A
//! broken one is skipped and does not hide those behind it.

use http::{HeaderMap, HeaderValue, header::COOKIE};

/// The value of the first cookie of exactly this name.
pub(crate) fn first<'a>(headers: &'a HeaderMap, name: &'a str) -> Option<&'a [u8]> {
    let mut values =
        pairs(headers, name).filter_map(|(rest, value)| rest.is_empty().then_some(value));
    values.next()
}

/// The cookies whose name starts with `prefix`, as the rest of the name and the value. All
/// `Cookie` headers are read, because HTTP/2 splits them.
///
/// This runs on every request, so it scans bytes in place of parsing the header. A cookie that is
/// not UTF-8 does not hide the layer's.
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
