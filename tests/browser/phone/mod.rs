//! The phone step of the example, with the inbox of its local provider.

use tower_phone_auth_local_provider::Person;

use crate::support::{browser::Browser, example::Example};

mod code;
mod looks;
mod places;
mod way;

const NUMBER: &str = "010-2345-6789";
/// A limit on messages that does not stand in the way of a test.
const QUICK: (&str, &str) = ("PHONE_LIMITS", "wait=1");

/// The example with one page to sign in, and a browser of its own.
async fn example(settings: &[(&str, &str)]) -> Example {
    let mut all = vec![("OAUTH_PROVIDER", "local"), ("SITE_NAME", "Shop")];
    all.extend(settings);
    Example::start(&all).await
}

impl Browser {
    /// Signs in as the user without a number, which leads to the page of the number.
    async fn begins_the_step(&self, page: &str) {
        self.go(page).await;
        self.shows("button[value=agree]").await;
        self.chooses(Person::WITHOUT_PHONE).await;
        self.agrees().await;
        self.shows("#number").await;
    }

    /// Sends a number, which leads to the page of the code.
    async fn asks_for_a_code(&self, number: &str) {
        self.writes("#number", number).await;
        self.click("button").await;
        self.shows("#code").await;
    }

    async fn sends_the_code(&self, code: &str) {
        self.writes("#code", code).await;
        self.click("button").await;
    }

    /// Reads the newest code in the inbox, in another tab.
    async fn newest_code(&self) -> String {
        let inbox = self.link(INBOX).await;
        let here = self.tab().await;
        self.new_tab().await;
        self.go(&inbox).await;
        let message = self.text(".message p").await.unwrap();
        self.switch(&here).await;
        code_in(&message)
    }

    /// The number of messages in the inbox.
    async fn messages(&self, inbox: &str) -> usize {
        let here = self.tab().await;
        self.new_tab().await;
        self.go(inbox).await;
        let count = self.count(".message").await;
        self.switch(&here).await;
        count
    }

    async fn is_signed_in_as(&self, number: &str, page: &str) {
        self.see(".number", number).await;
        assert_eq!(self.url().await, page);
    }
}

/// The link to the inbox, on the page of the code.
const INBOX: &str = "a[target=_blank][href*=inbox]";

/// The code in a message: the first six digits in a row.
pub(crate) fn code_in(message: &str) -> String {
    let mut parts = message.split(|letter: char| !letter.is_ascii_digit());
    parts.find(|part| part.len() == 6).unwrap().to_owned()
}

/// A code that is not this one.
fn other_than(code: &str) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &code[..5])
}
