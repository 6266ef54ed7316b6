//! Fuzz targets of tower-phone-auth. Each is a plain function of bytes that panics on a find:
//! libFuzzer, the deterministic runner and a debugger call the same code.

mod fake;
mod jwt;
mod seal;
mod shop;
mod text;

pub mod callback_query;
pub mod cookie_header;
pub mod events;
pub mod id_token;
pub mod log_entries;
pub mod mutate;
pub mod phone;
pub mod profile;
pub mod public_path;
pub mod request;
pub mod return_path;
pub mod sealed;

/// A target and its name, which is also the name of its folder in `seeds`.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub name: &'static str,
    pub run: fn(&[u8]),
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target {
        name: "callback_query",
        run: callback_query::target,
    },
    Target {
        name: "cookie_header",
        run: cookie_header::target,
    },
    Target {
        name: "events",
        run: events::target,
    },
    Target {
        name: "id_token",
        run: id_token::target,
    },
    Target {
        name: "log_entries",
        run: log_entries::target,
    },
    Target {
        name: "phone",
        run: phone::target,
    },
    Target {
        name: "profile",
        run: profile::target,
    },
    Target {
        name: "public_path",
        run: public_path::target,
    },
    Target {
        name: "request",
        run: request::target,
    },
    Target {
        name: "return_path",
        run: return_path::target,
    },
    Target {
        name: "sealed",
        run: sealed::target,
    },
];
