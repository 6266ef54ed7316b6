//! A refusal that concerns the account offers a sign-in with another account.

use tower_phone_auth::{Oidc, error::LoginErrorKind};
use tower_phone_auth_local_provider::{LocalProvider, Person};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Act, Browser, Page, refusal, text},
    shop::Shop,
};

mod parameters;
mod signing_out;

/// Opens a shop at an OpenID provider that remembers its users.
async fn open() -> Shop {
    open_with(|oidc| oidc).await
}

async fn open_with(client: impl FnOnce(Oidc) -> Oidc) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| settings.auto_sign_in = true);
    let oidc = client(provider.oidc());
    Shop::at(provider, oidc, |builder| builder)
}

/// A browser that was refused on the way to `/cart?item=7`, because the account has no number.
async fn refused(shop: &Shop) -> (Browser, Page) {
    let mut browser = shop.browser();
    let act = Act::Agree(Person::WITHOUT_PHONE);
    let mut page = browser.come_back("/cart?item=7", act).await;
    if refusal(&page).is_none() {
        let callback = browser.act(&page, act).await;
        page = browser.visit(&callback).await;
    }
    assert!(refusal(&page).is_some_and(LoginErrorKind::concerns_account));
    (browser, page)
}

/// The address of the link with this text.
fn link(page: &Page, name: &str) -> Option<String> {
    let page = text(page);
    let end = page.find(&format!(">{name}</a>"))?;
    let link = page[..end].rsplit_once("href=\"")?.1;
    Some(link.split('"').next()?.replace("&amp;", "&"))
}

const ANOTHER: &str = "Use another account";
