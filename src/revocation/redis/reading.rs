//! One reading of the stream, which also finds out whether the stream lost entries since the last
//! reading.
//!
//! A stream can lose entries in three ways: it is deleted, it is replaced by another one, or a
//! failover leads to a server that holds less. A lost revocation would let a session live on, so
//! each reading checks for all three before it returns a batch. The generation costs two short
//! commands in each reading. The other checks cost a command only over a connection that may lead
//! to another server, and when nothing was read.

use std::time::Duration;

use ::redis::{
    RedisResult, Value, cmd,
    streams::{StreamId, StreamInfoStreamReply, StreamRangeReply, StreamReadReply},
};
use bytes::Bytes;

use super::{FIELD, Keys, server::Connection};
use crate::revocation::log::{LogBatch, LogPosition};

/// The most entries of one batch.
const PAGE: usize = 5000;
/// A younger stream may have replaced one that was lost. The running replicas notice the loss
/// within a second, and mark what they publish again. See `restoring`.
const GRACE_MILLIS: u64 = 3000;

/// The state of one reading.
pub(super) struct Reading<'a> {
    pub(super) connection: Connection,
    pub(super) keys: &'a Keys,
    /// The connection is new, so it may lead to another server, which holds less.
    pub(super) is_new: bool,
    /// Entries from before this time may have been removed by this replica, so the absence of an
    /// earlier one is no loss. In milliseconds by the server's clock.
    pub(super) trimmed: u64,
}

/// The id of an entry: milliseconds by the server's clock, and a number within the millisecond. Ids
/// of one stream only grow.
type Id = (u64, u64);

