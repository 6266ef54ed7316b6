//! The links of the page of a refused sign-in, and the provider that pages name.

use http::Method;

use crate::{
    error::LoginErrorKind,
    flow::{Flow, request::link},
    page::refusal::Links,
    provider::Title,
    web::return_to::ReturnTo,
};

/// The link to try again. A page about the account asks for a fresh sign-in.
pub(super) fn retry_link(
    flow: &Flow,
    provider: Option<&str>,
    kind: LoginErrorKind,
    return_to: &ReturnTo,
) -> String {
    let retry = flow.login_link(provider, return_to);
    match kind {
        // Without a fresh sign-in the provider would send the same account back.
        LoginErrorKind::Denied
        | LoginErrorKind::OtherAccount
        | LoginErrorKind::PhoneNotVerified
        | LoginErrorKind::Unproved => link::for_fresh_sign_in(retry),
        _ => retry,
    }
}

/// The links of the page. A page about an account has no link to a protected page, because the
/// provider would sign the same account in again without asking.
pub(super) fn links<'a>(
    flow: &Flow,
    provider: Option<&str>,
    kind: LoginErrorKind,
    retry: &'a str,
    return_to: &ReturnTo,
) -> Links<'a> {
    // Without a provider, the link to try again leads to the choice already.
    let offers_choice = provider.is_some() && flow.providers.len() > 1;
    // Only a page about an account offers another account.
    let provider = provider.filter(|_| kind.concerns_account());
    let choice = || flow.login_link(None, return_to);
    let is_open = flow.config.public.contains(&Method::GET, "/");
    Links {
        retry,
        another_account: provider
            .map(|name| link::for_another_account(flow.login_link(Some(name), return_to))),
        choice: offers_choice.then(choice),
        home: (provider.is_none() || is_open).then(|| flow.config.prefix.base().home()),
        way_out: None,
    }
}

impl Flow {
    /// The title of a provider, for its name on a page. Without a name it is the only provider, if
    /// there is one.
    pub(crate) fn title(&self, name: Option<&str>) -> Option<&Title> {
        let provider = match (name, &*self.providers) {
            (Some(name), _) => self.by_name(name),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        provider.map(|provider| &provider.client.identity().title)
    }
}
