//! The check of a set-up. The facts are gathered first (`gather`), then judged without any network (`judge`).

use crate::flow::Flow;

pub use explain::{Advice, Explanation, explain};
pub use report::{Check, CheckState, Report};

mod checks;
mod explain;
mod facts;
mod gather;
mod report;
mod table;

pub(crate) async fn examine(flow: &Flow) -> Report {
    Report::new(checks::all(&gather::facts(flow).await))
}
