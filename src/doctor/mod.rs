//! The check of a set-up by [`OAuthLayer::doctor`](crate::OAuthLayer::doctor), and the meaning of
//! error codes by [`explain()`].

// The check of a configuration, in two steps.
//
// `gather` collects the `facts`: it is the only part that opens connections. `checks` compares
// the facts with the settings and makes one `Check` of each result, with its remedy. That step
// uses no network, clock or environment, so tests cover it with made-up facts. No fact holds a
// secret, since the report may be pasted into an issue.

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
