//! Several futures at once.
//!
//! `futures_util::future::join_all` needs the feature `alloc`, which this crate does not enable.

use std::{
    future::poll_fn,
    task::{Context, Poll},
};

use crate::http_client::BoxFuture;

/// A future, or its result.
enum Step<'a, T> {
    /// The future, which is polled until it is ready.
    Waiting(BoxFuture<'a, T>),
    /// The result. The future is dropped, so it is not polled again.
    Done(T),
}

/// The results of all futures, in the order of the futures and not of their completion.
pub(super) async fn all<T>(futures: Vec<BoxFuture<'_, T>>) -> Vec<T> {
    let mut steps: Vec<Step<'_, T>> = futures.into_iter().map(Step::Waiting).collect();
    poll_fn(|context| poll(&mut steps, context)).await;
    let results = steps.into_iter().filter_map(|step| match step {
        Step::Done(result) => Some(result),
        Step::Waiting(_) => None,
    });
    results.collect()
}

/// Polls each future that waits. Ready when all have their results.
fn poll<T>(steps: &mut [Step<'_, T>], context: &mut Context<'_>) -> Poll<()> {
    let mut all = Poll::Ready(());
    for step in steps {
        if let Step::Waiting(future) = step {
            match future.as_mut().poll(context) {
                Poll::Ready(result) => *step = Step::Done(result),
                Poll::Pending => all = Poll::Pending,
            }
        }
    }
    all
}
