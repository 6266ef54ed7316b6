//! The `claims` parameter.

use serde_json::Value;

/// The places in which the `claims` parameter asks for the phone number (OpenID Connect Core
/// section 5.5).
#[derive(Clone, Copy, Default)]
pub(crate) struct Requested {
    pub(crate) in_id_token: bool,
    pub(crate) in_userinfo: bool,
}

impl Requested {
    /// Reads the parameter. `None` if it is no JSON object. Other claims than those of the phone
    /// number are ignored.
    pub(crate) fn parse(claims: &str) -> Option<Self> {
        let claims: Value = serde_json::from_str(claims).ok()?;
        let claims = claims.as_object()?;
        let asks = |place: &str| {
            let names = ["phone_number", "phone_number_verified"];
            let place = claims.get(place).and_then(Value::as_object);
            place.is_some_and(|place| names.iter().any(|name| place.contains_key(*name)))
        };
        Some(Self {
            in_id_token: asks("id_token"),
            in_userinfo: asks("userinfo"),
        })
    }

    /// Whether the phone number is requested at all.
    pub(crate) fn phone(self) -> bool {
        self.in_id_token || self.in_userinfo
    }
}
