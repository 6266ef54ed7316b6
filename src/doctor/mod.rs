//! The check of a set-up. The facts are gathered first (`gather`), then judged without any network (`judge`).

use crate::flow::Flow;

mod explain;
mod facts;
mod gather;
mod judge;
mod report;
mod table;

pub use explain::{Advice, Explanation, explain};
pub use report::{Check, CheckState, Report};

pub(crate) async fn examine(flow: &Flow) -> Report {
    Report::new(judge::all(&gather::facts(flow).await))
}
