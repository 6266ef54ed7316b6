//! The page of a signed-in user.

use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use maud::html;

use crate::{
    Shop,
    customer::Customer,
    page,
    unavailable::{Unavailable, note},
};

pub(crate) async fn home(
    State(shop): State<Shop>,
    Customer { id, user }: Customer,
    headers: HeaderMap,
) -> Result<Response, Unavailable> {
    let providers = shop.users.providers(id).await?;
    if providers.is_empty() {
        // A session of a deleted user, whose end this process does not remember.
        note(shop.auth.revoke_session(user.session_id()).await);
        return Ok(Redirect::to("/").into_response());
    }
    let say = page::in_language_of(&headers);
    let title = say("You are signed in", "로그인되었습니다");
    let content = html! {
        p.number { (user.phone.national()) }
        dl {
            dt { (say("Customer", "고객 번호")) } dd { (id) }
            dt { (say("Signs in with", "로그인 방법")) }
            dd { (page::names(&providers, &say)) }
        }
        h2 { (say("Try this", "이런 것도 해 보세요")) }
        ul {
            li { (say(
                "Sign out, and sign in again as the same user. No code is sent.",
                "로그아웃한 뒤 같은 사용자로 다시 로그인해 보세요. 인증번호를 보내지 않습니다.",
            )) }
            li { (say(
                "Sign out, and use the other provider with the same number. The shop offers to link both.",
                "로그아웃한 뒤 다른 로그인 방법으로 같은 번호를 인증해 보세요. 두 계정을 연결할지 물어봅니다.",
            )) }
        }
        div.actions {
            form method="post" action="/auth/logout" { button { (say("Sign out", "로그아웃")) } }
            form action="/leave" { button { (say("Close the account", "회원 탈퇴")) } }
        }
    };
    Ok(page::document(title, &content, &headers).into_response())
}
