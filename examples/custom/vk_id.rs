//! VK ID:
//! <https://id.vk.com/about/business/go/docs/ru/vkid/latest/vk-id/connection/api-integration/api-description>.

use form_urlencoded::Serializer;
use http::{Request, header::CONTENT_TYPE};
use serde_json::Value;
use tower_phone_auth::{
    CustomProvider, Text,
    error::{LoginErrorKind, ProviderError},
    phone::PhoneAssurance,
    provider::{Profile, ProfileContext, ReadProfile},
};

/// The server of all endpoints.
const HOST: &str = "https://id.vk.com";

/// VK ID with a profile that is read by POST, and with the callback's `device_id`.
struct VkId {
    client_id: String,
    profile: String,
}

/// VK ID for a web application with this id. It has no secret: PKCE binds the code.
pub(crate) fn vk_id(client_id: &str) -> CustomProvider {
    at(HOST, client_id)
}

/// The same at another host, for tests.
pub(crate) fn at(host: &str, client_id: &str) -> CustomProvider {
    let reader = VkId {
        client_id: client_id.to_owned(),
        profile: format!("{host}/oauth2/user_info"),
    };
    CustomProvider::without_secret("vk-id", client_id, reader)
        .endpoints(format!("{host}/authorize"), format!("{host}/oauth2/auth"))
        .scope("phone")
        // The token endpoint requires both. It answers an unknown parameter with 404.
        .exchange_with_callback("device_id")
        .exchange_with_callback("state")
        .titled(Text::en("Sign in with VK ID").ko("VK ID로 로그인"))
}

impl ReadProfile for VkId {
    /// The token stands in the form, because VK ID reads no `Authorization`. An error has the
    /// status 200.
    async fn read_profile(&self, context: ProfileContext<'_>) -> Result<Profile, ProviderError> {
        let form = Serializer::new(String::new())
            .append_pair("client_id", &self.client_id)
            .append_pair("access_token", context.tokens().access_token())
            .finish();
        let request = Request::post(&self.profile)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.into())?;
        let answer = context.send(request).await?;
        if answer.status().is_server_error() {
            return Err(LoginErrorKind::ProviderUnavailable.into());
        }
        Ok(profile(answer.body())?)
    }
}

fn profile(body: &[u8]) -> Result<Profile, LoginErrorKind> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| LoginErrorKind::InvalidAnswer)?;
    if answer["error"].is_string() {
        return Err(LoginErrorKind::ProviderRefused);
    }
    let user = &answer["user"];
    let id = text_or_number(&user["user_id"]).ok_or(LoginErrorKind::InvalidAnswer)?;
    // A user who did not permit the scope `phone` has no member `phone`.
    let profile = match text_or_number(&user["phone"]) {
        Some(digits) => {
            let phone = format!("+{}", digits.trim_start_matches('+'));
            Profile::new(id, phone, PhoneAssurance::Asserted)
        }
        None => Profile::without_phone(id, LoginErrorKind::PhoneNotShared),
    };
    Ok(match user["email"].as_str() {
        Some(email) => profile.email(email, false),
        None => profile,
    })
}

/// Identifiers and phone numbers come as text or as a number, depending on the version.
fn text_or_number(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
