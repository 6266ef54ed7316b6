//! Restarts of the application while Keycloak keeps connections to it open.

use std::net::TcpListener;

use serde_json::json;

use super::{
    Realm,
    back_channel::{admin_signs_out, count_signed_in},
};
use crate::support::{shop::shop, user::User};

/// Each sign-out is the first one after a restart. Keycloak reuses a connection without a check if
/// it was idle for less than two seconds, and it sends a logout token only once.
#[tokio::test]
async fn a_sign_out_right_after_a_restart_ends_its_session() {
    let realm = Realm::shared().await;
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    for (id, session_required) in [("restarted-sub", "false"), ("restarted-sid", "true")] {
        let attributes = json!({
            "backchannel.logout.url": format!("http://{address}/auth/events/keycloak"),
            "backchannel.logout.session.required": session_required,
        });
        let oidc = realm.client(id, json!({ "attributes": attributes })).await;
        let number = json!({ "phoneNumber": ["+821012345678"], "phoneNumberVerified": ["true"] });
        let user = realm.add_user(id, number).await;
        for restart in 0..5 {
            let mut browser = shop(oidc.clone());
            let _process = browser.serves(&socket);
            browser.sign_in(User::agrees(id)).await;
            admin_signs_out(realm, &user).await;
            assert_eq!(
                count_signed_in(&mut [browser]).await,
                0,
                "{id}, restart {restart}"
            );
        }
    }
}
