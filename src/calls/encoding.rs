//! Responses with a content coding (RFC 9110 section 8.4). The layer asks for none and decodes
//! none, because a compressed body can expand to a thousand times its size and so evade the limit
//! on its length.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, header::CONTENT_ENCODING};

/// The content coding that makes a response unreadable. `None` if the body is plain or empty, even
/// if the header names a coding. A client of the application may decode the body and leave the
/// header in place.
pub(super) fn unreadable(answer: &Response<Bytes>) -> Option<&'static str> {
    let coding = coding(answer.headers())?;
    (!is_plain(answer.body())).then_some(coding)
}

/// The first content coding that the headers name, other than `identity`.
fn coding(headers: &HeaderMap) -> Option<&'static str> {
    let values = headers.get_all(CONTENT_ENCODING).iter();
    let mut names = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    names.find_map(|name| named(name.trim_ascii()))
}

/// The coding under its registered name (<https://www.iana.org/assignments/http-parameters>), so
/// that no text of the provider reaches pages or logs. `x-gzip` and `x-compress` are older names
/// (RFC 9110 section 8.4.1). A coding that is not in the list is `other`.
fn named(name: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 7] = [
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("deflate", "deflate"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("compress", "compress"),
        ("x-compress", "compress"),
    ];
    // An empty list member (RFC 9110 section 5.6.1) and `identity` are no coding.
    if name.is_empty() || name.eq_ignore_ascii_case(b"identity") {
        return None;
    }
    let known = KNOWN
        .iter()
        .find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes()));
    Some(known.map_or("other", |(_, name)| name))
}

/// Whether the body is JSON, a token, or empty, which are the bodies that providers send. A
/// compressed body is none of them, because its first bytes are not all printable ASCII. The magic
/// numbers of gzip and zstd are not, for example.
fn is_plain(body: &Bytes) -> bool {
    let text = body.trim_ascii();
    // Some servers put a byte order mark before JSON.
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    text.starts_with(b"{") || text.iter().all(u8::is_ascii_graphic)
}

/// The value of `Accept-Encoding` in every request, which asks for no coding (RFC 9110 section
/// 12.5.3).
pub(crate) const IDENTITY: HeaderValue = HeaderValue::from_static("identity");

#[cfg(test)]
mod tests {
    use super::*;

    const GZIP: &[u8] =
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00";

    fn read(lines: &[&'static str], body: &'static [u8]) -> Option<&'static str> {
        let mut answer = Response::new(Bytes::from_static(body));
        for line in lines {
            let value = HeaderValue::from_static(line);
            answer.headers_mut().append(CONTENT_ENCODING, value);
        }
        unreadable(&answer)
    }

    #[test]
    fn a_coding_is_recognised_in_every_notation() {
        for (lines, name) in [
            (&["gzip"][..], Some("gzip")),
            (&["GZip"], Some("gzip")),
            (&["x-gzip"], Some("gzip")),
            (&["identity, gzip"], Some("gzip")),
            (&["identity", "br"], Some("br")),
            (&["deflate, gzip"], Some("deflate")),
            (&["zstd"], Some("zstd")),
            (&["secret-of-the-provider"], Some("other")),
            (&["identity"], None),
            (&["", " , "], None),
            (&[], None),
        ] {
            assert_eq!(read(lines, GZIP), name, "{lines:?}");
        }
    }

    #[test]
    fn a_plain_body_is_read_with_any_header() {
        for body in [
            &b""[..],
            b"{\"sub\":\"1\"}",
            b"\r\n {}",
            b"\xef\xbb\xbf{}",
            b"eyJh.eyJz.c2ln\n",
        ] {
            assert_eq!(read(&["gzip"], body), None, "{body:?}");
        }
        for body in [GZIP, b"x\x9c\xab\xae\x05\x00\x01\x75\x00\xf9", b"x\x01 "] {
            assert_eq!(read(&["br"], body), Some("br"), "{body:?}");
        }
    }
}
