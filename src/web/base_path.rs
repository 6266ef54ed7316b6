//! The path of the public URL, such as `/shop`, below which a proxy shows the application. The
//! proxy removes it from requests, so links and cookies have it and requests do not.
//!
//! A request for `/shop/cart` thus reaches the application as `/cart`. The setting `public` and the
//! routes of the application name `/cart`. `Location`, links and the attribute `Path` of cookies
//! name `/shop/cart`.

use aws_lc_rs::digest::{SHA256, digest};

/// The path as browsers send it, without a slash at its end. It is empty at the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BasePath(String);

/// The longest path in bytes. Links and cookies contain it several times.
const LONGEST: usize = 200;

impl BasePath {
    /// No path.
    pub(crate) const fn root() -> Self {
        Self(String::new())
    }

    /// Checks the path of a parsed URL, which has no dot segments. The error says what is wrong
    /// with it.
    pub(crate) fn parse(path: &str) -> Result<Self, &'static str> {
        let path = path.strip_suffix('/').unwrap_or(path);
        if path.len() > LONGEST {
            return Err("has a path of more than 200 bytes");
        }
        let mut segments = path.split('/').skip(1);
        if segments.any(str::is_empty) {
            return Err("has an empty segment in its path");
        }
        let path =
            normalized(path).ok_or("has a path that proxies and browsers may read differently")?;
        Ok(Self(path))
    }

    /// The path as links begin with it. Empty at the root.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The start page, which ends with a slash.
    pub(crate) fn home(&self) -> String {
        format!("{}/", self.0)
    }

    /// The path of a request as browsers see it.
    pub(crate) fn of(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The whole public URL, without a slash at its end.
    pub(crate) fn of_origin(&self, origin: &str) -> String {
        format!("{origin}{}", self.0)
    }

    /// Whether a path that browsers see belongs to the application. A path that only begins with
    /// the same letters, such as `/shopping`, does not.
    pub(crate) fn holds(&self, path: &str) -> bool {
        let rest = path.strip_prefix(&self.0);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The path of a request for an address that browsers see, or `None` if it is outside the
    /// application. The address may have a query, which stays.
    pub(crate) fn inner<'a>(&self, address: &'a str) -> Option<&'a str> {
        match address.strip_prefix(&self.0)? {
            "" => Some("/"),
            rest => rest.starts_with('/').then_some(rest),
        }
    }

    /// A hash for the names of cookies, which keeps applications on one origin apart. `None` at the
    /// root. Four bytes are enough for the few applications of one origin.
    pub(crate) fn mark(&self) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let hash = digest(&SHA256, self.0.as_bytes());
        let start = hash.as_ref().iter().take(4);
        Some(start.map(|byte| format!("{byte:02x}")).collect())
    }
}

/// The path with its percent-encoding in upper case. Letters, digits and `-._~@+` stay, and other
/// letters are encoded octets. Any other character is refused, because some software reads it in
/// another way, or it breaks the attribute `Path` of a cookie.
fn normalized(path: &str) -> Option<String> {
    let mut written = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(byte) = rest.bytes().next() {
        let is_encoded = byte == b'%';
        // A percent sign without two digits behind it is refused.
        let (part, after) = rest.split_at_checked(if is_encoded { 3 } else { 1 })?;
        // An encoded octet of ASCII needs no encoding, or has a meaning such as that of a slash.
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
