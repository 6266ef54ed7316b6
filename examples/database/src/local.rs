//! Two providers and a sender of codes in this process, for a first try and for tests.

use tower_phone_auth::{
    Builder, ConfigError, Kakao, Oidc, Text,
    phone_step::{CodeSender, Message, SendError},
    provider::{BoxFuture, HttpClient},
};
use tower_phone_auth_local_provider::LocalProvider;
use tower_phone_auth_senders::Solapi;

/// Adds Kakao and LINE, both with OpenID Connect. In production: `Kakao::new(..).openid_connect()`
/// and `Oidc::line(..)`.
pub fn providers(builder: Builder, local: &LocalProvider) -> Builder {
    local.configure(|settings| settings.kakao_oidc = true);
    let (id, secret) = (local.client_id(), local.client_secret().unwrap_or_default());
    let kakao = Kakao::new(&id, &secret).endpoint_base(local.origin());
    let line = Oidc::new(local.oidc_issuer(), id, secret).named("line");
    builder
        .provider(kakao.openid_connect())
        .provider(line.titled(Text::en("Log in with LINE").ko("라인 로그인")))
}

/// The SMS inbox of the local provider. In production: `Solapi` itself.
pub struct LocalSms {
    solapi: Solapi,
    inbox: String,
}

impl LocalSms {
    /// # Errors
    /// If the settings of the local provider fit no sender.
    pub fn new(local: &LocalProvider) -> Result<Self, ConfigError> {
        let account = local.sms_settings();
        let from = account.senders.first().cloned().unwrap_or_default();
        let solapi = Solapi::new(account.solapi_api_key, account.solapi_api_secret, from)?;
        Ok(Self {
            solapi: solapi.endpoint_base(local.origin())?,
            inbox: local.inbox_url(),
        })
    }
}

impl CodeSender for LocalSms {
    fn send<'a>(
        &'a self,
        http: &'a dyn HttpClient,
        message: Message<'a>,
    ) -> BoxFuture<'a, Result<(), SendError>> {
        self.solapi.send(http, message)
    }

    fn is_for_development(&self) -> bool {
        true
    }

    fn inbox(&self) -> Option<&str> {
        Some(&self.inbox)
    }
}
