//! Settings that cannot work.

use tower_phone_auth::{
    Builder, Kakao, OAuthLayer, SessionKey,
    phone::PhoneAssurance,
    phone_step::{CodeSender, Message, PhoneStep, SendError},
    provider::{BoxFuture, HttpClient},
};

use super::kit::Outbox;

/// A sender that is not for development.
struct Real;

impl CodeSender for Real {
    fn send<'a>(
        &'a self,
        _: &'a dyn HttpClient,
        _: Message<'a>,
    ) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(async { Ok(()) })
    }
}

fn builder(public_url: &str) -> Builder {
    OAuthLayer::builder()
        .public_url(public_url)
        .session_key(SessionKey::random())
        .provider(Kakao::new("key", "secret"))
}

fn refused(builder: Builder) -> String {
    builder.build().unwrap_err().setting().to_owned()
}

const HERE: &str = "http://127.0.0.1:3000";
const SHOP: &str = "https://shop.example.com";

#[test]
fn a_sender_for_development_needs_a_loopback_address() {
    let step = || PhoneStep::new(Outbox::default());
    assert!(builder(HERE).phone_step(step()).build().is_ok());
    assert_eq!(refused(builder(SHOP).phone_step(step())), "phone_step");
    let permitted = builder(SHOP).phone_step(step()).allow_test_endpoints();
    assert!(permitted.build().is_ok());
}

#[test]
fn a_real_sender_needs_the_address_of_clients() {
    let step = || PhoneStep::new(Real);
    assert_eq!(refused(builder(SHOP).phone_step(step())), "client_address");
    let step = step().client_address(|_| None);
    assert!(builder(SHOP).phone_step(step).build().is_ok());
}

#[test]
fn settings_that_cannot_work_are_refused_with_their_name() {
    let step = || PhoneStep::new(Outbox::default());
    for (step, setting) in [
        (step().regions(["Korea"]), "regions"),
        (step().regions(Vec::<String>::new()), "regions"),
        (step().trusted_proxies(["10.0.0.0/33"]), "trusted_proxies"),
        (step().site_name("가".repeat(60)), "site_name"),
        (step().message("no place for it"), "message"),
    ] {
        assert_eq!(refused(builder(HERE).phone_step(step)), setting);
    }
}

#[test]
fn confirmed_numbers_need_a_phone_step() {
    let confirmed = builder(HERE).minimum_assurance(PhoneAssurance::Confirmed);
    assert_eq!(refused(confirmed), "minimum_assurance");
}
