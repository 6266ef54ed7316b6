//! The notations of a path. A path counts as public in one notation alone, the one that browsers
//! send.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// The path decoded once, or `None` if software could read it in more than one way: dot segments,
/// double slashes, backslashes, semicolons, control characters, and characters that are encoded
/// without need.
pub(crate) fn canonical(path: &str) -> Option<Cow<'_, str>> {
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let odd = decoded.contains(['\\', ';']) || decoded.contains(char::is_control);
    // Dot segments and double slashes, which some software resolves and other software keeps.
    let climbs =
        decoded.contains("//") || decoded.split('/').any(|part| matches!(part, "." | ".."));
    (decoded.starts_with('/') && !is_disguised(path) && !odd && !climbs).then_some(decoded)
}

/// The octets that are percent-encoded.
fn percent_encoded(path: &str) -> impl Iterator<Item = u8> {
    path.split('%').skip(1).map(|rest| {
        let hex = rest
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        // A stray percent sign counts as an encoded one.
        hex.unwrap_or(b'%')
    })
}

/// Whether an octet is encoded that never needs it, or that routers give a meaning.
fn is_disguised(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/\\%;".contains(&byte);
    percent_encoded(path).any(|byte| plain(byte) || byte.is_ascii_control())
}

/// A pattern decoded, with encoded braces doubled. `None` if the pattern encodes an octet that no
/// public path may encode, because the pattern would then match nothing.
pub(crate) fn decoded(pattern: &str) -> Option<String> {
    if is_disguised(pattern) {
        return None;
    }
    let braces = [("%7B", "{{"), ("%7b", "{{"), ("%7D", "}}"), ("%7d", "}}")];
    let pattern = braces
        .iter()
        .fold(Cow::Borrowed(pattern), |text, (from, to)| {
            Cow::Owned(text.replace(from, to))
        });
    let decoded = percent_decode_str(&pattern).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

/// The characters of a path that browsers encode, besides those outside of ASCII: the path
/// percent-encode set (<https://url.spec.whatwg.org/#path-percent-encode-set>).
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// A decoded pattern in the notation of browsers. Its parameters stay.
pub(crate) fn encoded(pattern: &str) -> String {
    let mut written = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        let (text, braced) = rest.split_at(at);
        written.extend(utf8_percent_encode(text, ENCODED));
        let doubled = [("{{", "%7B"), ("}}", "%7D")];
        let doubled = doubled.iter().find(|(pair, _)| braced.starts_with(pair));
        let (part, length) = match doubled {
            Some((pair, code)) => (*code, pair.len()),
            None => {
                let end = braced.find('}').map_or(braced.len(), |end| end + 1);
                (braced.get(..end).unwrap_or(braced), end)
            }
        };
        written.push_str(part);
        rest = braced.get(length..).unwrap_or_default();
    }
    written.extend(utf8_percent_encode(rest, ENCODED));
    written
}
