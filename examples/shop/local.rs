//! The providers `local` and `local-kakao`, `local-naver`, `local-google`, `local-oidc`: no account
//! anywhere, for a first try.

use tower_phone_auth::{ConfigError, Google, Kakao, Naver, Oidc, Text, provider::Provider};
use tower_phone_auth_local_provider::LocalProvider;

/// The names in `OAUTH_PROVIDER` that stand for the local provider.
pub(super) const NAMES: [&str; 5] = [
    "local",
    "local-kakao",
    "local-naver",
    "local-google",
    "local-oidc",
];

/// The dialects of a first try.
pub(super) const THREE: &str = "local-kakao,local-naver,local-google";

/// The provider of this name. The names after the first one are the dialects of the local provider,
/// with the buttons of the real providers.
pub(super) fn provider(local: &LocalProvider, name: &str) -> Provider {
    let (id, secret) = (local.client_id(), local.client_secret().unwrap_or_default());
    let origin = local.origin();
    match name {
        "local-kakao" => kakao(local).named(name).into(),
        "local-naver" => Naver::new(id, secret)
            .endpoint_base(origin)
            .named(name)
            .into(),
        "local-google" => Google::new(id, secret)
            .endpoint_base(origin)
            .named(name)
            .into(),
        "local-oidc" => Oidc::new(local.oidc_issuer(), id, secret)
            .named(name)
            .into(),
        _ => one_page(local),
    }
}

fn one_page(local: &LocalProvider) -> Provider {
    kakao(local)
        .named("local")
        .titled(Text::en("Sign in locally (development)").ko("로컬 로그인 (개발용)"))
        .into()
}

/// With ID tokens, so that it proves fresh sign-ins.
fn kakao(local: &LocalProvider) -> Kakao {
    local.configure(|settings| settings.kakao_oidc = true);
    let secret = local.client_secret().unwrap_or_default();
    Kakao::new(local.client_id(), secret)
        .endpoint_base(local.origin())
        .openid_connect()
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
