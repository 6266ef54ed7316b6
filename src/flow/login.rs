//! `/auth/login?provider=&return_to=&fresh=`: a login on purpose, or the choice among providers.

use http::{StatusCode, request::Parts};

use super::{Flow, choice, foreign, host, navigation, refuse, start, unauthorized};
use crate::{failure::Reason, pending::Round, reply::Reply, return_to::FormId};

pub(super) async fn answer(flow: &Flow, head: &Parts) -> Reply {
    if !navigation::may_navigate(&head.headers) {
        let login = flow.config.prefix.login();
        return unauthorized::answer(flow, Reason::NoSession, &login, head);
    }
    let wanted = |name: &str| {
        form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes())
            .find_map(|(key, value)| (key == name).then(|| value.into_owned()))
    };
    let return_to = wanted("return_to").unwrap_or_default();
    let form = wanted("form").and_then(|id| FormId::parse(&id));
    let return_to = flow.return_to(&return_to).with_form(form);
    let moved = wanted("moved").is_some();
    if let Some(reply) = host::before_login(flow, moved, &return_to, head) {
        return reply;
    }
    let named = wanted("provider").filter(|name| !name.is_empty());
    let (provider, status) = match (named, flow.providers.as_slice()) {
        (Some(name), _) => (flow.by_name(&name), StatusCode::NOT_FOUND),
        (None, [only]) if !choice::is_stuck_here(only, &head.headers) => {
            (Some(only), StatusCode::OK)
        }
        (None, _) => (None, StatusCode::OK),
    };
    let round = Round {
        fresh: wanted("fresh").is_some(),
        ..Round::default()
    };
    let Some(provider) = provider else {
        return choice::page(flow, status, &return_to, head);
    };
    let login = flow.login_link(Some(&provider.name), &return_to);
    let login = if round.fresh {
        refuse::afresh(login)
    } else {
        login
    };
    match foreign::ask(flow, StatusCode::OK, &login, head) {
        Some(question) => question,
        None => start::begin(flow, provider, return_to, round, &head.headers).await,
    }
}
