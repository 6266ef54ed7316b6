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
#[cfg(test)]
mod tests;

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
