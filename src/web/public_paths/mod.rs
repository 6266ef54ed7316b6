//! Public paths: patterns, and the check of a path against them.
//!
//! A path can be written in many ways that some router or gateway takes for the same one. A
//! pattern must never make a path public that the application serves under another name. Listed
//! paths therefore count in one notation alone, the one that browsers send. Exceptions count in
//! every notation. A path in an unusual notation is protected, which costs a sign-in and opens
//! nothing.

use http::Method;
use matchit::{InsertError, Router};

use crate::error::ConfigError;

use notation::{canonical, decoded, encoded};

mod notation;

/// The paths that a setting lists, without its exceptions.
///
/// Listed patterns are compared with the path as it was sent, exceptions with the decoded path.
#[derive(Clone, Default)]
pub(crate) struct PathPatterns {
    /// Patterns that make a path public.
    listed: Vec<Rules>,
    /// Patterns that make a path protected again.
    excepted: Vec<Rules>,
}

/// The patterns for one method, or for all.
#[derive(Clone)]
struct Rules {
    /// The method. `None` for all methods.
    method: Option<Method>,
    /// The patterns in the notation that is compared.
    router: Router<()>,
    /// The patterns as the application wrote them, for errors and `Debug`.
    patterns: Vec<String>,
}

impl PathPatterns {
    /// Reads the patterns of a setting. A pattern is a path such as `/prices`, or a method and a
    /// path such as `GET /prices`. With `!` in front it is an exception. An error names the setting
    /// and the pattern.
    pub(crate) fn new(setting: &'static str, given: Vec<String>) -> Result<Self, ConfigError> {
        let mut all = Self::default();
        for given in given {
            let wrong = |remedy: &str| {
                let problem = format!("{given:?} is not a pattern of paths");
                ConfigError::new(setting, problem, remedy)
            };
            let excepted = given.strip_prefix('!');
            let pattern = excepted.unwrap_or(&given);
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
            let Some(plain) = decoded(pattern) else {
                let remedy = "write its letters as they are, or encode those that are not ASCII";
                return Err(wrong(remedy));
            };
            if plain.matches('{').count() > MAX_PARAMETERS {
                return Err(wrong("give at most 25 parameters"));
            }
            // An exception is compared with the decoded path, so that it covers every notation.
            let added = match excepted {
                Some(_) => add(&mut all.excepted, method, pattern, &plain),
                None => add(&mut all.listed, method, pattern, &encoded(&plain)),
            };
            added.map_err(|error| wrong(&format!("mend the pattern: {error}")))?;
        }
        Ok(all)
    }

    /// The pattern that lists `path`, for an error when the layer is built. `None` if no pattern
    /// does, or an exception for all methods takes the path out.
    pub(crate) fn covering(&self, path: &str) -> Option<&str> {
        let is_excepted = |rules: &Rules| rules.method.is_none() && rules.lists(path);
        if self.excepted.iter().any(is_excepted) {
            return None;
        }
        // The router does not say which pattern matched, so each is tried alone.
        let rules = self.listed.iter().flat_map(|rules| &rules.patterns);
        rules.map(String::as_str).find(|pattern| {
            let mut alone = Router::new();
            alone.insert(*pattern, ()).is_ok() && alone.at(path).is_ok()
        })
    }

    /// Whether an exception covers `path`, which is in plain notation.
    pub(crate) fn excepts(&self, method: &Method, path: &str) -> bool {
        self.excepted
            .iter()
            .any(|rules| rules.excepts(method, path))
    }

    /// Whether `path` is listed. A path in an unusual notation never is. A signed-in user still
    /// passes, and the layer need not guess how the wrapped service reads the path.
    pub(crate) fn contains(&self, method: &Method, path: &str) -> bool {
        if self.listed.is_empty() {
            return false;
        }
        let Some(plain) = canonical(path) else {
            return false;
        };
        // A router may take the path with and without a slash at its end for one route.
        let bare = plain.strip_suffix('/').unwrap_or(&plain);
        let excepted = |rules: &Rules| rules.excepts(method, &plain) || rules.excepts(method, bare);
        let listed = |rules: &Rules| rules.is_for(method) && rules.lists(path);
        self.listed.iter().any(listed) && !self.excepted.iter().any(excepted)
    }
}

impl Rules {
    /// Whether the patterns are for the method.
    fn is_for(&self, method: &Method) -> bool {
        self.method.as_ref().is_none_or(|own| own == method)
    }

    /// Whether a pattern matches the path.
    fn lists(&self, path: &str) -> bool {
        self.router.at(path).is_ok()
    }

    /// Whether the patterns cover a request as exceptions. An exception for GET covers HEAD,
    /// because most routers answer HEAD by GET.
    fn excepts(&self, method: &Method, path: &str) -> bool {
        let is_get = *method == Method::HEAD && self.method == Some(Method::GET);
        (self.is_for(method) || is_get) && self.lists(path)
    }
}

/// The most parameters of one pattern. The router names them by one letter each, and panics at the
/// twenty-sixth.
const MAX_PARAMETERS: usize = 25;

