//! The hash by which revocations are found.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Session ids are random and subjects are short: one multiplication with keys of this process spreads sixteen bytes, and one
/// more at the end spreads ids in a row, which unlucky keys would leave in few slots.
#[derive(Clone, Copy, Debug)]
pub(super) struct RevocationHasher([u64; 2]);

#[derive(Debug)]
pub(super) struct RevocationHash {
    keys: [u64; 2],
    state: u64,
}

impl Default for RevocationHasher {
    fn default() -> Self {
        let random = RandomState::new();
        Self([random.hash_one(0), random.hash_one(1) | 1])
    }
}

impl BuildHasher for RevocationHasher {
    type Hasher = RevocationHash;

    fn build_hasher(&self) -> RevocationHash {
        RevocationHash {
            keys: self.0,
            state: 0,
        }
    }
}

/// 2^64 divided by the golden ratio.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

fn folded(low: u64, high: u64) -> u64 {
    let product = u128::from(low) * u128::from(high);
    product as u64 ^ (product >> 64) as u64
}

impl RevocationHash {
    fn fold(&mut self, low: [u8; 8], high: [u8; 8]) {
        let low = u64::from_le_bytes(low) ^ self.keys[0] ^ self.state;
        let high = u64::from_le_bytes(high) ^ self.keys[1];
        self.state = folded(low, high);
    }
}

impl Hasher for RevocationHash {
    fn write(&mut self, bytes: &[u8]) {
        self.state ^= bytes.len() as u64;
        let (words, rest) = bytes.as_chunks::<8>();
        let (pairs, single) = words.as_chunks::<2>();
        for [low, high] in pairs {
            self.fold(*low, *high);
        }
        let mut last = [0; 8];
        match bytes.last_chunk() {
            // What was folded already is no harm.
            Some(end) => last = *end,
            None => last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from),
        }
        if !(single.is_empty() && rest.is_empty()) {
            self.fold(single.first().copied().unwrap_or(last), last);
        }
    }

    /// Short ones go along with what is folded next.
    fn write_u64(&mut self, number: u64) {
        self.state = self.state.rotate_left(8) ^ number;
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(number.into());
    }

    /// The length of an id is always the same.
    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        folded(self.state, SPREAD)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Of many that differ little, as few share a slot as of random ones.
    fn are_spread(texts: impl Iterator<Item = String>) {
        let hasher = RevocationHasher::default();
        let hashes: Vec<u64> = texts.map(|text| hasher.hash_one(text)).collect();
        for shift in [0, 7, 24, 44] {
            let slots = hashes.iter().map(|hash| (hash >> shift) & 0xf_ffff);
            let slots: HashSet<u64> = slots.collect();
            // Random ones fill 95 of a hundred slots where there are ten times as many.
            assert!(slots.len() > hashes.len() * 93 / 100, "{shift}");
        }
    }

    #[test]
    fn texts_that_differ_little_are_spread() {
        are_spread((0..100_000).map(|number| number.to_string()));
        are_spread((0..100_000).map(|number| format!("{:019}", number * 1000)));
        are_spread((0..100_000).map(|number| format!("a-long-subject-{number:06}-with-an-end")));
        are_spread((0..100_000).map(|number| "x".repeat(number % 300) + &number.to_string()));
    }

    #[test]
    fn ids_in_a_row_are_spread_with_unlucky_keys_too() {
        // The length of an id is folded with the first key.
        for multiple in [(1 << 60) | 1, (1 << 47) | 1, (1 << 62) | 1, (3 << 50) | 1] {
            let hasher = RevocationHasher([multiple ^ 16, 7]);
            for shift in [0, 7, 24, 44] {
                let hashes = (0..70_000_u128).map(|id| hasher.hash_one(id.to_be_bytes()));
                let slots = hashes.map(|hash| (hash >> shift) & 0xf_ffff);
                let slots: HashSet<u64> = slots.collect();
                assert!(
                    slots.len() > 35_000,
                    "{multiple:x} {shift}: {}",
                    slots.len()
                );
            }
        }
    }

    #[test]
    fn a_text_and_its_beginnings_differ() {
        let (hasher, text) = (RevocationHasher::default(), "0".repeat(100));
        let hashes = (0..=100).map(|length| hasher.hash_one(&text[..length]));
        assert_eq!(hashes.collect::<HashSet<u64>>().len(), 101);
    }

    #[test]
    fn another_process_has_other_hashes() {
        assert_ne!(
            RevocationHasher::default().hash_one("a"),
            RevocationHasher::default().hash_one("a")
        );
    }
}
