//! Patterns of paths: judged on one form of the path, the one the wrapped service sees.

use std::borrow::Cow;

use http::Method;
use matchit::{InsertError, Router};
use percent_encoding::percent_decode_str;

use crate::error::ConfigError;

/// The paths that a setting lists, without those that it takes out again.
#[derive(Clone, Default)]
pub(crate) struct PathPatterns {
    listed: Vec<Rules>,
    excepted: Vec<Rules>,
}

/// The rules for one method, or for all.
#[derive(Clone)]
struct Rules {
    method: Option<Method>,
    router: Router<()>,
    patterns: Vec<String>,
}

impl PathPatterns {
    /// A pattern is a path, or a method and a path as in `"GET /prices"`. With `!` before it, it is an exception.
    pub(crate) fn new(setting: &'static str, given: Vec<String>) -> Result<Self, ConfigError> {
        let mut all = Self::default();
        for given in given {
            let wrong = |remedy: &str| {
                let problem = format!("{given:?} is not a pattern of paths");
                ConfigError::new(setting, problem, remedy)
            };
            let (rules, pattern) = match given.strip_prefix('!') {
                Some(pattern) => (&mut all.excepted, pattern),
                None => (&mut all.listed, given.as_str()),
            };
            let (method, pattern) = match pattern.split_once(' ') {
                Some((method, pattern)) => (Some(method), pattern),
                None => (None, pattern),
            };
            let method = method.map(|method| Method::from_bytes(method.as_bytes()));
            let method = method
                .transpose()
                .map_err(|_| wrong("name a method, as in \"GET /prices\""))?;
            if !pattern.starts_with('/') {
                let remedy = "start it with a slash, as in \"/healthz\" or \"/assets/{*rest}\"";
                return Err(wrong(remedy));
            }
            add(rules, method, pattern)
                .map_err(|error| wrong(&format!("mend the pattern: {error}")))?;
        }
        Ok(all)
    }

    /// The pattern that lists `path`, for a refusal at build.
    pub(crate) fn covering(&self, path: &str) -> Option<&str> {
        let is_excepted = |rules: &Rules| rules.method.is_none() && rules.lists(path);
        if self.excepted.iter().any(is_excepted) {
            return None;
        }
        let rules = self.listed.iter().flat_map(|rules| &rules.patterns);
        rules.map(String::as_str).find(|pattern| {
            let mut alone = Router::new();
            alone.insert(*pattern, ()).is_ok() && alone.at(path).is_ok()
        })
    }

    /// A path that is written in an unusual way is never listed: a signed-in user still
    /// passes, and what the wrapped service makes of it is not our guess.
    pub(crate) fn contains(&self, method: &Method, path: &str) -> bool {
        if self.listed.is_empty() {
            return false;
        }
        let Some(path) = canonical(path) else {
            return false;
        };
        // A router may take both spellings for one route, and most answer HEAD by GET.
        let bare = path.strip_suffix('/').unwrap_or(&path);
        let excepted = |rules: &Rules| {
            let applies = rules.is_for(method)
                || *method == Method::HEAD && rules.method == Some(Method::GET);
            applies && (rules.lists(&path) || rules.lists(bare))
        };
        let listed = |rules: &Rules| rules.is_for(method) && rules.lists(&path);
        self.listed.iter().any(listed) && !self.excepted.iter().any(excepted)
    }
}

impl Rules {
    fn is_for(&self, method: &Method) -> bool {
        self.method.as_ref().is_none_or(|own| own == method)
    }

    fn lists(&self, path: &str) -> bool {
        self.router.at(path).is_ok()
    }
}

fn add(all: &mut Vec<Rules>, method: Option<Method>, pattern: &str) -> Result<(), InsertError> {
    let known = all.iter().position(|rules| rules.method == method);
    let index = known.unwrap_or_else(|| {
        let (router, patterns) = (Router::new(), Vec::new());
        all.push(Rules {
            method,
            router,
            patterns,
        });
        all.len() - 1
    });
    if let Some(rules) = all.get_mut(index) {
        rules.router.insert(pattern, ())?;
        rules.patterns.push(pattern.to_owned());
    }
    Ok(())
}

impl std::fmt::Debug for PathPatterns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let patterns = self.listed.iter().flat_map(|rules| &rules.patterns);
        let excepted = self.excepted.iter().flat_map(|rules| &rules.patterns);
        let excepted = excepted.map(|pattern| format!("!{pattern}"));
        f.debug_list().entries(patterns).entries(excepted).finish()
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

    fn patterns(given: &[&str]) -> PathPatterns {
        let given = given.iter().map(|pattern| (*pattern).to_owned());
        PathPatterns::new("public", given.collect()).unwrap()
    }

    fn public() -> PathPatterns {
        patterns(&["/healthz", "/public/{*rest}", "/한글/{name}"])
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
        let rules = patterns(&["GET /prices", "POST /hooks/{name}", "/prices/today"]);
        assert!(rules.contains(&Method::GET, "/prices"));
        assert!(!rules.contains(&Method::HEAD, "/prices"));
        assert!(!rules.contains(&Method::POST, "/prices"));
        assert!(rules.contains(&Method::POST, "/hooks/shop"));
        assert!(!rules.contains(&Method::GET, "/hooks/shop"));
        assert!(rules.contains(&Method::DELETE, "/prices/today"));
    }

    #[test]
    fn an_exception_is_taken_out_in_any_order_and_spelling() {
        for rules in [
            patterns(&["/items/{id}", "!/items/export", "!GET /items/{id}/raw"]),
            patterns(&["!/items/export", "/items/{*rest}", "!GET /items/{id}/raw"]),
        ] {
            assert!(rules.contains(&Method::GET, "/items/7"));
            for path in ["/items/export", "/items/export/", "/items/%65xport"] {
                assert!(!rules.contains(&Method::GET, path), "{path}");
            }
            assert!(!rules.contains(&Method::GET, "/items/7/raw"));
            assert!(!rules.contains(&Method::HEAD, "/items/7/raw"));
        }
        let rules = patterns(&[
            "/items/{*rest}",
            "!POST /items/{id}",
            "!/items/admin/{*rest}",
        ]);
        assert!(rules.contains(&Method::GET, "/items/7"));
        assert!(!rules.contains(&Method::POST, "/items/7"));
        assert!(!rules.contains(&Method::GET, "/items/admin/users"));
        assert!(rules.contains(&Method::GET, "/items/admin"));
        assert!(!patterns(&["!/items"]).contains(&Method::GET, "/prices"));
    }

    #[test]
    fn no_pattern_means_no_public_path() {
        assert!(!PathPatterns::default().contains(&Method::GET, "/healthz"));
    }
}
