//! Whatever is sent, by browsers and by the provider, there is an answer and never an error of ours.

use proptest::prelude::ProptestConfig;
use tokio::runtime::Runtime;

mod answers;
mod openid;
mod requests;
mod vocabulary;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}
