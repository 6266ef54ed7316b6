//! Public paths: judged on one form of the path, the one the wrapped service sees.

use std::borrow::Cow;

use matchit::Router;
use percent_encoding::percent_decode_str;

use crate::error::ConfigError;

/// The paths that need no login. Everything else does.
#[derive(Clone, Default)]
pub(crate) struct PublicPaths {
    router: Router<()>,
    patterns: Vec<String>,
}

impl PublicPaths {
    pub(crate) fn new(patterns: Vec<String>) -> Result<Self, ConfigError> {
        let mut router = Router::new();
        for pattern in &patterns {
            let wrong = |remedy: &str| {
                ConfigError::new(
                    "public",
                    format!("{pattern:?} cannot be a public path"),
                    remedy,
                )
            };
            if !pattern.starts_with('/') {
                return Err(wrong(
                    "start it with a slash, as in \"/healthz\" or \"/assets/{*rest}\"",
                ));
            }
            router
                .insert(pattern, ())
                .map_err(|error| wrong(&format!("mend the pattern: {error}")))?;
        }
        Ok(Self { router, patterns })
    }

    /// The pattern that would make `path` public, for a refusal at build.
    pub(crate) fn covering(&self, path: &str) -> Option<&str> {
        self.patterns.iter().map(String::as_str).find(|pattern| {
            let mut alone = Router::new();
            alone.insert(*pattern, ()).is_ok() && alone.at(path).is_ok()
        })
    }

    /// A path that is written in an unusual way is never public: a signed-in person still
    /// passes, and what the wrapped service makes of it is not our guess.
    pub(crate) fn contains(&self, path: &str) -> bool {
        !self.patterns.is_empty()
            && canonical(path).is_some_and(|path| self.router.at(&path).is_ok())
    }
}

impl std::fmt::Debug for PublicPaths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.patterns.fmt(f)
    }
}

/// The path decoded once, if there is one way only to read it.
fn canonical(path: &str) -> Option<Cow<'_, str>> {
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    // An octet that never needs encoding, or that means something to a router, is written plain.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/\\%;".contains(&byte);
    let disguised = percent_encoded(path).any(|byte| plain(byte) || byte.is_ascii_control());
    let odd = decoded.contains(['\\', ';']) || decoded.contains(char::is_control);
    let climbs =
        decoded.contains("//") || decoded.split('/').any(|part| matches!(part, "." | ".."));
    (decoded.starts_with('/') && !disguised && !odd && !climbs).then_some(decoded)
}

fn percent_encoded(path: &str) -> impl Iterator<Item = u8> {
    path.split('%').skip(1).map(|rest| {
        let hex = rest
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        // A stray percent sign is as suspicious as an encoded one.
        hex.unwrap_or(b'%')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public() -> PublicPaths {
        let patterns = ["/healthz", "/public/{*rest}", "/한글/{name}"];
        PublicPaths::new(patterns.map(str::to_owned).to_vec()).unwrap()
    }

    #[test]
    fn listed_paths_are_public_in_their_plain_form() {
        for path in [
            "/healthz",
            "/public/a",
            "/public/a/b.css",
            "/public/a/",
            "/public/caf%C3%A9%20au%20lait",
            "/%ED%95%9C%EA%B8%80/a",
            "/한글/a",
        ] {
            assert!(public().contains(path), "{path}");
        }
    }

    #[test]
    fn everything_else_is_protected() {
        for path in [
            "/",
            "",
            "*",
            "/healthz/",
            "/HEALTHZ",
            "/publicity",
            "/PUBLIC/x",
            "/public",
            "/public/../admin",
            "/public/%2e%2e/admin",
            "/public/.%2e/admin",
            "/public/..%2fadmin",
            "/public/%2e%2e%2fadmin",
            "/public/%252e%252e/admin",
            "/public\\..\\admin",
            "/public/..\\admin",
            "/public/%5c..%5cadmin",
            "/public;x/../admin",
            "/public/a;x",
            "/public//admin",
            "//public/a",
            "/public/./a",
            "/public/%00",
            "/public/a%0d%0a",
            "/public/%",
            "/public/%zz",
            "/public/%ff",
            "/%70ublic/a",
            "/%68ealthz",
            "/admin%00/public/",
        ] {
            assert!(!public().contains(path), "{path}");
        }
    }

    #[test]
    fn no_pattern_means_no_public_path() {
        assert!(!PublicPaths::default().contains("/healthz"));
    }
}
