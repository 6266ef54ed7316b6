//! The page at an address of the layer that does not exist, or does not take the method.
//!
//! The page serves 404 and 405 alike, because a user can do the same in both cases. Programs get an
//! empty body.

use maud::html;

use super::layout;
use crate::web::language::Language;

/// The page. `home` is the start page, on this origin and below the path of the public URL.
pub(crate) fn render(language: Language, home: &str) -> String {
    let content = html! {
        p {
            (language.pick(
                "There is nothing at this address, or it does not take what was sent there.",
                "없는 주소이거나, 이 주소로는 보낼 수 없는 요청입니다.",
            ))
        }
        nav { a.act href=(home) { (language.pick("Go to the start page", "처음으로")) } }
    };
    let title = language.pick("Page not found", "페이지를 찾을 수 없습니다");
    layout(language, title, &content)
}
