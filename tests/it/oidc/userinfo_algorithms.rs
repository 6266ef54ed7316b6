//! The accepted algorithms of signed userinfo.

use serde_json::{Value, json};
use tower_phone_auth_local_provider::{Algorithm, Endpoint, Userinfo, faults::Fault};

use super::{Page, assert_signed_in, login, open, refusal, rejected};

const ID_TOKEN: &str = "id_token_signing_alg_values_supported";
const USERINFO: &str = "userinfo_signing_alg_values_supported";

/// Signs in at a provider with these metadata, whose userinfo and ID tokens are signed with
/// `signs`.
async fn with_signed_userinfo(signs: Algorithm, metadata: &Value) -> Page {
    let shop = open(|oidc| {
        oidc.algorithm = signs;
        oidc.userinfo = Userinfo::Jwt;
    })
    .await;
    let patch = Fault::Merge(metadata.clone());
    shop.provider.fail(Endpoint::Discovery, patch);
    login(&shop, []).await
}

#[tokio::test]
async fn signed_userinfo_has_announced_algorithms_of_its_own() {
    for signs in [Algorithm::Rs512, Algorithm::Es512, Algorithm::Ps256] {
        let name = signs.name();
        for (metadata, accepted) in [
            (json!({ ID_TOKEN: [name], USERINFO: [name, "none"] }), true),
            (json!({ ID_TOKEN: [name], USERINFO: null }), true),
            (json!({ ID_TOKEN: null, USERINFO: null }), true),
            (json!({ ID_TOKEN: [name], USERINFO: ["RS256"] }), false),
            (
                json!({ ID_TOKEN: [name], USERINFO: ["none", "HS256"] }),
                false,
            ),
        ] {
            let page = with_signed_userinfo(signs, &metadata).await;
            if accepted {
                assert_signed_in(&page, &metadata.to_string());
            } else {
                assert_eq!(refusal(&page), rejected("userinfo_alg"), "{metadata}");
            }
        }
    }
}
