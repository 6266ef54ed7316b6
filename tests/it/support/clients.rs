//! The layer's providers, registered at the local provider.

use tower_phone_auth::{Google, Kakao, Naver, Oidc};
use tower_phone_auth_local_provider::LocalProvider;

/// One provider of the layer for each dialect, with the endpoints and the credentials of a local
/// provider.
pub(crate) trait Clients {
    fn kakao(&self) -> Kakao;
    fn naver(&self) -> Naver;
    fn google(&self) -> Google;
    fn oidc(&self) -> Oidc;
}

impl Clients for LocalProvider {
    fn kakao(&self) -> Kakao {
        let kakao = match self.client_secret() {
            Some(secret) => Kakao::new(self.client_id(), secret),
            None => Kakao::without_secret(self.client_id()),
        };
        kakao.endpoint_base(self.origin())
    }

    fn naver(&self) -> Naver {
        let secret = self.client_secret().unwrap_or_default();
        Naver::new(self.client_id(), secret).endpoint_base(self.origin())
    }

    fn google(&self) -> Google {
        let secret = self.client_secret().unwrap_or_default();
        Google::new(self.client_id(), secret).endpoint_base(self.origin())
    }

    fn oidc(&self) -> Oidc {
        match self.client_secret() {
            Some(secret) => Oidc::new(self.oidc_issuer(), self.client_id(), secret),
            None => Oidc::without_secret(self.oidc_issuer(), self.client_id()),
        }
    }
}
