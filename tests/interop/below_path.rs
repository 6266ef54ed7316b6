//! An application below a path of a real nginx, which strips the path.

use http::StatusCode;
use tower_phone_auth::SessionKey;
use tower_phone_auth_local_provider::LocalProvider;

use crate::support::site::{Site, location};

#[tokio::test(flavor = "multi_thread")]
async fn below_a_path_of_nginx_users_sign_in_cancel_and_sign_out() {
    let provider = LocalProvider::start().await.unwrap();
    let mut site = Site::start(&provider, "/shop", SessionKey::random()).await;

    let refused = site.come_back("/shop/me?cart=7", "cancel").await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let page = refused.text().await.unwrap();
    let links: Vec<_> = page.split("href=\"").skip(1).collect();
    let again = links[0].split('"').next().unwrap().replace("&amp;", "&");
    assert!(again.starts_with("/shop/auth/login?"), "{again}");
    assert!(
        links.iter().all(|link| link.starts_with("/shop/")),
        "{page}"
    );

    let back = site.come_back(&again, "agree").await;
    assert_eq!(location(&back), "/shop/me?cart=7");
    let link = location(&back).to_owned();
    let me = site.get(&link).await;
    assert_eq!(me.text().await.unwrap(), "+821012345678");
    let home = site.get("/shop/").await;
    assert_eq!(home.status(), StatusCode::OK);

    let out = site.post("/shop/auth/logout").await;
    assert_eq!(out.status(), StatusCode::SEE_OTHER);
    let link = location(&out).to_owned();
    assert!(link.starts_with("/shop/"), "{link}");
    let signed_out = site.get("/shop/me").await;
    assert_eq!(signed_out.status(), StatusCode::SEE_OTHER);
    let client = site.client.clone();
    let outside = client
        .get(format!("{}/me", site.origin))
        .send()
        .await
        .unwrap();
    assert_eq!(outside.status(), StatusCode::NOT_FOUND);
}
