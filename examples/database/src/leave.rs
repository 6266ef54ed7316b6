//! Closing an account (회원 탈퇴). Behind a fresh sign-in, because it cannot be undone.

use axum::{
    extract::State,
    http::HeaderMap,
    response::{Html, Redirect},
};
use maud::html;

use crate::{
    Shop,
    customer::Customer,
    page,
    unavailable::{Unavailable, note},
};

pub(crate) async fn ask(_: Customer, headers: HeaderMap) -> Html<String> {
    let say = page::in_language_of(&headers);
    let title = say("Close your account?", "정말 탈퇴하시겠습니까?");
    let content = html! {
        p { (say(
            "Your data are deleted, and you are signed out on all devices.",
            "회원 정보가 모두 삭제되고 모든 기기에서 로그아웃됩니다.",
        )) }
        div.actions {
            form method="post" { button { (say("Close the account", "탈퇴하기")) } }
            form action="/" { button { (say("Keep it", "취소")) } }
        }
    };
    page::document(title, &content, &headers)
}

/// Deletes the rows first. If the database fails, nothing has happened, and the user tries again.
/// A service also takes back the consent at the provider, as the page `account_deletion` of the
/// guide shows.
pub(crate) async fn leave(
    State(shop): State<Shop>,
    customer: Customer,
) -> Result<Redirect, Unavailable> {
    for (provider, subject) in shop.users.delete(customer.id).await? {
        note(shop.auth.revoke(&provider, &subject).await);
    }
    Ok(Redirect::to("/goodbye"))
}

/// A public page. The start page would begin the next sign-in, and so make a new user.
pub(crate) async fn goodbye(headers: HeaderMap) -> Html<String> {
    let say = page::in_language_of(&headers);
    let title = say("Your account is closed", "탈퇴가 완료되었습니다");
    let content = html! {
        p { (say("Your data are deleted.", "회원 정보를 모두 삭제했습니다.")) }
        p { a href="/" { (say("Sign up again", "다시 가입하기")) } }
    };
    page::document(title, &content, &headers)
}
