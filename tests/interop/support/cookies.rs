//! The cookies of a browser at one site.

use std::collections::BTreeMap;

use http::{HeaderMap, header::SET_COOKIE};

#[derive(Clone, Default)]
pub(super) struct Jar(BTreeMap<String, String>);

impl Jar {
    pub(super) fn header(&self) -> Option<String> {
        let pairs: Vec<_> = self.0.iter().map(|(k, v)| format!("{k}={v}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    pub(super) fn keep(&mut self, headers: &HeaderMap) {
        for header in headers.get_all(SET_COOKIE) {
            let cookie = cookie::Cookie::parse(header.to_str().unwrap()).unwrap();
            let (name, value) = cookie.name_value();
            if value.is_empty() || cookie.max_age().is_some_and(|age| age.is_zero()) {
                self.0.remove(name);
            } else {
                self.0.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
