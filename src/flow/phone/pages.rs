//! The replies of the phone step that are pages.

use std::time::Duration;

use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{REFERRER_POLICY, RETRY_AFTER},
    request::Parts,
};

use super::{
    now,
    step::{Held, Step, held},
};
use crate::{
    error::{LoginError, LoginErrorKind},
    flow::{
        Flow, form, refuse,
        request::{link, navigation},
    },
    hooks::PhoneStepEvent,
    language::{Accepted, Written},
    page::{
        phone::{code, number},
        texts::Texts,
        unsent::{self, Unsent},
    },
    phone_step::attempts::{StepState, StoreError},
    web::{reply::Reply, return_to::ReturnTo},
};

/// The values of the page of the code that change with time.
#[derive(Clone, Copy, Default)]
pub(super) struct Shown {
    /// The wait until the next message.
    wait: Duration,
}

impl Shown {
    /// By the state of the step.
    pub(super) fn now(state: Option<&StepState>) -> Self {
        Self {
            wait: state.map_or(Duration::ZERO, |state| state.wait),
        }
    }
}

/// The page of the number.
pub(super) fn number(
    flow: &Flow,
    step: &Step,
    status: StatusCode,
    problem: Option<number::Problem>,
    headers: &HeaderMap,
) -> Reply {
    let (prefix, texts) = (&flow.config.prefix, Texts::preferred(headers));
    let (action, code) = (prefix.phone(), prefix.phone_code());
    let page = number::render(
        texts,
        &number::Number {
            action: &action,
            countries: &countries(flow),
            code: step.number.map(|_| &*code),
            problem,
            site: site(flow, headers),
        },
    );
    of_this_origin(flow.html_page(status, page))
}

/// The page of the code. A step without a number has the page of the number.
pub(super) fn code(
    flow: &Flow,
    step: &Step,
    status: StatusCode,
    problem: Option<code::Problem>,
    shown: Shown,
    headers: &HeaderMap,
) -> Reply {
    let Some(number) = step.number else {
        return self::number(flow, step, status, None, headers);
    };
    let prefix = &flow.config.prefix;
    let config = flow.config.phone_step.as_ref();
    let page = code::render(
        Texts::preferred(headers),
        &code::Code {
            action: &prefix.phone_code(),
            number: &number.masked(),
            change: &prefix.phone(),
            resend_in: seconds(shown.wait),
            inbox: config.and_then(|config| config.inbox.as_deref()),
            problem,
            site: site(flow, headers),
        },
    );
    of_this_origin(flow.page_under(&flow.config.policies.phone_code, status, page))
}

/// The page of the code with a problem, and the wait as the store has it now.
pub(super) async fn code_now(
    flow: &Flow,
    step: &Step,
    status: StatusCode,
    problem: code::Problem,
    headers: &HeaderMap,
) -> Reply {
    let state = match &flow.config.phone_step {
        Some(config) => config.attempts.state(&step.id, now(flow)).await,
        None => Ok(None),
    };
    // The page is of use without the wait.
    let shown = Shown::now(state.ok().flatten().as_ref());
    code(flow, step, status, Some(problem), shown, headers)
}

/// With this policy the form names its origin, also in browsers without fetch metadata.
fn of_this_origin(reply: Reply) -> Reply {
    reply.header(REFERRER_POLICY, HeaderValue::from_static("same-origin"))
}

/// The name of the site in the language of the user, if the page does not have it already.
fn site<'a>(flow: &'a Flow, headers: &HeaderMap) -> Option<Written<'a>> {
    let config = flow.config.phone_step.as_ref()?;
    let is_shown = flow.config.look.has_site();
    let name = config.site.as_ref().filter(|_| !is_shown)?;
    Some(name.written(&Accepted::of(headers)))
}

/// The permitted countries, such as `KR` with `+82`.
fn countries(flow: &Flow) -> Vec<(String, String)> {
    let config = flow.config.phone_step.as_ref();
    config.map_or_else(Vec::new, |config| config.regions.dialled().collect())
}

/// The wait in whole seconds, rounded up, because an earlier request would be refused again.
pub(super) fn seconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u64::MAX)
}

/// Adds `Retry-After` (RFC 9110 section 10.2.3), of at least a second.
pub(super) fn retry_after(reply: Reply, wait: Duration) -> Reply {
    let seconds = seconds(wait).max(1).to_string();
    match HeaderValue::try_from(seconds) {
        Ok(seconds) => reply.header(RETRY_AFTER, seconds),
        Err(_) => reply,
    }
}

