//! Ten thousand forged logout tokens do not prevent the next logout token of Keycloak from ending
//! its session.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use tokio::time::interval;

use super::{
    Realm,
    back_channel::{admin_signs_out, count_signed_in, listening, signed_in},
    tokens::rotate,
};
use crate::support::{browser::Browser, time::Ahead};

const FORGED: usize = 10_000;
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Makes logout tokens with valid claims and an invalid signature.
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

    /// Sends all forged tokens; the user stays signed in.
    async fn floods(&self, browsers: &mut [Browser], key_id: impl Fn(usize) -> String) {
        let mut stranger = browsers[0].another();
        for number in 0..FORGED {
            let form = format!("logout_token={}", self.token(&key_id(number), number));
            let page = stranger.posts("/auth/events/keycloak", form).await;
            let status = page.status().as_u16();
            assert!(matches!(status, 400 | 503), "{number}: {status}");
        }
        assert_eq!(count_signed_in(browsers).await, browsers.len());
    }
}

/// The id of the key that Keycloak signs with.
async fn key_in_use(realm: &Realm) -> String {
    let keys = realm.read("/keys").await;
    keys["active"]["RS256"].as_str().unwrap().to_owned()
}

struct World {
    realm: Realm,
    time: Ahead,
    user: String,
    browsers: Vec<Browser>,
    forger: Forger,
}

async fn world(client: &'static str) -> World {
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
    World {
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
        let mut world = world(client).await;
        let known = key_in_use(&world.realm).await;
        let key_id = |number: usize| match kind {
            0 => "forged".to_owned(),
            1 => format!("forged-{number}"),
            _ => known.clone(),
        };
        world.forger.floods(&mut world.browsers, key_id).await;
        admin_signs_out(&world.realm, &world.user).await;
        assert_eq!(count_signed_in(&mut world.browsers).await, 0, "{client}");
    }
}

/// The forged tokens used up the key fetches that events may cause, and Keycloak sends its token
/// only once.
#[tokio::test]
async fn a_sign_out_with_a_new_key_after_ten_thousand_forged_tokens_ends_its_session() {
    for (client, keys) in [("forged-rotated", 1), ("forged-rotated-many", FORGED)] {
        let mut world = world(client).await;
        let key_id = |number: usize| format!("forged-{}", number % keys);
        world.forger.floods(&mut world.browsers, key_id).await;
        rotate(&world.realm, 200, "rsa-generated").await;
        admin_signs_out(&world.realm, &world.user).await;
        let mut ticks = interval(Duration::from_millis(100));
        let mut waited = 0;
        while count_signed_in(&mut world.browsers).await > 0 {
            assert!(waited < 300, "{client}");
            waited += 1;
            ticks.tick().await;
            // The number of key fetches that events may cause grows with the time.
            world.time.pass(1);
        }
    }
}
