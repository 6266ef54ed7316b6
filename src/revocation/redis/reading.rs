//! One reading of the stream, which also finds out whether the stream lost entries since the last
//! one.

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
/// within a second, and mark what they publish again.
const GRACE_MILLIS: u64 = 3000;

pub(super) struct Reading<'a> {
    pub(super) connection: Connection,
    pub(super) keys: &'a Keys,
    /// The connection is new, so it may lead to another server, which holds less.
    pub(super) is_new: bool,
    /// Entries from before this time may have been removed. In milliseconds by the server's clock.
    pub(super) trimmed: u64,
}

/// The id of an entry: milliseconds, and a number within the millisecond.
type Id = (u64, u64);

impl Reading<'_> {
    /// `None` if this is another stream, or if it lost entries that were read.
    pub(super) async fn read(
        &mut self,
        after: Option<LogPosition>,
        wait: Duration,
    ) -> RedisResult<Option<LogBatch>> {
        let Generation { name, age } = self.generation().await?;
        let id = match &after {
            None => (0, 0),
            Some(position) => match parse(position) {
                Some((generation, id)) if generation == name => id,
                _ => return Ok(None),
            },
        };
        let entries = self.entries(id, wait).await?;
        // Checked after the wait: a Cluster's connection may have changed its server meanwhile.
        if (self.is_new || self.connection.may_change_server()) && !self.holds(id).await? {
            return Ok(None);
        }
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

    /// The name of the stream, given when it was first found empty, and its age by the server's
    /// clock.
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
        let born = name.rsplit('.').next().and_then(|born| born.parse().ok());
        let age = now.saturating_sub(born.unwrap_or(0));
        Ok(Generation { name, age })
    }

    /// Names the stream, unless another replica has named it meanwhile.
    async fn begin(&mut self, now: u64) -> RedisResult<String> {
        let mut random = [0; 8];
        // Without randomness, the time alone distinguishes two generations.
        let _ = aws_lc_rs::rand::fill(&mut random);
        let name = format!("{:016x}.{now}", u64::from_be_bytes(random));
        let mut set = cmd("SET");
        set.arg(&self.keys.generation).arg(name).arg("NX");
        let _: Value = self.connection.query(&set).await?;
        let mut get = cmd("GET");
        self.connection.query(get.arg(&self.keys.generation)).await
    }

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

    /// Whether the last entry that was read is there, or was removed by pruning.
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
        // In doubt the answer is no: the replica then publishes entries that are known, which costs
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
        Ok(oldest.is_none_or(|oldest| oldest > id) && self.end().await? >= id)
    }

    /// The highest id that the stream ever assigned.
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

struct Generation {
    name: String,
    age: u64,
}

fn parse(position: &LogPosition) -> Option<(&str, Id)> {
    let (generation, id) = position.as_str().rsplit_once('/')?;
    Some((generation, parse_id(id)?))
}

fn parse_id(id: &str) -> Option<Id> {
    let (millis, number) = id.split_once('-')?;
    Some((millis.parse().ok()?, number.parse().ok()?))
}

fn written((millis, number): Id) -> String {
    format!("{millis}-{number}")
}

/// Empty for an entry that another program wrote. The follower skips it.
fn payload(mut entry: StreamId) -> Bytes {
    match entry.map.remove(FIELD) {
        Some(Value::BulkString(payload)) => payload.into(),
        _ => Bytes::new(),
    }
}
