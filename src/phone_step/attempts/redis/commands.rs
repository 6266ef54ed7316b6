//! The commands to the server.

use std::time::Duration;

use ::redis::{Cmd, cmd};

use super::{
    super::{
        entry::Entry,
        operation::{StoreMoment, Take, Taken},
    },
    Found,
};
use crate::phone_step::{
    keys::{Charges, StepId},
    limits::Limit,
};

/// The beginning of all keys, a hash tag.
const TAG: &[u8] = b"{phone-step}";
/// The key of the messages of the last hour.
pub(super) const MESSAGES: &[u8] = b"{phone-step}:messages";
/// The seconds for which an entry is kept after the end of its step, because the clocks of
/// replicas differ.
const SPARE: u64 = 60;

const READ: &str = include_str!("read.lua");
const TAKE: &str = include_str!("take.lua");
const WRITE: &str = include_str!("write.lua");

/// Counts a message and writes the entry.
pub(super) fn take(take: &Take<'_>, found: &Found, entry: &Entry) -> Cmd {
    let limits = take.limits;
    let record = record(found.now.stamp(), &take.charges);
    let mut command = script(TAKE, 2);
    command.arg(key(take.step)).arg(MESSAGES);
    command.arg(&found.bytes).arg(entry.encode());
    command
        .arg(kept_for(entry, found.now))
        .arg(found.now.stamp());
    command.arg(&record[4..]);
    command
        .arg(limits.number)
        .arg(limits.person)
        .arg(limits.address);
    command.arg(limits.prefix).arg(limits.total);
    command.arg(&record[..]);
    command
}

/// Reads an entry, and the time of the server.
pub(super) fn read(step: &StepId) -> Cmd {
    let mut command = script(READ, 1);
    command.arg(key(step));
    command
}

/// Replaces an entry, and gives a message back.
pub(super) fn write(
    step: &StepId,
    found: &Found,
    entry: Option<&Entry>,
    bytes: Vec<u8>,
    refused: Option<&[u8]>,
) -> Cmd {
    let mut command = script(WRITE, 2);
    command.arg(key(step)).arg(MESSAGES);
    command.arg(&found.bytes).arg(bytes);
    command.arg(entry.map_or(1, |entry| kept_for(entry, found.now)));
    command.arg(refused.unwrap_or_default());
    command
}

fn script(text: &str, keys: u8) -> Cmd {
    let mut command = cmd("EVAL");
    command.arg(text).arg(keys);
    command
}

pub(super) fn key(step: &StepId) -> Vec<u8> {
    [TAG, &step.0].concat()
}

/// A message as the scripts know it: its time and four hashes.
pub(super) fn record(at: u32, charges: &Charges) -> [u8; 20] {
    let [number, person] = [charges.number.0, charges.person.0];
    let [address, prefix] = [charges.address.0, charges.prefix.0];
    let parts = [at.to_be_bytes(), number, person, address, prefix];
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
