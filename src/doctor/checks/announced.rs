//! The metadata of an OpenID provider, for comparison with the settings.

use serde_json::Value;

use crate::doctor::{facts::Provider, report::Check};
use crate::{error::escaped, provider::outline::OpenId};

/// The metadata of the right issuer, beside the settings to compare them with.
pub(crate) struct Announced<'a> {
    /// The name of the provider, as the subject of checks.
    pub(crate) name: &'a str,
    /// The settings.
    pub(crate) set: &'a OpenId,
    /// The metadata, a JSON object.
    document: &'a Value,
}

impl<'a> Announced<'a> {
    /// The metadata and settings of a provider. `None` unless the metadata are of the right issuer.
    pub(crate) fn of(known: &'a Provider) -> Option<Self> {
        let set = known.outline.openid.as_ref()?;
        let document = known.metadata.as_ref()?.document.as_ref()?;
        (document["issuer"] == set.issuer.as_str()).then_some(Self {
            name: &known.name,
            set,
            document,
        })
    }

    /// The texts of a list. `None` if it is missing or has no text. RFC 8414 section 3.2 forbids
    /// empty lists, so an empty one counts as missing.
    pub(crate) fn list(&self, member: &str) -> Option<Vec<&'a str>> {
        let list = self.document[member].as_array()?;
        let list: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
        (!list.is_empty()).then_some(list)
    }

    /// Whether the member is `true`. A missing one counts as `false`, the default of each such
    /// member of RFC 8414 and OpenID Connect.
    pub(crate) fn is_true(&self, member: &str) -> bool {
        self.document[member] == true
    }

    /// Whether the member is a text that is not blank, as the address of an endpoint is.
    pub(crate) fn has(&self, member: &str) -> bool {
        self.document[member]
            .as_str()
            .is_some_and(|text| !text.trim().is_empty())
    }

    /// A check of this provider that is good so far.
    pub(crate) fn check(&self, name: &'static str, expected: &str, found: &str) -> Check {
        Check::new(name, self.name, (expected, found))
    }
}

/// A list of a provider in one text, separated by commas, escaped and shortened.
pub(crate) fn words(words: &[&str]) -> String {
    escaped(&words.join(", "))
}
