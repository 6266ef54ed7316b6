//! The same number at another provider: a link, by the user's own act alone.
//!
//! 1. A new account comes with the number of a known user. It gets no row, and [`ask`] shows the
//!    provider of that user. The number may also have passed on to another person, who chooses
//!    [`start_anew`].
//! 2. [`begin`] keeps the account in a cookie and leads to the sign-in of the known user.
//! 3. In that session, [`confirm`] asks once more, and [`link`] adds the account.
//!
//! All of them are behind `max_age`, so both sign-ins are fresh. The layer refuses forms of other
//! origins.

use axum::{
    Form,
    extract::State,
    http::{HeaderMap, header::SET_COOKIE},
    response::{Html, IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    Shop,
    customer::{Customer, Newcomer},
    link_request::LinkRequest,
    page::{self, Say},
    unavailable::{Unavailable, note},
};

pub(crate) async fn ask(
    State(shop): State<Shop>,
    Newcomer(user): Newcomer,
    headers: HeaderMap,
) -> Result<Html<String>, Unavailable> {
    let providers = shop.users.providers_of_number(&user).await?;
    let say = page::in_language_of(&headers);
    // The number is free again if the other user left, or has another number now.
    let (title, anew) = match providers.is_empty() {
        true => (
            say("Start a new account?", "새로 가입할까요?"),
            say("Start a new account", "새로 가입하기"),
        ),
        false => (
            say("Is this your account?", "이미 가입하셨나요?"),
            say("No, start a new account", "아니요, 새로 가입할게요"),
        ),
    };
    let content = html! {
        p.number { (user.phone.masked()) }
        (belongs(&providers, &say))
        div.actions {
            @for provider in &providers {
                form method="post" {
                    button name="provider" value=(provider) { (sign_in(provider, &say)) }
                }
            }
            form method="post" action="/link/new" { button { (anew) } }
            form method="post" action="/auth/logout" { button { (say("Sign out", "로그아웃")) } }
        }
    };
    Ok(page::document(title, &content, &headers))
}

fn belongs(providers: &[String], say: &Say<'_>) -> Markup {
    let names = page::names(providers, say);
    let english =
        format!("This number belongs to an account at {names}. Sign in there to link both.");
    let korean = format!(
        "{names} 계정에서 쓰고 있는 번호입니다. 그 계정으로 로그인하면 두 계정을 연결할 수 있습니다."
    );
    html! { @if !providers.is_empty() { p { (say(&english, &korean)) } } }
}

fn sign_in(provider: &str, say: &Say<'_>) -> String {
    let name = page::name(provider, say);
    let (english, korean) = (
        format!("Yes, sign in with {name}"),
        format!("네, {name} 계정으로 로그인할게요"),
    );
    say(&english, &korean).to_owned()
}

#[derive(Deserialize)]
pub(crate) struct Choice {
    provider: String,
}

pub(crate) async fn begin(
    State(shop): State<Shop>,
    Newcomer(user): Newcomer,
    Form(Choice { provider }): Form<Choice>,
) -> Result<Response, Unavailable> {
    let providers = shop.users.providers_of_number(&user).await?;
    if !providers.contains(&provider) {
        return Ok(Redirect::to("/link").into_response());
    }
    let request = LinkRequest::of(&user, shop.users.hash(&user));
    let cookie = request.cookie(&shop.sealer, shop.is_https);
    let cookie = cookie.ok_or_else(|| std::io::Error::other("the cookie cannot be sealed"))?;
    let login = format!("/auth/login?provider={provider}&return_to=/link/confirm");
    Ok(([(SET_COOKIE, cookie)], Redirect::to(&login)).into_response())
}

/// For the new owner of a number. Its former user keeps the account, without the number.
pub(crate) async fn start_anew(
    State(shop): State<Shop>,
    Newcomer(user): Newcomer,
) -> Result<Redirect, Unavailable> {
    shop.users.start_anew(&user).await?;
    // The text of the error may hold the number.
    if shop.known.keep(&user).await.is_err() {
        tracing::warn!("a number was not kept: the next sign-in of its user sends a code");
    }
    // The session still says that there is no row.
    note(
        shop.auth
            .refresh_claims(&user.provider, &user.subject)
            .await,
    );
    Ok(Redirect::to("/"))
}

pub(crate) async fn confirm(
    State(shop): State<Shop>,
    Customer { user, .. }: Customer,
    headers: HeaderMap,
) -> Response {
    let Some(request) = LinkRequest::read(&headers, &shop.sealer, &user) else {
        return Redirect::to("/").into_response();
    };
    let say = page::in_language_of(&headers);
    let (new, own) = (
        page::name(&request.provider, &say),
        page::name(&user.provider, &say),
    );
    let english = format!("You can then sign in to this account with {new} and with {own}.");
    let korean = format!("앞으로 {new} 로그인과 {own} 로그인으로 같은 계정을 이용합니다.");
    let content = html! {
        p { (say(&english, &korean)) }
        div.actions {
            form method="post" { button { (say("Link them", "연결하기")) } }
            form action="/" { button { (say("Not now", "나중에 하기")) } }
        }
    };
    let title = say("Link both accounts?", "두 계정을 연결할까요?");
    page::document(title, &content, &headers).into_response()
}

/// The act of the user. A number that another user confirmed in the meantime links nothing.
pub(crate) async fn link(
    State(shop): State<Shop>,
    Customer { id, user }: Customer,
    headers: HeaderMap,
) -> Result<Redirect, Unavailable> {
    if let Some(request) = LinkRequest::read(&headers, &shop.sealer, &user) {
        let LinkRequest {
            provider,
            subject,
            hash,
            ..
        } = request;
        if shop.users.link(id, (&provider, &subject), &hash).await? {
            note(shop.auth.refresh_claims(&provider, &subject).await);
        }
    }
    Ok(Redirect::to("/"))
}
