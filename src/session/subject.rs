//! The provider's identifier of a user.

use std::{
    borrow::Borrow,
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    ops::Deref,
    sync::Arc,
};

use serde::{Serialize, Serializer};

use super::details::Details;

/// The provider's identifier of a user, which never changes. It is a text, and dereferences to
/// `str`.
///
/// A clone copies no text. `Debug` hides the text, which may be a phone number.
///
/// ```
/// use tower_phone_auth::Subject;
///
/// let subject = Subject::from("1376016924429759228");
/// assert_eq!(subject, "1376016924429759228");
/// assert_eq!(subject.len(), 19);
/// assert_eq!(subject.to_string(), "1376016924429759228");
/// assert_eq!(format!("{subject:?}"), "Subject([hidden])");
/// ```
#[derive(Clone)]
pub struct Subject(Memory);

/// The memory that holds the text.
#[derive(Clone)]
enum Memory {
    /// Memory of its own.
    Own(Arc<str>),
    /// That of the user, so that a request allocates once for both.
    OfUser(Arc<Details>),
}

impl Subject {
    /// The subject of a user.
    pub(crate) fn of(details: &Arc<Details>) -> Self {
        Self(Memory::OfUser(Arc::clone(details)))
    }

    /// The text.
    ///
    /// ```
    /// use tower_phone_auth::Subject;
    ///
    /// assert_eq!(Subject::from("42").as_str(), "42");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Memory::Own(text) => text,
            Memory::OfUser(details) => details.subject(),
        }
    }
}

impl Deref for Subject {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Subject {
    fn as_ref(&self) -> &str {
        self
    }
}

impl Borrow<str> for Subject {
    fn borrow(&self) -> &str {
        self
    }
}

impl From<Arc<str>> for Subject {
    fn from(text: Arc<str>) -> Self {
        Self(Memory::Own(text))
    }
}

impl From<String> for Subject {
    fn from(text: String) -> Self {
        Self(Memory::Own(text.into()))
    }
}

impl From<&str> for Subject {
    fn from(text: &str) -> Self {
        Self(Memory::Own(text.into()))
    }
}

impl From<Subject> for Arc<str> {
    fn from(subject: Subject) -> Self {
        match subject.0 {
            Memory::Own(text) => text,
            Memory::OfUser(details) => details.subject().into(),
        }
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.as_str().to_owned()
    }
}

impl PartialEq for Subject {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Subject {}

impl PartialEq<str> for Subject {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Subject {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl PartialEq<String> for Subject {
    fn eq(&self, other: &String) -> bool {
        **self == **other
    }
}

impl PartialOrd for Subject {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Subject {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

/// As the text, so that a map finds it by a `str`.
impl Hash for Subject {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Hides the text, which may be a phone number.
impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subject([hidden])")
    }
}

/// Serialises as the text.
impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}
