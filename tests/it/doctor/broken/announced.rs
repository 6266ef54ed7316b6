//! Settings of the client that the provider's metadata do not announce.

use serde_json::json;
use tower_phone_auth::{Oidc, doctor::CheckState};
use tower_phone_auth_local_provider::{
    ClientAuthentication, Endpoint, LocalProvider, Par, Userinfo, faults::Fault,
};

use super::{super::openid, FAILED, WARNING, assert_wrong};

#[tokio::test]
async fn each_need_that_the_metadata_do_not_announce_has_its_own_check() {
    let none = json!(null);
    for (case, patch, name, state, part) in [
        (
            "scope",
            json!({ "scopes_supported": ["openid"] }),
            "scopes",
            WARNING,
            "Oidc::phone_scope",
        ),
        (
            "claim",
            json!({ "claims_supported": ["sub"] }),
            "phone_claims",
            WARNING,
            "Oidc::phone_claim",
        ),
        (
            "flag",
            json!({ "claims_supported": ["phone_number"] }),
            "phone_claims",
            WARNING,
            "phone_asserted",
        ),
        (
            "algorithm",
            json!({ "id_token_signing_alg_values_supported": ["HS256"] }),
            "algorithms",
            FAILED,
            "RS256 or ES256",
        ),
        (
            "secret",
            json!({ "token_endpoint_auth_methods_supported": ["private_key_jwt"] }),
            "client_authentication",
            FAILED,
            "register the client",
        ),
        (
            "PKCE",
            json!({ "code_challenge_methods_supported": ["plain"] }),
            "pkce",
            WARNING,
            "S256",
        ),
        (
            "flow",
            json!({ "response_types_supported": ["id_token"] }),
            "response_type",
            FAILED,
            "code flow",
        ),
        (
            "mode",
            json!({ "response_modes_supported": ["form_post"] }),
            "response_mode",
            FAILED,
            "query",
        ),
        (
            "http",
            json!({ "token_endpoint": "http://id.example/token" }),
            "endpoints",
            FAILED,
            "https",
        ),
        (
            "no keys",
            json!({ "jwks_uri": none }),
            "endpoints",
            FAILED,
            "https",
        ),
        (
            "PAR",
            json!({ "require_pushed_authorization_requests": true }),
            "pushed_requests",
            FAILED,
            "let the provider announce",
        ),
    ] {
        let broken = |provider: &LocalProvider| {
            provider.fail(Endpoint::Discovery, Fault::Merge(patch));
        };
        let shop = openid(broken, |_, oidc| oidc, |builder| builder).await;
        assert_wrong(
            case,
            &shop.layer.doctor().await,
            ("oidc", name, state),
            part,
        );
    }
}

type Change = fn(&LocalProvider, Oidc) -> Oidc;

#[tokio::test]
async fn each_setting_that_the_metadata_do_not_announce_has_its_own_check() {
    let cases: [(&str, Change, &str, CheckState, &str); 7] = [
        (
            "algorithms",
            |_, oidc| oidc.algorithms(["ES256"]),
            "algorithms",
            FAILED,
            "Oidc::algorithms",
        ),
        (
            "post",
            |provider, oidc| {
                provider.configure(|settings| {
                    settings.oidc.client_authentication = vec![ClientAuthentication::SecretBasic];
                });
                oidc.client_secret_post()
            },
            "client_authentication",
            FAILED,
            "client_secret_basic",
        ),
        (
            "claims",
            |_, oidc| oidc.claims_parameter(true),
            "claims_parameter",
            FAILED,
            "claims_parameter(true)",
        ),
        (
            "pushed",
            |_, oidc| oidc.pushed_requests(true),
            "pushed_requests",
            FAILED,
            "pushed_requests(true)",
        ),
        (
            "not pushed",
            |provider, oidc| {
                provider.configure(|settings| settings.oidc.par = Par::Required);
                oidc.pushed_requests(false)
            },
            "pushed_requests",
            FAILED,
            "pushed_requests(false)",
        ),
        (
            "userinfo",
            |provider, oidc| {
                provider.configure(|settings| settings.oidc.userinfo = Userinfo::Absent);
                oidc.always_userinfo()
            },
            "profile_endpoint",
            FAILED,
            "always_userinfo",
        ),
        (
            "scopes",
            |_, oidc| oidc.scopes(["openid", "email"]),
            "scopes",
            WARNING,
            "Oidc::phone_scope",
        ),
    ];
    for (case, change, name, state, part) in cases {
        let shop = openid(|_| {}, change, |builder| builder).await;
        assert_wrong(
            case,
            &shop.layer.doctor().await,
            ("oidc", name, state),
            part,
        );
    }
}
