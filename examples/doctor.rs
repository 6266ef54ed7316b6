//! Checks the settings of the other examples, and explains error codes:
//!
//! ```text
//! cargo run --example doctor                   # a table of all checks
//! cargo run --example doctor -- --json         # the same as JSON
//! cargo run --example doctor KOE006            # cause and remedy of an error, English and Korean
//! cargo run --example doctor -- -401           # a code that begins with a hyphen
//! ```
//!
//! The settings are the environment variables of `axum.rs`. The exit status is 1 if a
//! check failed or a code is not known, and 2 if a setting is wrong. `RUST_LOG=info` shows the log
//! as well.

#[allow(dead_code)] // This example uses only the settings of the shop.
mod shop;

use std::{
    env,
    io::{self, Write},
    process::ExitCode,
};

use shop::settings::{self, Layer, variable};
use tower_phone_auth::doctor::{Explanation, Report, explain};

const FAILED: u8 = 1;
const WRONG_SETTINGS: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => examine(Report::to_string).await,
        ["--json"] => examine(|report| format!("{}\n", report.to_json())).await,
        [flag, ..] if flag.starts_with("--") => {
            eprintln!("error: {flag}: is not known; give --json, the code of an error, or nothing");
            ExitCode::from(WRONG_SETTINGS)
        }
        codes => explained(codes),
    }
}

async fn examine(text: impl FnOnce(&Report) -> String) -> ExitCode {
    settings::log("off");
    let address = variable("LISTEN_ADDR").unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let public_url = variable("PUBLIC_URL").unwrap_or_else(|| format!("http://{address}"));
    let layer = match Layer::from_env(&public_url).await {
        Ok(layer) => layer,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(WRONG_SETTINGS);
        }
    };
    let report = layer.auth.doctor().await;
    print(&text(&report));
    if report.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FAILED)
    }
}

fn explained(codes: &[&str]) -> ExitCode {
    let mut all_known = true;
    for code in codes {
        let found = explain(code);
        all_known &= !found.is_empty();
        if found.is_empty() {
            let near = Explanation::near(code);
            let near = match near.as_slice() {
                [] => String::new(),
                near => format!("; similar codes: {}", near.join(", ")),
            };
            eprintln!("error: {code}: is not known{near}");
        }
        for explanation in found {
            print(&format!("{explanation}\n\n"));
        }
    }
    if all_known {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FAILED)
    }
}

/// Prints a text. A reader that leaves, such as `head`, does not change the exit status.
fn print(text: &str) {
    io::stdout().write_all(text.as_bytes()).ok();
}
