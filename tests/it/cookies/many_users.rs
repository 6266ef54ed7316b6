//! Many users at once, and users who share a browser.

use tokio::task::JoinSet;
use tower_phone_auth_local_provider::{Endpoint, Person};

use crate::support::{
    browser::{Act, text},
    shop::Shop,
};

#[tokio::test]
async fn fifty_sign_ins_at_once_succeed_each_for_its_own_user() {
    let shop = Shop::open().await;
    let mut visitors = JoinSet::new();
    for index in 0..50 {
        let phone = format!("+82 10-1234-56{index:02}");
        shop.provider
            .add_person(Person::new(100 + index, "x").phone(&phone));
        let mut browser = shop.browser();
        visitors.spawn(async move {
            let page = browser.sign_in("/", Act::Agree(100 + index)).await;
            assert_eq!(text(&page), phone.replace([' ', '-'], ""));
        });
    }
    visitors.join_all().await;
    assert_eq!(shop.provider.count(Endpoint::Token), 50);
}

#[tokio::test]
async fn the_session_of_one_user_is_not_the_session_of_another() {
    let shop = Shop::open().await;
    let (mut one, mut two) = (shop.browser(), shop.browser());
    one.sign_in("/", Act::Agree(Person::WITH_PHONE)).await;
    two.sign_in("/", Act::Agree(Person::FOREIGN)).await;
    assert_eq!(text(&one.visit("/").await), "+821012345678");
    assert_eq!(text(&two.visit("/").await), "+14255551212");
}

#[tokio::test]
async fn a_later_sign_in_in_a_browser_replaces_the_earlier_one() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", Act::Agree(Person::WITH_PHONE)).await;
    let login = browser.come_back("/auth/login", Act::Agree(Person::FOREIGN));
    login.await;
    assert_eq!(text(&browser.visit("/").await), "+14255551212");
}
