#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

// The floors, ground first: a module uses modules of lower floors only, its own children
// excepted. A test keeps it so.
mod clock;
mod error;
mod language;
mod phone;

mod body;
mod cookie;
mod key;
mod origin;
mod page;
mod path;
mod reply;
mod return_to;
mod user;

mod seal;

mod session;

mod pending;

pub use clock::Clock;
pub use error::{ConfigError, LoginError, LoginErrorKind};
pub use key::SessionKey;
pub use phone::{PhoneAssurance, PhoneNumber, PhoneNumberError};
pub use user::VerifiedUser;
