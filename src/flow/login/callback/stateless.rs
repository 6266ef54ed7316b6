//! A callback without a `state`: an error alone, or a request that is no callback.

use http::request::Parts;

use crate::{
    error::{LoginError, LoginErrorKind},
    flow::{
        Flow, Registered,
        login::{
            callback_query::{CallbackQuery, SentError},
            code::with_sent_error,
            error_name,
            pending::Held,
        },
        refuse,
    },
    provider::CallbackParameters,
    web::{reply::Reply, return_to::ReturnTo},
};

/// Refuses the callback. An error has its own page, with the return address of the one pending
/// sign-in. No cookie is changed, because another site could otherwise end a sign-in.
pub(crate) fn refuse(flow: &Flow, provider: &Registered, head: &Parts) -> Reply {
    let (error, place) = match CallbackQuery::error_alone(head.uri.query()) {
        Some(name) => (error_name::refused(&name), only_place(flow, provider, head)),
        None => (LoginError::new(LoginErrorKind::MalformedCallback), None),
    };
    let place = place.unwrap_or_else(|| flow.home());
    let parameters = CallbackParameters::read(head.uri.query().unwrap_or_default());
    let sent_error = SentError::read(&parameters);
    let error = with_sent_error(error.by_browser(), &sent_error, provider, None);
    let name = Some(&*provider.name);
    refuse::login(flow, name, &error, &place, &head.headers)
}

/// The return address of this provider's pending sign-in, if there is exactly one and its cookie
/// holds the address. With several, the error could be of any of them.
fn only_place(flow: &Flow, provider: &Registered, head: &Parts) -> Option<ReturnTo> {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let held = flow.cookies.pending.open_all(&head.headers, now);
    let opened = held.map(|cookie| Held::read(cookie.value, &config.prefix));
    let mut live = opened.filter(|pending| {
        pending.binding == provider.binding
            && !pending.is_over(now)
            // A check has no page, so its user would not see the error as the result of a sign-in.
            && pending.attempt.rechecks.is_none()
    });
    let only = live.next()?;
    live.next().is_none().then_some(only.place)?
}
