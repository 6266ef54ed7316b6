//! The provider `local`: no account anywhere, for a first try.

use tower_phone_auth::{ConfigError, Kakao, Text, provider::Provider};
use tower_phone_auth_local_provider::LocalProvider;

/// In Kakao's dialect with ID tokens, so that it proves fresh sign-ins.
pub(super) fn provider(local: &LocalProvider) -> Provider {
    local.configure(|settings| settings.kakao_oidc = true);
    let secret = local.client_secret().unwrap_or_default();
    Kakao::new(local.client_id(), secret)
        .endpoint_base(local.origin())
        .openid_connect()
        .named("local")
        .titled(Text::en("Sign in locally (development)").ko("로컬 로그인 (개발용)"))
        .into()
}

/// The error for a local provider at a `PUBLIC_URL` that is not on loopback. The layer's own error
/// names `allow_test_endpoints()` as remedy, which this server never calls.
pub(super) fn off_loopback(error: &ConfigError) -> Option<String> {
    let text = error.to_string();
    text.contains("allow_test_endpoints()").then(|| {
        let problem = "lets anyone sign in as anyone, and PUBLIC_URL is not on loopback";
        let remedy = "use a real provider, or a PUBLIC_URL such as http://127.0.0.1:3000";
        format!("OAUTH_PROVIDER: \"local\" {problem}; {remedy}")
    })
}
