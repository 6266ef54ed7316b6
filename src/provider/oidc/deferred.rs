//! Logout tokens whose key is not known yet: a provider that sends each once would not send them again.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::clock::UnixTime;

/// So many are kept, and for so long.
const MOST: usize = 64;
const LONGEST: Duration = Duration::from_secs(5 * 60);
/// A longer token is not kept, in bytes: those of real providers have about one thousand.
const LONGEST_TOKEN: usize = 8 * 1024;

/// The logout tokens of one provider that are to be judged with its next key set.
#[derive(Debug, Default)]
pub(super) struct DeferredTokens(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// The oldest first.
    tokens: Vec<DeferredToken>,
    /// A task judges them.
    has_task: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DeferredToken {
    pub(super) token: String,
    pub(super) key_id: Option<String>,
    /// When it came, by our clock, and as the provider's clock showed it.
    pub(super) times: [UnixTime; 2],
    /// The same by the monotonic clock.
    pub(super) since: Duration,
    /// As many fetches of the keys had begun.
    pub(super) fetches: u64,
}

impl DeferredTokens {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a task has to begin that judges them.
    pub(super) fn defer(&self, token: DeferredToken) -> bool {
        let mut state = self.state();
        state.add(token);
        !state.tokens.is_empty() && !std::mem::replace(&mut state.has_task, true)
    }

    /// All of them, to be judged now; and how many were dropped because no keys came in time. Without any, the task ends.
    pub(super) fn take(&self, now: Duration) -> (Vec<DeferredToken>, usize) {
        let mut state = self.state();
        let tokens = std::mem::take(&mut state.tokens);
        let all = tokens.len();
        let is_live = |token: &DeferredToken| now.saturating_sub(token.since) < LONGEST;
        let live: Vec<DeferredToken> = tokens.into_iter().filter(is_live).collect();
        state.has_task = !live.is_empty();
        let dropped = all - live.len();
        (live, dropped)
    }

    /// Those that could not be judged. Whether the task goes on.
    pub(super) fn put_back(&self, tokens: Vec<DeferredToken>) -> bool {
        let mut state = self.state();
        let newer = std::mem::replace(&mut state.tokens, tokens);
        for token in newer {
            state.add(token);
        }
        state.has_task = !state.tokens.is_empty();
        state.has_task
    }

    /// The task is gone, as with its runtime.
    pub(super) fn task_ended(&self) {
        self.state().has_task = false;
    }
}

impl State {
    /// In place of the oldest of the key id that has most of them: tokens that are forged with one key id push out each
    /// other, and no other token.
    fn add(&mut self, token: DeferredToken) {
        let is_known = self.tokens.iter().any(|known| known.token == token.token);
        if is_known || token.token.len() > LONGEST_TOKEN {
            return;
        }
        self.tokens.push(token);
        if self.tokens.len() > MOST {
            let crowded = self.most_crowded();
            self.tokens.remove(crowded);
        }
    }

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
    fn after_ten_thousand_tokens_of_as_many_key_ids_the_next_is_kept() {
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
    fn a_token_that_comes_twice_takes_one_place_and_a_long_one_none() {
        let deferred = DeferredTokens::default();
        assert!(!deferred.defer(token(&"x".repeat(LONGEST_TOKEN + 1), "a", 0)));
        assert!(deferred.defer(token("a", "a", 0)));
        assert!(!deferred.defer(token("a", "a", 1)));
        assert_eq!(names(&deferred), ["a"]);
    }

    #[test]
    fn tokens_are_kept_for_five_minutes_and_the_task_ends_without_any() {
        let deferred = DeferredTokens::default();
        assert!(deferred.defer(token("old", "a", 0)) && !deferred.defer(token("new", "a", 100)));
        let (tokens, dropped) = deferred.take(Duration::from_secs(300));
        assert_eq!((tokens.len(), dropped), (1, 1));
        // One more comes while the others are judged: the same task takes it.
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
