//! Logout tokens that Keycloak did not sign, ten thousand of them: its own one right after still ends its session.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use tokio::time::interval;

use super::{
    Realm,
    back_channel::{admin_signs_out, listening, signed_in, still_in},
    tokens::rotate,
};
use crate::support::{browser::Browser, time::Ahead};

const FORGED: usize = 10_000;
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// All that is public of a logout token is right; the signature is not.
struct Forger {
    issuer: String,
    client: &'static str,
    user: String,
}

impl Forger {
    fn token(&self, key_id: &str, number: usize) -> String {
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
        let header = json!({ "alg": "RS256", "typ": "logout+jwt", "kid": key_id });
        let claims = json!({
            "iss": self.issuer,
            "aud": self.client,
            "sub": self.user,
            "iat": now,
            "exp": now + 120,
            "jti": format!("forged-{number}"),
            "events": { EVENT: {} },
        });
        let [header, claims] =
            [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let signature = URL_SAFE_NO_PAD.encode([number.to_le_bytes()[0]; 256]);
        format!("{header}.{claims}.{signature}")
    }

    /// Sends them all; the user stays signed in.
    async fn floods(&self, browsers: &mut [Browser], key_id: impl Fn(usize) -> String) {
        let mut stranger = browsers[0].another();
        for number in 0..FORGED {
            let form = format!("logout_token={}", self.token(&key_id(number), number));
            let page = stranger.posts("/auth/events/keycloak", form).await;
            let status = page.status().as_u16();
            assert!(matches!(status, 400 | 503), "{number}: {status}");
        }
        assert_eq!(still_in(browsers).await, browsers.len());
    }
}

/// The id of the key that Keycloak signs with now.
async fn key_in_use(realm: &Realm) -> String {
    let keys = realm.read("/keys").await;
    keys["active"]["RS256"].as_str().unwrap().to_owned()
}

struct Scene {
    realm: Realm,
    time: Ahead,
    user: String,
    browsers: Vec<Browser>,
    forger: Forger,
}

async fn scene(client: &'static str) -> Scene {
    let realm = Realm::new(client).await;
    let time = Ahead::of(0);
    let shop = listening(
        &realm,
        client,
        false,
        |builder| builder.clock(time.clock()),
        |oidc| oidc,
    )
    .await;
    let (user, browsers) = signed_in(&realm, &shop, "flooded", 1).await;
    let forger = Forger {
        issuer: realm.issuer(),
        client,
        user: user.clone(),
    };
    Scene {
        realm,
        time,
        user,
        browsers,
        forger,
    }
}

#[tokio::test]
async fn a_sign_out_right_after_ten_thousand_forged_tokens_ends_its_session() {
    for (client, kind) in [
        ("forged-one-key", 0),
        ("forged-many-keys", 1),
        ("forged-known-key", 2),
    ] {
        let mut scene = scene(client).await;
        let known = key_in_use(&scene.realm).await;
        let key_id = |number: usize| match kind {
            0 => "forged".to_owned(),
            1 => format!("forged-{number}"),
            _ => known.clone(),
        };
        scene.forger.floods(&mut scene.browsers, key_id).await;
        admin_signs_out(&scene.realm, &scene.user).await;
        assert_eq!(still_in(&mut scene.browsers).await, 0, "{client}");
    }
}

/// The flood spent what events may fetch, and Keycloak sends its token once.
#[tokio::test]
async fn a_sign_out_with_a_new_key_after_ten_thousand_forged_tokens_ends_its_session() {
    for (client, keys) in [("forged-rotated", 1), ("forged-rotated-many", FORGED)] {
        let mut scene = scene(client).await;
        let key_id = |number: usize| format!("forged-{}", number % keys);
        scene.forger.floods(&mut scene.browsers, key_id).await;
        rotate(&scene.realm, 200, "rsa-generated").await;
        admin_signs_out(&scene.realm, &scene.user).await;
        let mut ticks = interval(Duration::from_millis(100));
        let mut waited = 0;
        while still_in(&mut scene.browsers).await > 0 {
            assert!(waited < 300, "{client}");
            waited += 1;
            ticks.tick().await;
            // The budget for keys fills up with the time.
            scene.time.pass(1);
        }
    }
}
