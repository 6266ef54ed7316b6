//! Code shared by the examples: the listener, the layer built from environment variables, and the
//! pages.

mod local;
pub(crate) mod page;
mod phone;
pub(crate) mod settings;

use std::{
    error::Error,
    io::{self, Write},
    iter,
    process::ExitCode,
};

use serde::Serialize;
use tokio::net::TcpListener;
use tower_phone_auth::{OAuthLayer, PhoneNumber, VerifiedUser};
use tower_phone_auth_local_provider::LocalProvider;

use page::Links;

/// A small application that needs its users' phone numbers.
pub(crate) struct Shop {
    /// The layer.
    pub(crate) auth: OAuthLayer,
    /// The socket that the application listens on.
    pub(crate) listener: TcpListener,
    /// The address to open in a browser.
    pub(crate) public_url: String,
    /// The local provider runs until this value is dropped.
    local: Option<LocalProvider>,
}

impl Shop {
    /// The addresses on the pages. They contain the path of `PUBLIC_URL`, which a proxy removes.
    pub(crate) fn links(&self) -> Links {
        let rest = self.public_url.splitn(4, '/').nth(3).unwrap_or_default();
        let home = match rest.trim_end_matches('/') {
            "" => String::new(),
            path => format!("/{path}"),
        };
        let inbox = self.local.as_ref().map(LocalProvider::inbox_url);
        Links { home, inbox }
    }

    /// Prints the address. `println!` would end the start if the output cannot be written.
    pub(crate) fn print_address(&self) {
        writeln!(io::stdout(), "open {}", self.public_url).ok();
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
