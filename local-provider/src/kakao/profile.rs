//! Kakao's profile and userinfo.

use http::StatusCode;
use serde_json::{Value, json};

use super::refused;
use crate::{
    dialect::Dialect,
    state::State,
    tokens::bearer::Bearer,
    web::{
        answer::{self, Answer},
        record::Recorded,
    },
};

/// `GET` or `POST /v2/user/me`.
pub(crate) fn me(state: &mut State, request: &Recorded) -> Answer {
    match Bearer::of(state, Dialect::Kakao, &request.headers) {
        Ok(bearer) => answer::json(StatusCode::OK, &Profile { state, bearer }.me()),
        Err(cause) => refused::no_bearer(cause),
    }
}

/// `GET /v1/oidc/userinfo`.
pub(crate) fn userinfo(state: &mut State, request: &Recorded) -> Answer {
    if !state.settings.kakao_oidc {
        return refused::refusal(StatusCode::FORBIDDEN, "OIDC is off", -3);
    }
    match Bearer::of(state, Dialect::Kakao, &request.headers) {
        Ok(bearer) => answer::json(StatusCode::OK, &Profile { state, bearer }.claims()),
        Err(cause) => refused::no_bearer(cause),
    }
}

/// The profile of the person whose token a request has.
struct Profile<'a> {
    state: &'a State,
    bearer: Bearer,
}

impl Profile<'_> {
    /// The answer of `/v2/user/me`.
    fn me(&self) -> Value {
        let person = &self.bearer.person;
        let mut me = json!({
            "id": person.id,
            "has_signed_up": !person.preregistered,
            "kakao_account": self.account(),
        });
        if !person.preregistered {
            me["connected_at"] = CONNECTED_AT.into();
        }
        me
    }

    /// The account. A member is there only for an item that is switched on for the application.
    fn account(&self) -> Value {
        let person = &self.bearer.person;
        let mut account = json!({});
        if self.configured("profile_nickname") {
            let given = self.given("profile_nickname");
            account["profile_nickname_needs_agreement"] = (!given).into();
            if given {
                account["profile"] = json!({ "nickname": person.nickname });
            }
        }
        if self.configured("name") {
            self.describe(&mut account, "name", "name", person.name.as_deref());
        }
        if self.configured("account_email") {
            let address = person.email.as_ref().map(|email| email.address.as_str());
            self.describe(&mut account, "account_email", "email", address);
            if let Some(email) = person
                .email
                .as_ref()
                .filter(|_| self.given("account_email"))
            {
                account["is_email_valid"] = email.valid.into();
                account["is_email_verified"] = email.verified.into();
            }
        }
        if self.configured("phone_number") && !person.preregistered {
            let phone = person.phone.as_deref();
            self.describe(&mut account, "phone_number", "phone_number", phone);
        }
        account
    }

    /// Adds an item in one of Kakao's three states: it is given, it can be had by asking for
    /// consent again (`needs_agreement`), or the account does not have it.
    fn describe(&self, account: &mut Value, item: &str, member: &str, value: Option<&str>) {
        let given = self.given(item);
        account[format!("{member}_needs_agreement")] = (value.is_some() && !given).into();
        if let Some(value) = value.filter(|_| given) {
            account[member] = value.into();
        }
    }

    /// The answer of `/v1/oidc/userinfo`, which has a phone number, unlike the ID token.
    fn claims(&self) -> Value {
        let person = &self.bearer.person;
        let mut claims = json!({ "sub": person.id.to_string() });
        if self.given("profile_nickname") {
            claims["nickname"] = person.nickname.as_str().into();
        }
        if let Some(name) = person.name.as_deref().filter(|_| self.given("name")) {
            claims["name"] = name.into();
        }
        if let Some(email) = person
            .email
            .as_ref()
            .filter(|_| self.given("account_email"))
        {
            claims["email"] = email.address.as_str().into();
            claims["email_verified"] = (email.valid && email.verified).into();
        }
        let phone = person.shared_phone();
        if let Some(phone) = phone.filter(|_| self.given("phone_number")) {
            claims["phone_number"] = phone.into();
            claims["phone_number_verified"] = true.into();
        }
        claims
    }

    /// Whether the item is switched on for the application.
    fn configured(&self, item: &str) -> bool {
        self.state.settings.asks_for(item)
    }

    /// Whether the application gets the item. A token that was issued before a consent never gets
    /// the items of that consent.
    fn given(&self, item: &str) -> bool {
        let covered = self.bearer.grant.covers(item);
        let consents = &self.state.consents;
        let agrees = consents.agrees(Dialect::Kakao, self.bearer.person.id, item);
        covered && self.configured(item) && agrees
    }
}

/// When the person was linked. Fixed, so that answers can be compared.
const CONNECTED_AT: &str = "2026-01-02T03:04:05Z";
