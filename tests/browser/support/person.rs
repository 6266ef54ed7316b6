//! What a person does on the provider's page.

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

    /// Agrees to what is ticked.
    pub(crate) async fn agrees(&self) {
        self.click("button[value=agree]").await;
    }

    pub(crate) async fn unticks_the_phone(&self) {
        self.click("#phone_number").await;
        self.agrees().await;
    }

    pub(crate) async fn cancels(&self) {
        self.click("button[value=cancel]").await;
    }

    /// Goes to a page that needs a login, signs in, and is there.
    pub(crate) async fn signs_in_at(&self, page: &str) {
        self.go(page).await;
        self.is_asked_who_to_be().await;
        self.agrees().await;
        self.is_signed_in_at(page).await;
    }

    pub(crate) async fn is_signed_in_at(&self, page: &str) {
        self.see("body", PHONE).await;
        assert_eq!(self.url().await, page);
    }
}

/// Of whom the provider's page proposes first.
pub(crate) const PHONE: &str = "+821012345678";