/// The reply while the store of the attempts is away. The step stays.
pub(super) fn store_failed(
    flow: &Flow,
    step: &Step,
    error: &StoreError,
    headers: &HeaderMap,
) -> Reply {
    note(flow, step, PhoneStepEvent::StoreFailed);
    tracing::warn!("the store of the phone step was not reached: {error}");
    unavailable(flow, step, headers)
}

/// 503 with the page of the step, which stays.
pub(super) fn unavailable(flow: &Flow, step: &Step, headers: &HeaderMap) -> Reply {
    const SOON: Duration = Duration::from_secs(5);

    let status = StatusCode::SERVICE_UNAVAILABLE;
    let reply = match step.number {
        Some(_) => {
            let problem = Some(code::Problem::Unavailable);
            code(flow, step, status, problem, Shown::default(), headers)
        }
        None => {
            let problem = Some(number::Problem::Unavailable);
            number(flow, step, status, problem, headers)
        }
    };
    retry_after(reply, SOON)
}

/// The reply for a step that cannot go on. Its cookie is deleted, so that the next sign-in begins a
/// new step. A user who is signed in meanwhile goes on.
pub(super) fn over(flow: &Flow, step: &Step, code: &'static str, head: &Parts) -> Reply {
    let headers = &head.headers;
    let live = flow.live_session(headers);
    if live.is_some_and(|live| step.is_same_user(&live)) && code == "step_done" {
        return form::go_on_again(flow, &step.place, headers);
    }
    let provider = Some(&*step.session.user.provider);
    let reply = refused(flow, provider, code, &step.place, head);
    reply.cookie(flow.cookies.phone_step.delete(""))
}

/// The refusal, with a link to the sign-in. Any client can cause it at will, so its lines in the
/// log are limited.
pub(super) fn refused(
    flow: &Flow,
    provider: Option<&str>,
    code: &'static str,
    place: &ReturnTo,
    head: &Parts,
) -> Reply {
    let error = LoginError::with_code(LoginErrorKind::PhoneNotConfirmed, code).by_browser();
    refuse::login(flow, provider, &error, place, &head.headers)
}

/// 403 for a form of a tab that was left open while the user was signed in, as in another tab. A
/// redirect would look as if the number or the code had counted. The link leads to the return
/// address, or to the sign-in if the session ends first.
pub(super) fn signed_in(flow: &Flow, place: &ReturnTo, headers: &HeaderMap) -> Reply {
    let go_on = link::for_signed_in(flow.login_link(None, place));
    let links = unsent::Links {
        login: &go_on,
        here: &go_on,
        home: &go_on,
    };
    let page = unsent::render(Texts::preferred(headers), Unsent::SignedIn, &links);
    flow.html_page(StatusCode::FORBIDDEN, page)
}

/// 403 for a POST of another site. A user who reads the reply gets a page that leads on, by GET.
pub(super) fn foreign(flow: &Flow, head: &Parts) -> Reply {
    let (headers, prefix) = (&head.headers, &flow.config.prefix);
    let (here, home) = (prefix.phone(), flow.home());
    let page = || {
        let links = unsent::Links {
            login: home.as_str(),
            here: &here,
            home: home.as_str(),
        };
        let page = unsent::render(Texts::preferred(headers), Unsent::ForeignAct, &links);
        flow.html_page(StatusCode::FORBIDDEN, page)
    };
    let page = navigation::wants_page(headers).then(page);
    refuse::cross_site(flow, &here, headers, page)
}

/// Writes a step to the log and to the events of the application.
pub(super) fn note(flow: &Flow, step: &Step, event: PhoneStepEvent) {
    let user = &step.session.user;
    flow.config
        .audit
        .phone_step(&user.provider, &user.subject, event);
}

/// The reply to a step that gave its right code before: the return address for the browser that got
/// the session, and a refusal for any other.
pub(super) fn done(flow: &Flow, step: &Step, head: &Parts) -> Reply {
    match held(flow, &head.headers) {
        Some(Held::Done(place)) if flow.is_signed_in(&head.headers) => {
            form::go_on_again(flow, &place, &head.headers)
        }
        _ => over(flow, step, "step_done", head),
    }
}
