//! `/auth/login?provider=&return_to=&fresh=`: a login on purpose, or the choice among providers.

use http::{StatusCode, request::Parts};

use super::{Flow, Registered, choice, foreign, host, navigation, refuse, start, unauthorized};
use crate::{
    failure::Reason,
    pending::Round,
    reply::Reply,
    return_to::{FormId, ReturnTo},
};

pub(super) async fn answer(flow: &Flow, head: &Parts) -> Reply {
    if !navigation::may_navigate(&head.headers) {
        let login = flow.config.prefix.login();
        return unauthorized::answer(flow, Reason::NoSession, &login, head);
    }
    let wanted = Wanted::read(flow, head);
    if let Some(reply) = host::before_login(flow, wanted.moved, &wanted.return_to, head) {
        return reply;
    }
    let (provider, status) = match (&wanted.provider, flow.providers.as_slice()) {
        (Some(name), _) => (flow.by_name(name), StatusCode::NOT_FOUND),
        (None, [only]) if !choice::is_stuck_here(only, &head.headers) => {
            (Some(only), StatusCode::OK)
        }
        (None, _) => (None, StatusCode::OK),
    };
    match provider {
        Some(provider) => begin(flow, provider, wanted, head).await,
        None => choice::page(flow, status, &wanted.return_to, head),
    }
}

/// What the query says.
struct Wanted {
    provider: Option<String>,
    return_to: ReturnTo,
    fresh: bool,
    moved: bool,
}

impl Wanted {
    fn read(flow: &Flow, head: &Parts) -> Self {
        let wanted = |name: &str| {
            form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes())
                .find_map(|(key, value)| (key == name).then(|| value.into_owned()))
        };
        let return_to = wanted("return_to").unwrap_or_default();
        let form = wanted("form").and_then(|id| FormId::parse(&id));
        Self {
            provider: wanted("provider").filter(|name| !name.is_empty()),
            return_to: flow.return_to(&return_to).with_form(form),
            fresh: wanted("fresh").is_some(),
            moved: wanted("moved").is_some(),
        }
    }
}

/// A visit that another site sent is asked first.
async fn begin(flow: &Flow, provider: &Registered, wanted: Wanted, head: &Parts) -> Reply {
    let Wanted {
        return_to, fresh, ..
    } = wanted;
    let login = flow.login_link(Some(&provider.name), &return_to);
    let login = if fresh { refuse::afresh(login) } else { login };
    if let Some(question) = foreign::ask(flow, StatusCode::OK, &login, head) {
        return question;
    }
    let round = Round {
        fresh,
        ..Round::default()
    };
    start::begin(flow, provider, return_to, round, &head.headers).await
}
