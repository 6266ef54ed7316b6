//! The metadata of an OpenID provider, for comparison with the settings.

use serde_json::Value;

use crate::doctor::{facts::Provider, report::Check};
use crate::{error::escaped, provider::outline::OpenId};

/// The metadata of the issuer.
pub(crate) struct Announced<'a> {
    pub(crate) name: &'a str,
    pub(crate) set: &'a OpenId,
    document: &'a Value,
}

impl<'a> Announced<'a> {
    /// `None` unless the metadata are of the right issuer.
    pub(crate) fn of(known: &'a Provider) -> Option<Self> {
        let set = known.outline.openid.as_ref()?;
        let document = known.metadata.as_ref()?.document.as_ref()?;
        (document["issuer"] == set.issuer.as_str()).then_some(Self {
            name: &known.name,
            set,
            document,
        })
    }

    /// The texts of a list. `None` if it is missing or empty (RFC 8414 section 3.2 forbids empty
    /// lists).
    pub(crate) fn list(&self, member: &str) -> Option<Vec<&'a str>> {
        let list = self.document[member].as_array()?;
        let list: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
        (!list.is_empty()).then_some(list)
    }

    pub(crate) fn is_true(&self, member: &str) -> bool {
        self.document[member] == true
    }

    pub(crate) fn has(&self, member: &str) -> bool {
        self.document[member]
            .as_str()
            .is_some_and(|text| !text.trim().is_empty())
    }

    pub(crate) fn check(&self, name: &'static str, expected: &str, found: &str) -> Check {
        Check::new(name, self.name, (expected, found))
    }
}

/// A list of a provider, separated by commas.
pub(crate) fn words(words: &[&str]) -> String {
    escaped(&words.join(", "))
}
