//! The commands to the server.

use std::time::Duration;

use ::redis::{Cmd, cmd};

use super::{
    super::{
        entry::Entry,
        operation::{StoreMoment, Take, Taken, Ticket},
    },
    Found,
};
use crate::phone_step::{
    keys::{Charges, StepId},
    limits::Limit,
};

/// The seconds for which an entry is kept after the end of its step, because the clocks of
/// replicas differ.
const SPARE: u64 = 60;

const READ: &str = include_str!("read.lua");
const TAKE: &str = include_str!("take.lua");
const WRITE: &str = include_str!("write.lua");

/// The names of the keys. All of them begin with a hash tag, so that a Cluster holds them in one
/// place.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    /// The beginning.
    pub(super) tag: String,
    /// The messages of the last hour.
    pub(super) messages: String,
    /// The calls of the last hour that the sender refused.
    refused: String,
}

impl Keys {
    pub(super) fn new(name: &str) -> Self {
        let tag = format!("{{{name}}}");
        Self {
            messages: format!("{tag}:messages"),
            refused: format!("{tag}:refused"),
            tag,
        }
    }

    /// The key of a step.
    pub(super) fn step(&self, step: &StepId) -> Vec<u8> {
        [self.tag.as_bytes(), &step.0].concat()
    }

    /// A script with the keys of a step and of both lists.
    fn script(&self, text: &str, step: &StepId) -> Cmd {
        let mut command = cmd("EVAL");
        command.arg(text).arg(3).arg(self.step(step));
        command.arg(&self.messages).arg(&self.refused);
        command
    }
}

/// Counts a message and writes the entry.
pub(super) fn take(keys: &Keys, take: &Take<'_>, found: &Found, entry: &Entry) -> Cmd {
    let now = found.now.stamp();
    let hashes: Vec<u8> = take.charges().flat_map(hashes).collect();
    let mut command = keys.script(TAKE, take.step);
    command.arg(&found.bytes).arg(entry.encode());
    command.arg(kept_for(entry, found.now)).arg(now);
    command.arg(hashes).arg(&record(now, &take.charges)[..]);
    for limits in [take.limits, &take.limits.of_refused()] {
        command.arg(limits.number).arg(limits.person);
        command.arg(limits.address).arg(limits.prefix);
        command.arg(limits.total);
    }
    command
}

/// Reads an entry, and the time of the server.
pub(super) fn read(keys: &Keys, step: &StepId) -> Cmd {
    let mut command = cmd("EVAL");
    command.arg(READ).arg(1).arg(keys.step(step));
    command
}

/// Replaces an entry, and gives a message back that the sender refused.
pub(super) fn write(
    keys: &Keys,
    step: &StepId,
    found: &Found,
    entry: Option<&Entry>,
    bytes: Vec<u8>,
    refused: Option<&Ticket>,
) -> Cmd {
    let of = |at: u32| refused.map_or_else(Vec::new, |ticket| record(at, &ticket.charges).to_vec());
    let mut command = keys.script(WRITE, step);
    command.arg(&found.bytes).arg(bytes);
    command.arg(entry.map_or(1, |entry| kept_for(entry, found.now)));
    command.arg(of(refused.map_or(0, |ticket| ticket.at)));
    command.arg(of(found.now.stamp()));
    command
}

/// A message as the scripts know it: its time and four hashes.
fn record(at: u32, charges: &Charges) -> [u8; 20] {
    let hashes = hashes(charges);
    let at = at.to_be_bytes();
    std::array::from_fn(|index| match index.checked_sub(4) {
        Some(index) => hashes[index],
        None => at[index],
    })
}

fn hashes(charges: &Charges) -> [u8; 16] {
    let [number, person] = [charges.number.0, charges.person.0];
    let parts = [number, person, charges.address.0, charges.prefix.0];
    std::array::from_fn(|index| parts[index / 4][index % 4])
}

/// The seconds for which the server keeps an entry.
fn kept_for(entry: &Entry, now: StoreMoment) -> u64 {
    entry.remaining(now).as_secs() + SPARE
}

/// The limit that the script names by its number.
pub(super) fn over(which: u64, wait: Duration) -> Taken {
    let which = match which {
        1 => Limit::Number,
        2 => Limit::Person,
        3 => Limit::Address,
        4 => Limit::Prefix,
        _ => return Taken::Total { wait },
    };
    Taken::OverLimit { which, wait }
}
