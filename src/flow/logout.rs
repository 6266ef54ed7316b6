//! `/auth/logout`: ends the session here, when a page of this site asks for it.

use http::{HeaderValue, StatusCode, header::REFERRER_POLICY, request::Parts};

use super::{Flow, navigation, refuse, same_origin};
use crate::{failure::Reason, language::Language, page::sign_out, reply::Reply};

/// GET: asks first, or says that it is done.
pub(super) fn ask(flow: &Flow, head: &Parts) -> Reply {
    let language = Language::preferred(&head.headers);
    let page = if flow.is_signed_in(&head.headers) {
        sign_out::ask(language, &flow.config.prefix.logout(), "/")
    } else {
        sign_out::done(language, &flow.config.prefix.login())
    };
    // So that its form names its origin to browsers without fetch metadata.
    let policy = HeaderValue::from_static("same-origin");
    flow.page(StatusCode::OK, page)
        .header(REFERRER_POLICY, policy)
}

/// POST.
pub(super) async fn answer(flow: &Flow, head: &Parts) -> Reply {
    if same_origin::is_foreign(&head.headers, flow.config.origin.as_str()) {
        let ask = flow.config.prefix.logout();
        return refuse::forbidden(flow, Reason::CrossSite, &ask, &head.headers);
    }
    if let Some(session) = flow.end(&head.headers) {
        flow.config.hooks.sign_out(session.user).await;
    }
    let reply = if navigation::wants_page(&head.headers) {
        Reply::see_other(&flow.config.prefix.logout())
    } else {
        Reply::empty(StatusCode::NO_CONTENT)
    };
    let cookies = &flow.config.cookies;
    // The deletion stands last: curl 7.88 with a cookie file takes no other.
    let reply = reply.cookie(cookies.forget_rounds(&head.headers));
    let form = cookies.form(&head.headers);
    let reply = reply.cookie(form.and_then(|_| cookies.delete(cookies.form_name())));
    reply.cookie(cookies.delete(cookies.session()))
}
