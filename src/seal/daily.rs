//! The keys of one secret and one purpose, one key for each day.
//!
//! A key for each day bounds how many values one key seals, so random nonces are safe without a
//! counter that replicas would have to share. See [`Sealer`](super::Sealer) for the numbers.

use std::{
    hash::{BuildHasherDefault, Hasher},
    time::Duration,
};

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use papaya::{HashMap, ResizeMode};
use secrecy::zeroize::Zeroizing;

use super::aead::DayKey;
use crate::clock::UnixTime;

/// Bytes of a key's id. The id only chooses among the few keys of a layer, so it may be short.
pub(super) const ID_LEN: usize = 3;
/// Bytes of a day, which last for 45,000 years.
pub(super) const DAY_LEN: usize = 3;
/// Seconds of a day. A leap second makes no difference in Unix time.
const DAY: u64 = 24 * 60 * 60;

/// Days since 1970, as the header of a sealed value names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Day(u32);

impl Day {
    /// The day (UTC) of a time. `None` in about 45,000 years.
    pub(super) fn of(time: UnixTime) -> Option<Self> {
        let day = u32::try_from(time.as_secs() / DAY).ok()?;
        (day < 1 << (8 * DAY_LEN)).then_some(Self(day))
    }

    /// Big-endian, as the header has it.
    pub(super) fn to_bytes(self) -> [u8; DAY_LEN] {
        let [_, bytes @ ..] = self.0.to_be_bytes();
        bytes
    }

    /// The reverse of [`to_bytes`](Self::to_bytes). Any three bytes are a day; the window refuses
    /// those that are out of range.
    pub(super) fn from_bytes([a, b, c]: [u8; DAY_LEN]) -> Self {
        Self(u32::from_be_bytes([0, a, b, c]))
    }
}

/// The days whose keys are derived, around today. The header of a value is not authenticated before
/// a key is derived, so this bounds the keys that forged headers can cause.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// Days before today.
    back: u32,
    /// Days after today, for a replica whose clock is ahead.
    ahead: u32,
}

impl Window {
    /// Values are of use for `life`. One more day is opened, so that a value that has just expired
    /// is not taken for a forged one.
    pub(super) fn new(life: Duration, ahead: u32) -> Self {
        let back = u32::try_from(life.as_secs().div_ceil(DAY) + 1).unwrap_or(u32::MAX);
        Self { back, ahead }
    }

    /// Whether a value of `day` may be opened or sealed on `today`.
    fn contains(self, day: Day, today: Day) -> bool {
        let days = today.0.saturating_sub(self.back)..=today.0.saturating_add(self.ahead);
        days.contains(&day.0)
    }
}

/// The key of a day is derived at its first use, and dropped when the day has left the window. A
/// look-up takes no lock and allocates nothing.
///
/// Deriving a key costs some microseconds, which the first request of a day pays. Two requests may
/// derive the same key at once; one of the two equal keys is kept.
pub(super) struct DailyKeys {
    /// The id of all keys of this secret, purpose and scope. Derived, so replicas agree on it
    /// without a setting.
    id: [u8; ID_LEN],
    /// The pseudorandom key of HKDF (RFC 5869 section 2.2), from which the keys of days are
    /// expanded.
    prk: Prk,
    /// The days that have a key.
    window: Window,
    /// The keys derived so far.
    days: HashMap<Day, DayKey, BuildHasherDefault<DayHasher>>,
}

impl DailyKeys {
    /// The keys of a secret. `None` only if HKDF or AES fails, which is tried here once, so that a
    /// broken library is found when the layer is built and not in a request.
    pub(super) fn new(secret: &[u8], salt: &[u8], window: Window) -> Option<Self> {
        let prk = Salt::new(HKDF_SHA256, salt).extract(secret);
        let mut id = [0; ID_LEN];
        expand(&prk, &[b"id"], &mut id)?;
        let keys = Self {
            id,
            prk,
            window,
            days: HashMap::builder()
                .hasher(BuildHasherDefault::default())
                .resize_mode(ResizeMode::Blocking)
                .build(),
        };
        keys.derive(Day(0)).map(|_| keys)
    }

    /// The id of these keys, as the header of every value has it.
    pub(super) fn id(&self) -> &[u8; ID_LEN] {
        &self.id
    }

    /// Calls `work` with the key of `day`. `None` if the day is outside of the window around
    /// `today`.
    pub(super) fn with<R>(
        &self,
        day: Day,
        today: Day,
        work: impl FnOnce(&DayKey) -> Option<R>,
    ) -> Option<R> {
        if !self.window.contains(day, today) {
            return None;
        }
        let days = self.days.pin();
        if let Some(key) = days.get(&day) {
            return work(key);
        }
        // The keys of days that have left the window are dropped when a new one is derived, so
        // about once a day.
        let key = work(days.get_or_insert(day, self.derive(day)?));
        days.retain(|known, _| self.window.contains(*known, today));
        key
    }

    /// The key of one day. The bytes are wiped when they are dropped.
    fn derive(&self, day: Day) -> Option<DayKey> {
        let mut bytes = Zeroizing::new([0; 32]);
        expand(&self.prk, &[b"key", &day.to_bytes()], &mut *bytes)?;
        DayKey::new(&bytes)
    }
}

/// HKDF-Expand (RFC 5869 section 2.3). The parts of `info` are of fixed length, so they need no
/// separator.
fn expand(prk: &Prk, info: &[&[u8]], to: &mut [u8]) -> Option<()> {
    prk.expand(info, Length(to.len())).ok()?.fill(to).ok()
}

/// The length of an expansion, as aws-lc-rs wants it.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// A multiplicative hash. The window bounds the days, so collisions cannot be crafted.
#[derive(Default)]
struct DayHasher(u64);

impl Hasher for DayHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32((*byte).into()));
    }

    fn write_u32(&mut self, day: u32) {
        self.0 = (self.0 ^ u64::from(day)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(life: Duration) -> DailyKeys {
        DailyKeys::new(&[7; 64], b"salt", Window::new(life, 1)).unwrap()
    }

    #[test]
    fn the_bytes_of_a_day_give_the_same_day() {
        for day in [0, 1, 255, 256, 20_783, (1 << 24) - 1] {
            assert_eq!(Day::from_bytes(Day(day).to_bytes()), Day(day));
            assert_eq!(
                Day::of(UnixTime::from_secs(u64::from(day) * DAY)),
                Some(Day(day))
            );
        }
        assert_eq!(Day::of(UnixTime::from_secs((1 << 24) * DAY)), None);
        assert_eq!(Day::of(UnixTime::END), None);
    }

    #[test]
    fn forged_days_take_no_memory() {
        let keys = keys(Duration::from_secs(30 * DAY));
        let today = Day(20_000);
        for day in 0..100_000 {
            let derived = keys.with(Day(day), today, |_| Some(())).is_some();
            assert_eq!(derived, (19_969..=20_001).contains(&day), "{day}");
        }
        assert_eq!(keys.days.pin().len(), 33);
        // After a month, the keys of that month are dropped.
        keys.with(Day(20_060), Day(20_060), |_| Some(())).unwrap();
        assert_eq!(keys.days.pin().len(), 1);
    }

    #[test]
    fn the_first_and_the_last_day_do_not_panic() {
        let keys = keys(Duration::from_secs(u64::MAX));
        for today in [Day(0), Day((1 << 24) - 1)] {
            assert_eq!(keys.with(today, today, |_| Some(1)), Some(1));
        }
    }
}
