//! A user, and their answers to the pages of the providers.

use super::form::{Form, attribute};

#[derive(Clone, Copy, Debug)]
pub(crate) struct User {
    pub(crate) login: &'static str,
    password: &'static str,
    pub(crate) says: Says,
}

/// The answer to the consent page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Says {
    Yes,
    /// Agrees to everything but the phone number.
    NotThePhone,
    /// Agrees to everything, also to a number that was declined before.
    AlsoThePhone,
    No,
}

/// The next request of the browser.
pub(crate) enum Step {
    Follow(String),
    Submit(Form),
}

impl User {
    pub(crate) fn agrees(login: &'static str) -> Self {
        Self {
            login,
            password: "secret",
            says: Says::Yes,
        }
    }

    pub(crate) fn mistypes(login: &'static str) -> Self {
        Self {
            password: "mistyped",
            ..Self::agrees(login)
        }
    }

    pub(crate) fn says(self, says: Says) -> Self {
        Self { says, ..self }
    }

    pub(crate) fn answer(self, page: &str) -> Step {
        let mut form = Form::on(page);
        form.fill("login", self.login);
        form.fill("username", self.login);
        form.fill("sub", self.login);
        form.fill("password", self.password);
        if page.contains("op.logoutForm") {
            form.press("logout", "yes");
        } else if page.contains("value=\"accept\"") {
            let answer = match self.says {
                Says::Yes | Says::AlsoThePhone => "accept",
                Says::NotThePhone => "accept-without-phone",
                Says::No => "deny",
            };
            form.press("answer", answer);
        } else if page.contains("authorizationForm") && self.says == Says::No {
            form.fields.retain(|(name, _)| name != "allow");
        } else if page.contains("name=\"action\" value=\"deny\"") && self.says == Says::No {
            form.press("action", "deny");
        } else if page.contains("kc-oauth") {
            let denies = self.says == Says::No;
            form.press(if denies { "cancel" } else { "accept" }, "");
        } else if form.fields.contains(&("prompt".into(), "consent".into())) {
            match self.says {
                Says::Yes => {}
                Says::NotThePhone => choose(&mut form, "no"),
                Says::AlsoThePhone => choose(&mut form, "yes"),
                Says::No => return Step::Follow(cancel(page)),
            }
        }
        Step::Submit(form)
    }
}

/// The package has no page to choose from, so `provider.mjs` adds one.
fn choose(form: &mut Form, phone: &str) {
    form.action.push_str("/choose");
    form.press("phone", phone);
}

fn cancel(page: &str) -> String {
    let links = page.split("<a").skip(1);
    let mut cancel = links.filter(|link| link.contains("[ Cancel ]"));
    attribute(cancel.next().unwrap(), "href").unwrap()
}
