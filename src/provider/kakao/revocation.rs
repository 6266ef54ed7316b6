//! Revocation of a token (which Kakao calls logout) and unlink
//! (<https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#logout>). Kakao has no
//! endpoint of RFC 7009.

use secrecy::ExposeSecret;

use super::{client::KakaoClient, error};
use crate::error::{LoginErrorKind, ProviderError};
use crate::provider::{
    json,
    revocation::{self, UnlinkTarget},
};

impl KakaoClient {
    /// Revokes an access token. The error `-401`, a token that is not valid any more, counts as
    /// success.
    pub(super) async fn revoke(&self, token: &str) -> Result<(), ProviderError> {
        let bearer = format!("Bearer {token}");
        match self.post(&self.logout_endpoint, bearer, &[]).await {
            Err(error) if error.code() == Some("-401") => Ok(()),
            result => result,
        }
    }

    /// Unlinks a user. The error `-101`, a user who is not linked, counts as success. An invalid
    /// token is an error, because it does not show which user it belonged to.
    pub(super) async fn unlink(&self, link: UnlinkTarget<'_>) -> Result<(), ProviderError> {
        let result = match link {
            UnlinkTarget::Token(token) => {
                let bearer = format!("Bearer {token}");
                self.post(&self.unlink_endpoint, bearer, &[]).await
            }
            UnlinkTarget::Subject(subject) => {
                let key = self.admin_key.as_ref();
                // The admin key acts for the application, so no token of the user is needed.
                let key = key.ok_or_else(|| revocation::not_set_up("admin_key"))?;
                let authorization = format!("KakaoAK {}", key.expose_secret());
                let target = [("target_id_type", "user_id"), ("target_id", subject)];
                let unlinked = self.post(&self.unlink_endpoint, authorization, &target);
                unlinked.await.map_err(key_refused)
            }
        };
        match result {
            Err(error) if error.code() == Some("-101") => Ok(()),
            result => result,
        }
    }

    /// Posts a form to Kakao's API. An error carries Kakao's code.
    async fn post(
        &self,
        endpoint: &str,
        authorization: String,
        pairs: &[(&str, &str)],
    ) -> Result<(), ProviderError> {
        let http = self.client.http();
        let response = revocation::post(http, endpoint, Some(authorization), pairs).await?;
        if response.status().is_success() {
            return Ok(());
        }
        let text = json::object(&response)?;
        Err(error::profile(response.status(), text, false).in_call(json::call(&response)))
    }
}

/// With the admin key, `-401` is about the key and not about a user's token. The error then names
/// the setting.
fn key_refused(error: ProviderError) -> ProviderError {
    match error.kind() {
        LoginErrorKind::TokenRejected => revocation::not_set_up("admin_key"),
        _ => error,
    }
}
