//! The application's own data in a session.
//!
//! The data are JSON, sealed with the session. A request carries them, so their size is bounded,
//! and a replica needs no store to read them.

use std::{error::Error, fmt};

use serde::{Serialize, de::DeserializeOwned};

/// The most bytes of JSON. With the longest names and addresses, the session's cookie then stays
/// below half of the 4,096 bytes that browsers keep (RFC 6265bis section 5.6).
pub(crate) const LONGEST: usize = 512;

/// The claims as a session keeps them: JSON, or an empty text for none.
pub(crate) type ClaimsText = String;

/// The reason why claims cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// The JSON has this many bytes.
    TooLong(usize),
    /// The type cannot be written as JSON, such as a map with keys that are no texts.
    NoJson,
}

/// The JSON of the application's data. Empty for `()` and `None`, which are `null`.
pub(crate) fn written<T: Serialize>(claims: &T) -> Result<ClaimsText, Unfit> {
    let json = serde_json::to_string(claims).map_err(|_| Unfit::NoJson)?;
    if json.len() > LONGEST {
        return Err(Unfit::TooLong(json.len()));
    }
    Ok(if json == "null" {
        ClaimsText::new()
    } else {
        json
    })
}

/// Whether a text that [`written`] gave is of this type.
pub(crate) fn reads<T: DeserializeOwned>(text: &str) -> bool {
    let json = if text.is_empty() { "null" } else { text };
    serde_json::from_str::<T>(json).is_ok()
}

/// Reads claims. `None` if there are none.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<Option<T>, ClaimsError> {
    if text.is_empty() {
        return Ok(None);
    }
    serde_json::from_str(text)
        .map(Some)
        .map_err(ClaimsError::new)
}

/// The error of claims that are not of the expected type. The text does not show them.
///
/// ```
/// # #[cfg(feature = "test-util")] {
/// use tower_phone_auth::{TestUser, VerifiedUser};
///
/// let user = TestUser::new("+82 10-1234-5678")?.claims(&["staff"])?.user();
/// assert_eq!(user.claims()?, Some(["staff".to_owned()]));
/// let error = user.claims::<u32>().unwrap_err();
/// assert_eq!(error.to_string(), "the claims are not of the expected type");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ClaimsError {
    /// The difference from the type. Its text may quote a value, so only `source` shows it.
    source: serde_json::Error,
}

impl ClaimsError {
    pub(crate) fn new(source: serde_json::Error) -> Self {
        Self { source }
    }
}

/// Shows the place, and no value.
impl fmt::Debug for ClaimsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClaimsError")
            .field("category", &self.source.classify())
            .field("line", &self.source.line())
            .field("column", &self.source.column())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ClaimsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the claims are not of the expected type")
    }
}

impl Error for ClaimsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}
