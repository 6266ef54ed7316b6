//! The page of each refusal. `Denied` has the reason that the application gives.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tower_phone_auth::{
    Text,
    error::LoginErrorKind::{self, *},
    hooks::{Denied as Refused, SignIn},
};

use super::{check::Reader, is_full, refuser::Refuser};
use crate::support::{engine::Engine, shop::Shop};

/// The pages that differ in their parts, and not in their texts alone: one way on, two, the page of
/// the operator, and a long text.
const DIFFERENT: [LoginErrorKind; 4] = [Cancelled, PhoneNotOnAccount, Misconfigured, NoCookies];

#[rustfmt::skip]
const OTHERS: [LoginErrorKind; 27] = [
    MalformedCallback, UnknownState, OtherWindow, OtherHost, LoginExpired, IssuerMismatch,
    ProviderRefused, CodeRejected, RateLimited, ProviderBusy, ProviderUnavailable, ProviderTimeout,
    InvalidAnswer, IdTokenRejected, TokenRejected, AccountRefused, OtherAccount, PhoneNotShared,
    PhoneNotConfigured, Preregistered, PhoneInvalid, PhoneNotVerified, PhoneNotConfirmed, Unproved,
    Loop, Misdirected, ApplicationBusy,
];

pub(super) async fn walk(engine: Engine, language: &'static str) {
    let (refuser, denies) = (Refuser::default(), Arc::new(AtomicBool::new(false)));
    let (club, asked) = (refuser.provider().await, Arc::clone(&denies));
    let rule = move |_: SignIn| {
        let denies = asked.load(Ordering::Relaxed);
        async move {
            let reason = Text::en("Members only.").ko("회원만 이용할 수 있습니다.");
            if denies {
                return Err(Refused::new(reason).into());
            }
            Ok(())
        }
    };
    let shop = Shop::with(|builder, _| builder.provider(club).on_sign_in(rule)).await;
    let login = shop.page("/auth/login?provider=club&return_to=/orders");
    let reader = Reader::new(engine, language).await;
    let others = if is_full() { &OTHERS[..] } else { &[] };
    for &kind in DIFFERENT.iter().chain(others) {
        refuser.refuses(kind);
        reader.browser.go(&login).await;
        reader.checks(&format!("{kind:?}"), "small").await;
        // After some refusals in a row, a sign-in would end with another page.
        shop.pass(Duration::from_secs(60 * 60));
    }
    refuser.accepts();
    denies.store(true, Ordering::Relaxed);
    reader.browser.go(&login).await;
    reader.checks("Denied", "small").await;
}
