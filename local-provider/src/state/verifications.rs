//! The verifications of Twilio Verify.

use std::{collections::HashMap, time::Duration};

use aws_lc_rs::rand;
use tokio::time::Instant;

/// The running verifications, one for each number.
#[derive(Default)]
pub(crate) struct Verifications(HashMap<String, Verification>);

/// A verification of a number.
#[derive(Clone)]
pub(crate) struct Verification {
    /// The id, such as `VE0123…`.
    pub(crate) sid: String,
    /// Six digits. The same code is sent again within the lifetime.
    pub(crate) code: String,
    /// How often the code was sent.
    pub(crate) sent: u32,
    /// How often a code was checked.
    pub(crate) checked: u32,
    begun: Instant,
}

impl Verifications {
    /// The verification of the number, which begins if there is none. `None` without random bytes.
    pub(crate) fn start(&mut self, number: &str) -> Option<&mut Verification> {
        self.forget_expired();
        if !self.0.contains_key(number) {
            self.0.insert(number.to_owned(), Verification::new()?);
        }
        self.0.get_mut(number)
    }

    /// The running verification of this number, or with this id.
    pub(crate) fn find(&mut self, wanted: &str) -> Option<(&String, &mut Verification)> {
        self.forget_expired();
        let is_wanted = |number: &str, one: &Verification| number == wanted || one.sid == wanted;
        self.0
            .iter_mut()
            .find(|(number, one)| is_wanted(number, one))
    }

    /// Ends the verification of a number.
    pub(crate) fn end(&mut self, number: &str) {
        self.0.remove(number);
    }

    fn forget_expired(&mut self) {
        self.0.retain(|_, one| one.begun.elapsed() < LIFETIME);
    }
}

impl Verification {
    fn new() -> Option<Self> {
        let mut random = [0; 20];
        rand::fill(&mut random).ok()?;
        let (sid, code) = random.split_at(16);
        let sid: String = sid.iter().map(|byte| format!("{byte:02x}")).collect();
        let code = u32::from_be_bytes(code.try_into().ok()?) % 1_000_000;
        Some(Self {
            sid: format!("VE{sid}"),
            code: format!("{code:06}"),
            sent: 0,
            checked: 0,
            begun: Instant::now(),
        })
    }
}

/// Twilio's default lifetime of a verification.
const LIFETIME: Duration = Duration::from_secs(600);
