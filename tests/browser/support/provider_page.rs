//! Actions of a user on the local provider's page.

use super::browser::Browser;

impl Browser {
    pub(crate) async fn is_asked_who_to_be(&self) {
        self.see("h1", "Who do you want to be?").await;
    }

    pub(crate) async fn is_asked_for_more(&self) {
        self.see("h1", "The app asks for more").await;
    }

    pub(crate) async fn chooses(&self, person: u64) {
        self.click(&format!("label[for=person-{person}]")).await;
    }

    /// Agrees to the ticked items.
    pub(crate) async fn agrees(&self) {
        self.click("button[value=agree]").await;
    }

    pub(crate) async fn unticks_the_phone(&self) {
        self.click("#phone_number").await;
        self.agrees().await;
    }

    /// Withholds the number, and withholds it again on the page that asks for more.
    pub(crate) async fn unticks_the_phone_twice(&self) {
        self.unticks_the_phone().await;
        self.is_asked_for_more().await;
        self.unticks_the_phone().await;
    }

    pub(crate) async fn cancels(&self) {
        self.click("button[value=cancel]").await;
    }

    /// Visits a protected page, and signs in, which leads back to it.
    pub(crate) async fn signs_in_at(&self, page: &str) {
        self.go(page).await;
        self.agrees_and_is_signed_in_at(page).await;
    }

    /// Agrees on the provider's page, which leads to `page` with a session.
    pub(crate) async fn agrees_and_is_signed_in_at(&self, page: &str) {
        self.is_asked_who_to_be().await;
        self.agrees().await;
        self.is_signed_in_at(page).await;
    }

    pub(crate) async fn is_signed_in_at(&self, page: &str) {
        self.see("body", PHONE).await;
        assert_eq!(self.url().await, page);
    }
}

/// The number of the account that the provider's page preselects.
pub(crate) const PHONE: &str = "+821012345678";