/// Adds a pattern. `written` is the notation that is compared, and `pattern` the one for errors.
/// The router refuses a pattern that conflicts with another one of the same method.
fn add(
    all: &mut Vec<Rules>,
    method: Option<Method>,
    pattern: &str,
    written: &str,
) -> Result<(), InsertError> {
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
        rules.router.insert(written, ())?;
        rules.patterns.push(pattern.to_owned());
    }
    Ok(())
}

/// Shows the patterns as a list, exceptions with `!`.
impl std::fmt::Debug for PathPatterns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let patterns = self.listed.iter().flat_map(|rules| &rules.patterns);
        let excepted = self.excepted.iter().flat_map(|rules| &rules.patterns);
        let excepted = excepted.map(|pattern| format!("!{pattern}"));
        f.debug_list().entries(patterns).entries(excepted).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_with_more_parameters_than_the_router_takes_is_refused() {
        let parameters = |number| {
            let names = (0..number).map(|index| format!("/{{p{index}}}"));
            names.collect::<String>()
        };
        let new = |pattern: String| PathPatterns::new("public", vec![pattern]);
        assert!(new(parameters(25)).is_ok());
        for wrong in [
            parameters(26),
            parameters(200),
            format!("!{}", parameters(26)),
            format!("GET {}", parameters(26)),
            format!("/{}", "{{".repeat(13)),
        ] {
            let error = new(wrong).unwrap_err().to_string();
            assert!(error.contains("at most 25 parameters"), "{error}");
        }
    }

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
            "/한글/a",
            "/%ed%95%9c%ea%b8%80/a",
        ] {
            assert!(!public().contains(&Method::GET, path), "{path}");
        }
    }

    #[test]
    fn a_listed_path_is_public_in_the_notation_of_browsers_alone() {
        for (pattern, sent, others) in [
            ("/한", "/%ED%95%9C", ["/한", "/%ed%95%9c", "/%Ed%95%9C"]),
            (
                "/%ED%95%9C",
                "/%ED%95%9C",
                ["/한", "/%ed%95%9c", "/%ED%95%9c"],
            ),
            (
                "/%ed%95%9c",
                "/%ED%95%9C",
                ["/한", "/%ed%95%9c", "/%ED%95%9c"],
            ),
            (
                "/{{name}}",
                "/%7Bname%7D",
                ["/{name}", "/%7bname%7d", "/{{name}}"],
            ),
            ("/a%20b", "/a%20b", ["/a+b", "/a%2520b", "/a"]),
            ("/a+b@c", "/a+b@c", ["/a%2Bb@c", "/a+b%40c", "/a%2bb@c"]),
            (
                "/é.{kind}",
                "/%C3%A9.png",
                ["/é.png", "/%c3%a9.png", "/e.png"],
            ),
        ] {
            let public = patterns(&[pattern]);
            assert!(public.contains(&Method::GET, sent), "{pattern}: {sent}");
            for other in others {
                assert!(!public.contains(&Method::GET, other), "{pattern}: {other}");
            }
        }
    }

    #[test]
    fn an_exception_is_taken_out_in_every_encoding() {
        for exception in ["!/files/한", "!/files/%ED%95%9C", "!/files/%ed%95%9c"] {
            let public = patterns(&["/files/{name}", exception]);
            assert!(public.contains(&Method::GET, "/files/%EA%B8%80"));
            for path in ["/files/%ED%95%9C", "/files/%ed%95%9c", "/files/한"] {
                assert!(!public.contains(&Method::GET, path), "{exception}: {path}");
            }
        }
    }

    #[test]
    fn a_pattern_that_hides_plain_letters_is_refused() {
        for pattern in [
            "/%61", "/a%2Fb", "!/a%2fb", "/100%", "/%zz", "/%FF", "/a%25b", "/%00",
        ] {
            let error = PathPatterns::new("public", vec![pattern.to_owned()]);
            let error = error.map(|_| ()).unwrap_err().to_string();
            assert!(
                error.contains("public") && error.contains("ASCII"),
                "{error}"
            );
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
    fn an_exception_is_taken_out_in_any_order_and_notation() {
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
        // Routers answer HEAD by GET, and by no other method.
        assert!(rules.contains(&Method::HEAD, "/items/7"));
        assert!(!rules.contains(&Method::GET, "/items/admin/users"));
        assert!(rules.contains(&Method::GET, "/items/admin"));
        assert!(!patterns(&["!/items"]).contains(&Method::GET, "/prices"));
    }

    #[test]
    fn no_pattern_means_no_public_path() {
        assert!(!PathPatterns::default().contains(&Method::GET, "/healthz"));
    }

    #[test]
    fn the_pattern_that_covers_a_path_is_named_unless_all_methods_are_excepted() {
        for (given, covering) in [
            (&["/a", "/{*rest}"][..], Some("/{*rest}")),
            (&["GET /auth/{name}"], Some("/auth/{name}")),
            (&["/{*rest}", "!/auth/{name}"], None),
            (&["/{*rest}", "!/other"], Some("/{*rest}")),
            (&["/{*rest}", "!GET /auth/{name}"], Some("/{*rest}")),
            (&["/a"], None),
        ] {
            assert_eq!(
                patterns(given).covering("/auth/login"),
                covering,
                "{given:?}"
            );
        }
    }
}
