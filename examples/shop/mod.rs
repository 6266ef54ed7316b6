//! Code shared by the examples: the listener, the layer built from environment variables, and a
//! page.

mod local;
mod phone;
pub(crate) mod settings;

use std::{error::Error, iter, process::ExitCode};

use maud::{DOCTYPE, html};
use serde::Serialize;
use tokio::net::TcpListener;
use tower_phone_auth::{OAuthLayer, PhoneNumber, VerifiedUser};
use tower_phone_auth_local_provider::LocalProvider;

/// A small application that needs its users' phone numbers.
pub(crate) struct Shop {
    /// The layer.
    pub(crate) auth: OAuthLayer,
    /// The socket that the application listens on.
    pub(crate) listener: TcpListener,
    /// The address to open in a browser.
    pub(crate) public_url: String,
    /// The local provider runs until this value is dropped.
    _local: Option<LocalProvider>,
}

impl Shop {
    /// The path of the layer's sign-out as the browser sees it, below the path of `PUBLIC_URL`.
    pub(crate) fn logout(&self) -> String {
        let rest = self.public_url.splitn(4, '/').nth(3).unwrap_or_default();
        match rest.trim_end_matches('/') {
            "" => "/auth/logout".to_owned(),
            path => format!("/{path}/auth/logout"),
        }
    }
}

/// The JSON of `/me`.
#[derive(Serialize)]
pub(crate) struct Me {
    phone: PhoneNumber,
    provider: String,
    subject: String,
    /// One of the values of `PHONE_POLICY`.
    assurance: &'static str,
}

impl From<&VerifiedUser> for Me {
    fn from(user: &VerifiedUser) -> Self {
        Self {
            phone: user.phone,
            provider: user.provider.to_string(),
            subject: user.subject.to_string(),
            assurance: user.phone_assurance.as_str(),
        }
    }
}

/// The protected page. `logout` is the path of the layer's sign-out.
pub(crate) fn page(user: &VerifiedUser, logout: &str) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Your phone number" }
            }
            body {
                h1 { (user.phone) }
                p { "In " (user.phone.region().unwrap_or_default()) ": " (user.phone.national()) }
                p { "Known to " (user.provider) " as " (user.subject) }
                form method="post" action=(logout) { button { "Sign out" } }
            }
        }
    }
    .into_string()
}

/// Prints a failed start as one line that names the variable and the remedy.
pub(crate) fn report(result: Result<(), Box<dyn Error>>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", with_causes(&*error));
            ExitCode::FAILURE
        }
    }
}

/// An error with its causes, which its own text does not repeat.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let causes = iter::successors(error.source(), |cause| (*cause).source());
    iter::once(error)
        .chain(causes)
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