impl Reading<'_> {
    /// The entries after a position. `None` if this is another stream, or if it lost entries that
    /// were read.
    pub(super) async fn read(
        &mut self,
        after: Option<LogPosition>,
        wait: Duration,
    ) -> RedisResult<Option<LogBatch>> {
        let Generation { name, age } = self.generation().await?;
        let id = match &after {
            // Ids begin at 0-1, so this is before every entry.
            None => (0, 0),
            // The position of another generation says nothing about this stream, whose ids may be
            // higher or lower.
            Some(position) => match parse(position) {
                Some((generation, id)) if generation == name => id,
                _ => return Ok(None),
            },
        };
        let entries = self.entries(id, wait).await?;
        // Checked after the wait, because a Cluster's connection may have changed its server
        // meanwhile.
        if (self.is_new || self.connection.may_change_server()) && !self.holds(id).await? {
            return Ok(None);
        }
        // Nothing is new, and the highest id is lower than one that was read. The stream was
        // deleted, while its generation was kept.
        if entries.is_empty() && self.end().await? < id {
            return Ok(None);
        }
        let next = entries.last().and_then(|entry| parse_id(&entry.id));
        let (millis, number) = next.unwrap_or(id);
        let next = LogPosition::new(format!("{name}/{millis}-{number}"));
        let complete = entries.len() < PAGE;
        let payloads = entries.into_iter().map(payload).collect();
        let batch = LogBatch::new(payloads, next, complete);
        Ok(Some(if age < GRACE_MILLIS {
            batch.unsettled()
        } else {
            batch
        }))
    }

    /// The name of the stream, and its age by the server's clock. The name is in a key of its own,
    /// which the first replica sets that does not find it. A server that was emptied lost that key
    /// too, so it gets a new name.
    async fn generation(&mut self) -> RedisResult<Generation> {
        let mut get = cmd("GET");
        get.arg(&self.keys.generation);
        let known: Option<String> = self.connection.query(&get).await?;
        let (seconds, micros): (u64, u64) = self.connection.query(&cmd("TIME")).await?;
        let now = seconds.saturating_mul(1000).saturating_add(micros / 1000);
        let name = match known {
            Some(name) => name,
            None => self.begin(now).await?,
        };
        // The name ends in the time at which it was given, so that every replica computes the same
        // age.
        let born = name.rsplit('.').next().and_then(|born| born.parse().ok());
        let age = now.saturating_sub(born.unwrap_or(0));
        Ok(Generation { name, age })
    }

    /// Names the stream, unless another replica has named it meanwhile. `NX` and the second `GET`
    /// make all replicas agree on one name.
    async fn begin(&mut self, now: u64) -> RedisResult<String> {
        let mut random = [0; 8];
        // Without randomness, the time alone distinguishes two generations.
        let _ = crate::random::fill(&mut random);
        let name = format!("{:016x}.{now}", u64::from_be_bytes(random));
        let mut set = cmd("SET");
        set.arg(&self.keys.generation).arg(name).arg("NX");
        let _: Value = self.connection.query(&set).await?;
        let mut get = cmd("GET");
        self.connection.query(get.arg(&self.keys.generation)).await
    }

    /// The next entries after an id. Waits on the server for the first one.
    async fn entries(&mut self, id: Id, wait: Duration) -> RedisResult<Vec<StreamId>> {
        let mut read = cmd("XREAD");
        read.arg("COUNT").arg(PAGE);
        // To Redis, `BLOCK 0` means for ever.
        if !wait.is_zero() {
            let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            read.arg("BLOCK").arg(millis.max(1));
        }
        read.arg("STREAMS").arg(&self.keys.stream).arg(written(id));
        let reply: Option<StreamReadReply> = self.connection.query(&read).await?;
        let streams = reply.map(|reply| reply.keys).unwrap_or_default();
        Ok(streams.into_iter().flat_map(|stream| stream.ids).collect())
    }

    /// Whether the last entry that was read is still there, or was removed by pruning. A server
    /// that holds less after a failover lacks it.
    async fn holds(&mut self, id: Id) -> RedisResult<bool> {
        if id == (0, 0) {
            return Ok(true);
        }
        let mut range = cmd("XRANGE");
        range
            .arg(&self.keys.stream)
            .arg(written(id))
            .arg(written(id));
        let found: StreamRangeReply = self.connection.query(&range).await?;
        if !found.ids.is_empty() {
            return Ok(true);
        }
        // In doubt the answer is no. The replica then publishes entries that are known, which costs
        // time only.
        if id.0 >= self.trimmed {
            return Ok(false);
        }
        let mut oldest = cmd("XRANGE");
        oldest
            .arg(&self.keys.stream)
            .arg("-")
            .arg("+")
            .arg("COUNT")
            .arg(1);
        let oldest: StreamRangeReply = self.connection.query(&oldest).await?;
        let oldest = oldest.ids.first().and_then(|entry| parse_id(&entry.id));
        // Pruning removes the oldest entries only. If an older entry is left, pruning did not
        // remove this one.
        Ok(oldest.is_none_or(|oldest| oldest > id) && self.end().await? >= id)
    }

    /// The highest id that the stream ever assigned, also if that entry was removed. `(0, 0)` if
    /// there is no stream.
    async fn end(&mut self) -> RedisResult<Id> {
        let mut info = cmd("XINFO");
        info.arg("STREAM").arg(&self.keys.stream);
        match self.connection.query::<StreamInfoStreamReply>(&info).await {
            Ok(info) => Ok(parse_id(&info.last_generated_id).unwrap_or_default()),
            // "ERR no such key": nothing was published yet, or everything was deleted.
            Err(error)
                if error
                    .detail()
                    .is_some_and(|detail| detail.contains("no such key")) =>
            {
                Ok((0, 0))
            }
            Err(error) => Err(error),
        }
    }
}

/// The identity of the stream.
struct Generation {
    name: String,
    /// Milliseconds since the name was given.
    age: u64,
}

/// A position is the generation, a slash, and the id of an entry. `None` for a text of another log.
fn parse(position: &LogPosition) -> Option<(&str, Id)> {
    let (generation, id) = position.as_str().rsplit_once('/')?;
    Some((generation, parse_id(id)?))
}

/// The id as Redis writes it, `milliseconds-number`.
fn parse_id(id: &str) -> Option<Id> {
    let (millis, number) = id.split_once('-')?;
    Some((millis.parse().ok()?, number.parse().ok()?))
}

/// The reverse of [`parse_id`].
fn written((millis, number): Id) -> String {
    format!("{millis}-{number}")
}

/// The payload of an entry. Empty for an entry that another program wrote, which the follower then
/// counts as foreign and skips.
fn payload(mut entry: StreamId) -> Bytes {
    match entry.map.remove(FIELD) {
        Some(Value::BulkString(payload)) => payload.into(),
        _ => Bytes::new(),
    }
}
