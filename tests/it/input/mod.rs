//! Every input of browsers and providers gets an answer, and never a server error of the layer.

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
