//! The check of a set-up by [`OAuthLayer::doctor`](crate::OAuthLayer::doctor), and the meaning of
//! error codes by [`explain()`].
//!
//! A [`Report`] lists [`Check`]s. Each of them has the expected value, the value that was found
//! and, unless it is good, the remedy. The doctor calls the endpoints of the providers without
//! credentials, and changes nothing there.

// The check of a configuration, in two steps.
//
// `gather` collects the `facts`, and is the only part that opens connections. `checks` compares the
// facts with the settings and makes one `Check` of each result, with its remedy. The second step
// uses no network, clock or environment, so the same facts always give the same report. No fact
// holds a secret, because the report may be pasted into an issue.

use crate::flow::Flow;

pub use explain::{Advice, Explanation, explain};
pub use report::{Check, CheckState, Report};

mod checks;
mod explain;
mod facts;
mod gather;
mod report;
mod table;

/// The report about a layer. The providers and the log are examined at the same time.
pub(crate) async fn examine(flow: &Flow) -> Report {
    Report::new(checks::all(&gather::facts(flow).await))
}
