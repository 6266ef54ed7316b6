//! The codes of a step that can be right.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use serde::{Deserialize, Serialize};

use super::Left;
use crate::phone_step::keys::CodeHash;

/// The most codes that can be right at once. A further one replaces the oldest.
const MOST: usize = 3;

/// The codes, the oldest first. There is more than one while the sender's answer is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SentCodes([Option<SentCode>; MOST]);

/// The code of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SentCode {
    /// `None` if a verification service keeps the code.
    pub(super) hash: Option<CodeHash>,
    /// The number of its message.
    pub(super) message: u8,
    pub(super) ends: Left,
}

impl SentCodes {
    /// Adds a code. Without a place, the oldest one goes.
    pub(super) fn keep(&mut self, code: SentCode) {
        if self.0.iter().all(Option::is_some) {
            self.0.rotate_left(1);
            self.0[MOST - 1] = None;
        }
        if let Some(place) = self.0.iter_mut().find(|place| place.is_none()) {
            *place = Some(code);
        }
    }

    /// Keeps some codes, in their order.
    pub(super) fn retain(&mut self, is_kept: impl Fn(&SentCode) -> bool) {
        let mut kept = self.0.into_iter().flatten().filter(is_kept);
        self.0 = std::array::from_fn(|_| kept.next());
    }

    /// Removes all codes.
    pub(super) fn void(&mut self) {
        *self = Self::default();
    }

    /// Whether a code is one of these.
    pub(super) fn any(&self, is_one: impl Fn(&SentCode) -> bool) -> bool {
        self.0.iter().flatten().any(is_one)
    }

    /// Compares the hashes of a typed code with all codes that are live. All pairs are compared, so
    /// the time says nothing about the one that fits.
    pub(super) fn fit(&self, candidates: &[CodeHash], is_live: impl Fn(&SentCode) -> bool) -> bool {
        let live = self.0.iter().flatten().filter(|code| is_live(code));
        let pairs = live.flat_map(|code| candidates.iter().map(move |given| (code.hash, given)));
        pairs.fold(false, |is_right, (hash, given)| {
            is_right | fits(hash, given)
        })
    }

    #[cfg(feature = "redis")]
    pub(super) fn to_vec(self) -> Vec<SentCode> {
        self.0.into_iter().flatten().collect()
    }

    #[cfg(feature = "redis")]
    pub(super) fn from_vec(codes: Vec<SentCode>) -> Self {
        let mut codes = codes.into_iter();
        Self(std::array::from_fn(|_| codes.next()))
    }
}

fn fits(hash: Option<CodeHash>, given: &CodeHash) -> bool {
    let equal = |hash: CodeHash| verify_slices_are_equal(&hash.0, &given.0).is_ok();
    hash.is_some_and(equal)
}
