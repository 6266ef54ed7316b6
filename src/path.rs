//! Public paths: judged on one form of the path, the one the wrapped service sees.

use std::borrow::Cow;

use http::Method;
use matchit::{InsertError, Router};
use percent_encoding::percent_decode_str;

use crate::error::ConfigError;

/// The paths that need no login. Everything else does.
#[derive(Clone, Default)]
pub(crate) struct PublicPaths(Vec<Rules>);

/// The rules for one method, or for all.
#[derive(Clone)]
struct Rules {
    method: Option<Method>,
    router: Router<()>,
    patterns: Vec<String>,
}

impl PublicPaths {
    /// A pattern is a path, or a method and a path as in `"GET /prices"`.
    pub(crate) fn new(given: Vec<String>) -> Result<Self, ConfigError> {
        let mut all = Self::default();
        for given in given {
            let wrong = |remedy: &str| {
                ConfigError::new(
                    "public",
                    format!("{given:?} cannot be a public path"),
                    remedy,
                )
            };
            let (method, pattern) = match given.split_once(' ') {
                Some((method, pattern)) => (Some(method), pattern),
                None => (None, given.as_str()),
            };
            let method = method.map(|method| Method::from_bytes(method.as_bytes()));
            let method = method
                .transpose()
                .map_err(|_| wrong("name a method, as in \"GET /prices\""))?;
            if !pattern.starts_with('/') {
                return Err(wrong(
                    "start it with a slash, as in \"/healthz\" or \"/assets/{*rest}\"",
                ));
            }
            all.add(method, pattern)
                .map_err(|error| wrong(&format!("mend the pattern: {error}")))?;
        }
        Ok(all)
    }

    fn add(&mut self, method: Option<Method>, pattern: &str) -> Result<(), InsertError> {
        let known = self.0.iter().position(|rules| rules.method == method);
        let index = known.unwrap_or_else(|| {
            let (router, patterns) = (Router::new(), Vec::new());
            self.0.push(Rules {
                method,
                router,
                patterns,
            });
            self.0.len() - 1
        });
        if let Some(rules) = self.0.get_mut(index) {
            rules.router.insert(pattern, ())?;
            rules.patterns.push(pattern.to_owned());
        }
        Ok(())
    }

    /// The pattern that would make `path` public, for a refusal at build.
    pub(crate) fn covering(&self, path: &str) -> Option<&str> {
        let mut patterns = self
            .0
            .iter()
            .flat_map(|rules| &rules.patterns)
            .map(String::as_str);
        patterns.find(|pattern| {
            let mut alone = Router::new();
            alone.insert(*pattern, ()).is_ok() && alone.at(path).is_ok()
        })
    }

    /// A path that is written in an unusual way is never public: a signed-in person still
    /// passes, and what the wrapped service makes of it is not our guess.
    pub(crate) fn contains(&self, method: &Method, path: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let Some(path) = canonical(path) else {
            return false;
        };
        let mut rules = self.0.iter();
        rules.any(|rules| {
            let applies = rules.method.as_ref().is_none_or(|own| own == method);
            applies && rules.router.at(&path).is_ok()
        })
    }
}

impl std::fmt::Debug for PublicPaths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let patterns = self.0.iter().flat_map(|rules| &rules.patterns);
        f.debug_list().entries(patterns).finish()
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
            assert!(public().contains(&Method::GET, path), "{path}");
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
            assert!(!public().contains(&Method::GET, path), "{path}");
        }
    }

    #[test]
    fn a_rule_with_a_method_is_for_that_method_alone() {
        let rules = ["GET /prices", "POST /hooks/{name}", "/prices/today"].map(str::to_owned);
        let rules = PublicPaths::new(rules.to_vec()).unwrap();
        assert!(rules.contains(&Method::GET, "/prices"));
        assert!(!rules.contains(&Method::HEAD, "/prices"));
        assert!(!rules.contains(&Method::POST, "/prices"));
        assert!(rules.contains(&Method::POST, "/hooks/shop"));
        assert!(!rules.contains(&Method::GET, "/hooks/shop"));
        assert!(rules.contains(&Method::DELETE, "/prices/today"));
    }

    #[test]
    fn no_pattern_means_no_public_path() {
        assert!(!PublicPaths::default().contains(&Method::GET, "/healthz"));
    }
}
