//! The claims of a provider about a user, for the application's hook.

use std::{fmt, sync::Arc};

use serde::de::{DeserializeOwned, IntoDeserializer};
use serde_json::{Map, Value};

use crate::session::claims::ClaimsError;

/// The longest JSON of claims that a phone step keeps, in bytes.
const LONGEST_KEPT: usize = 512;

/// The claims that the provider gave at a sign-in: those of the verified ID token, and the members
/// of the profile (userinfo, `/v2/user/me` of Kakao, `/v1/nid/me` of Naver). They are good for
/// groups, roles and tenants. A [`CustomProvider`](crate::CustomProvider) gives none, because its
/// reader is the application's own.
///
/// The layer has verified the ID token's signature, issuer, audience and times, and that both are
/// of the same user. It has not read other claims. Their texts are what the provider or the user
/// chose.
///
/// ```
/// use serde::Deserialize;
/// use tower_phone_auth::{hooks::{Denied, SignIn}, OAuthLayer};
///
/// #[derive(Deserialize)]
/// struct RealmAccess { roles: Vec<String> }
///
/// let builder = OAuthLayer::builder().on_sign_in(|sign_in: SignIn| async move {
///     let groups: Vec<String> = sign_in.claims().get("groups")?.unwrap_or_default();
///     let access: Option<RealmAccess> = sign_in.claims().get("realm_access")?; // Keycloak
///     if groups.is_empty() && access.is_none_or(|access| access.roles.is_empty()) {
///         return Err(Denied::new("Members only.").into());
///     }
///     Ok(groups) // kept in the session
/// });
/// ```
#[derive(Clone, Default)]
pub struct ProviderClaims {
    /// The sources, the newest first. Shared, because a hook may move them into a task.
    sources: Arc<[Map<String, Value>]>,
}

impl ProviderClaims {
    /// The claims of these sources, the newest first.
    pub(crate) fn new(sources: impl IntoIterator<Item = Map<String, Value>>) -> Self {
        Self {
            sources: sources.into_iter().collect(),
        }
    }

    /// The same with an older source.
    pub(crate) fn and_then(self, older: Map<String, Value>) -> Self {
        Self::new(self.sources.iter().cloned().chain([older]))
    }

    /// The claims of these names as JSON, for the cookie of a phone step. Empty if there are none.
    ///
    /// # Errors
    /// The length, if it is more than a cookie takes.
    pub(crate) fn kept(&self, names: &[String]) -> Result<String, usize> {
        let named = names.iter().filter_map(|name| {
            let value = self.value(name)?;
            Some((name.clone(), value.clone()))
        });
        let kept: Map<String, Value> = named.collect();
        let text = if kept.is_empty() {
            String::new()
        } else {
            Value::Object(kept).to_string()
        };
        match text.len() {
            0..=LONGEST_KEPT => Ok(text),
            length => Err(length),
        }
    }

    /// The claims that [`kept`](Self::kept) wrote.
    pub(crate) fn of_kept(text: &str) -> Self {
        let kept: Option<Map<String, Value>> = serde_json::from_str(text).ok();
        Self::new(kept)
    }

    /// The claim of this name, unless it is null.
    fn value(&self, name: &str) -> Option<&Value> {
        let mut values = self.sources.iter().filter_map(|source| source.get(name));
        values.find(|value| !value.is_null())
    }

    /// The claim of this name. `None` if there is none, or if it is null. If the profile and the ID
    /// token both have it, the profile counts, because it is the newer one.
    ///
    /// ```
    /// use tower_phone_auth::hooks::{ClaimsError, ProviderClaims};
    ///
    /// fn is_staff(claims: &ProviderClaims) -> Result<bool, ClaimsError> {
    ///     let groups: Option<Vec<String>> = claims.get("groups")?;
    ///     Ok(groups.is_some_and(|groups| groups.iter().any(|group| group == "staff")))
    /// }
    /// ```
    ///
    /// # Errors
    /// If the claim is not of the type `T`.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ClaimsError> {
        self.value(name)
            .map(|value| T::deserialize(value.into_deserializer()))
            .transpose()
            .map_err(ClaimsError::new)
    }

    /// All claims as one value of the application's type, such as a struct with an `Option` for
    /// each claim.
    ///
    /// ```
    /// use serde::Deserialize;
    /// use tower_phone_auth::hooks::{ClaimsError, ProviderClaims};
    ///
    /// #[derive(Deserialize)]
    /// struct Wanted { tenant: Option<String> }
    ///
    /// fn tenant(claims: &ProviderClaims) -> Result<Option<String>, ClaimsError> {
    ///     Ok(claims.read::<Wanted>()?.tenant)
    /// }
    /// ```
    ///
    /// # Errors
    /// If the claims are not of the type `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, ClaimsError> {
        let mut all = Map::new();
        for source in self.sources.iter().rev() {
            let named = source.iter().filter(|(_, value)| !value.is_null());
            all.extend(named.map(|(name, value)| (name.clone(), value.clone())));
        }
        serde_json::from_value(Value::Object(all)).map_err(ClaimsError::new)
    }
}

/// Hides the claims, which are personal data.
impl fmt::Debug for ProviderClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProviderClaims(..)")
    }
}
