//! The logout tokens that wait for newer keys. A provider sends each token once, so a refused one
//! would be lost, and its session would live on.
//!
//! The memory is bounded in number, age and size of tokens, because any host can post tokens with
//! an unknown key id. `event_verification.rs` says when a token is deferred, and which step
//! verifies it later. The tokens do not survive the process.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::clock::UnixTime;

/// The most tokens that wait at once. Together with [`LONGEST_TOKEN`], they take at most half a
/// megabyte.
const MOST: usize = 64;
/// A token waits at most this long. The keys are refetched within seconds, unless the provider is
/// down.
const LONGEST: Duration = Duration::from_secs(5 * 60);
/// The longest token that is deferred, in bytes. Real tokens have about one thousand.
const LONGEST_TOKEN: usize = 8 * 1024;

/// The deferred logout tokens of one provider.
#[derive(Debug, Default)]
pub(super) struct DeferredTokens(Mutex<State>);

/// The tokens, and whether a task verifies them.
#[derive(Debug, Default)]
struct State {
    /// The oldest token comes first.
    tokens: Vec<DeferredToken>,
    /// A task verifies them at the moment.
    has_task: bool,
}

/// A logout token whose claims were checked and whose signature was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DeferredToken {
    /// The token as it was sent.
    pub(super) token: String,
    /// Its `kid`, which the sender chooses.
    pub(super) key_id: Option<String>,
    /// The time of arrival by the clock of this server, and by the provider's. The claims are
    /// checked by these times, so that a token does not expire while it waits.
    pub(super) times: [UnixTime; 2],
    /// The time of arrival by the monotonic clock.
    pub(super) since: Duration,
    /// The number of key fetches that had begun on arrival. Only keys of a later fetch refuse the
    /// token.
    pub(super) fetches: u64,
}

impl DeferredTokens {
    /// Locks the state, never across an `await`.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Defers a token. `true` if the caller must start a task that verifies the tokens, because
    /// none runs.
    pub(super) fn defer(&self, token: DeferredToken) -> bool {
        let mut state = self.state();
        state.add(token);
        !state.tokens.is_empty() && !std::mem::replace(&mut state.has_task, true)
    }

    /// Takes all tokens out, and returns them with the number of those that have expired. If none
    /// is left, the task ends.
    pub(super) fn take(&self, now: Duration) -> (Vec<DeferredToken>, usize) {
        let mut state = self.state();
        // The tokens are verified without the lock, because a fetch of keys may take seconds.
        let tokens = std::mem::take(&mut state.tokens);
        let all = tokens.len();
        let is_live = |token: &DeferredToken| now.saturating_sub(token.since) < LONGEST;
        let live: Vec<DeferredToken> = tokens.into_iter().filter(is_live).collect();
        state.has_task = !live.is_empty();
        let dropped = all - live.len();
        (live, dropped)
    }

    /// Puts back the tokens that could not be verified. `true` if the task goes on. Tokens that
    /// arrived meanwhile come after the older ones.
    pub(super) fn put_back(&self, tokens: Vec<DeferredToken>) -> bool {
        let mut state = self.state();
        // Tokens may have arrived while the others were verified without the lock.
        let newer = std::mem::replace(&mut state.tokens, tokens);
        for token in newer {
            state.add(token);
        }
        state.has_task = !state.tokens.is_empty();
        state.has_task
    }

    /// The task was dropped with its runtime. The next deferred token starts another one. Without
    /// this, the flag would stop every later task.
    pub(super) fn task_ended(&self) {
        self.state().has_task = false;
    }
}

impl State {
    /// Adds a token, unless the same one waits already or it is too long. If there is no space, the
    /// oldest token of the most frequent key id goes. Forged tokens with one key id then push out
    /// each other, and no token with another key id.
    fn add(&mut self, token: DeferredToken) {
        let is_known = self.tokens.iter().any(|known| known.token == token.token);
        if is_known || token.token.len() > LONGEST_TOKEN {
            return;
        }
        // The new token counts as well. If all key ids differ, the oldest token of all goes.
        self.tokens.push(token);
        if self.tokens.len() > MOST {
            let crowded = self.most_crowded();
            self.tokens.remove(crowded);
        }
    }

    /// The index of the token that goes first: the oldest one of the most frequent key id.
    fn most_crowded(&self) -> usize {
        let mut counts = HashMap::new();
        for token in &self.tokens {
            *counts.entry(&token.key_id).or_insert(0_usize) += 1;
        }
        let most = counts.values().max().copied().unwrap_or_default();
        let is_one = |token: &DeferredToken| counts.get(&token.key_id) == Some(&most);
        self.tokens.iter().position(is_one).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(name: &str, key_id: &str, since: u64) -> DeferredToken {
        DeferredToken {
            token: name.to_owned(),
            key_id: Some(key_id.to_owned()),
            times: [UnixTime::from_secs(1_800_000_000); 2],
            since: Duration::from_secs(since),
            fetches: 0,
        }
    }

    fn names(deferred: &DeferredTokens) -> Vec<String> {
        let (tokens, _) = deferred.take(Duration::ZERO);
        tokens.into_iter().map(|token| token.token).collect()
    }

    #[test]
    fn ten_thousand_tokens_of_one_key_id_push_out_none_of_another() {
        let deferred = DeferredTokens::default();
        for real in ["one", "two"] {
            deferred.defer(token(real, "new", 0));
        }
        for number in 0..10_000 {
            deferred.defer(token(&format!("forged {number}"), "forged", 0));
        }
        deferred.defer(token("three", "new", 0));
        let names = names(&deferred);
        assert_eq!(names.len(), MOST);
        assert!(
            ["one", "two", "three"]
                .iter()
                .all(|real| names.contains(&(*real).to_owned()))
        );
    }

    #[test]
    fn after_ten_thousand_tokens_of_as_many_key_ids_the_next_is_deferred() {
        let deferred = DeferredTokens::default();
        for number in 0..10_000 {
            deferred.defer(token(&format!("forged {number}"), &number.to_string(), 0));
        }
        deferred.defer(token("real", "new", 0));
        let names = names(&deferred);
        assert_eq!(names.len(), MOST);
        assert_eq!(names.last().map(String::as_str), Some("real"));
    }

    #[test]
    fn a_repeated_token_is_deferred_once_and_a_long_one_never() {
        let deferred = DeferredTokens::default();
        assert!(!deferred.defer(token(&"x".repeat(LONGEST_TOKEN + 1), "a", 0)));
        assert!(deferred.defer(token("a", "a", 0)));
        assert!(!deferred.defer(token("a", "a", 1)));
        assert_eq!(names(&deferred), ["a"]);
    }

    #[test]
    fn tokens_wait_for_five_minutes_and_the_task_ends_without_any() {
        let deferred = DeferredTokens::default();
        assert!(deferred.defer(token("old", "a", 0)) && !deferred.defer(token("new", "a", 100)));
        let (tokens, dropped) = deferred.take(Duration::from_secs(300));
        assert_eq!((tokens.len(), dropped), (1, 1));
        // Another token comes while these are verified. The same task takes it.
        assert!(!deferred.defer(token("newer", "a", 300)));
        assert!(deferred.put_back(tokens));
        assert_eq!(names(&deferred), ["new", "newer"]);
        assert!(!deferred.put_back(Vec::new()));
        assert!(deferred.defer(token("next", "a", 0)), "a task begins");
        deferred.task_ended();
        assert!(
            deferred.defer(token("after it", "a", 0)),
            "a task begins again"
        );
    }
}
