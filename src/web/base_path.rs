//! The path of the public URL, below which a proxy shows the application. Requests come without it.

use aws_lc_rs::digest::{SHA256, digest};

/// Such as `/shop`, or empty. It is written as browsers send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BasePath(String);

/// Links and cookies have it several times.
const LONGEST: usize = 200;

impl BasePath {
    pub(crate) const fn root() -> Self {
        Self(String::new())
    }

    /// The path of a URL as its parser wrote it, without dot segments, and what is wrong with it.
    pub(crate) fn parse(path: &str) -> Result<Self, &'static str> {
        let path = path.strip_suffix('/').unwrap_or(path);
        if path.len() > LONGEST {
            return Err("has a path of more than 200 bytes");
        }
        let mut segments = path.split('/').skip(1);
        if segments.any(str::is_empty) {
            return Err("has an empty segment in its path");
        }
        let path = in_upper_case(path)
            .ok_or("has a path that proxies and browsers may read differently")?;
        Ok(Self(path))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The start page.
    pub(crate) fn home(&self) -> String {
        format!("{}/", self.0)
    }

    /// The path of a request, as browsers see it.
    pub(crate) fn of(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// An address, whose path this is.
    pub(crate) fn of_origin(&self, origin: &str) -> String {
        format!("{origin}{}", self.0)
    }

    /// Whether a path that browsers see is the application's.
    pub(crate) fn holds(&self, path: &str) -> bool {
        let rest = path.strip_prefix(&self.0);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// An address of the application, as its requests have it.
    pub(crate) fn inner<'a>(&self, address: &'a str) -> Option<&'a str> {
        match address.strip_prefix(&self.0)? {
            "" => Some("/"),
            rest => rest.starts_with('/').then_some(rest),
        }
    }

    /// Tells applications on one origin apart in the names of cookies; none at the root.
    pub(crate) fn mark(&self) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let hash = digest(&SHA256, self.0.as_bytes());
        let start = hash.as_ref().iter().take(4);
        Some(start.map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Letters, digits and `-._~@+` as they are, and the octets of other letters encoded in upper case. All else is read in more
/// than one way somewhere, or breaks the attribute `Path` of a cookie.
fn in_upper_case(path: &str) -> Option<String> {
    let mut written = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(byte) = rest.bytes().next() {
        let is_encoded = byte == b'%';
        let (part, after) = rest.split_at_checked(if is_encoded { 3 } else { 1 })?;
        let is_kept = if is_encoded {
            let octet = u8::from_str_radix(part.get(1..)?, 16);
            octet.is_ok_and(|octet| octet >= 0x80)
        } else {
            byte.is_ascii_alphanumeric() || b"/-._~@+".contains(&byte)
        };
        if !is_kept {
            return None;
        }
        if is_encoded {
            written.push_str(&part.to_ascii_uppercase());
        } else {
            written.push_str(part);
        }
        rest = after;
    }
    Some(written)
}
