//! The application restarts while Keycloak keeps connections.

use std::net::TcpListener;

use serde_json::json;

use super::{
    Realm,
    back_channel::{admin_signs_out, still_in},
};
use crate::support::{person::Person, shop::shop};

/// Each sign-out here is the first after a restart. Keycloak tries a connection that it kept for less than two seconds
/// without a test, and sends a logout token once.
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
        let user = realm.person(id, number).await;
        for restart in 0..5 {
            let mut browser = shop(oidc.clone());
            let _process = browser.serves(&socket);
            browser.sign_in(Person::agrees(id)).await;
            admin_signs_out(realm, &user).await;
            assert_eq!(still_in(&mut [browser]).await, 0, "{id}, restart {restart}");
        }
    }
}
