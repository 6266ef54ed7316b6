//! One reading of the stream, and whether it is still the one that was read before.

use std::time::Duration;

use ::redis::{
    RedisResult, Value, cmd,
    streams::{StreamId, StreamInfoStreamReply, StreamRangeReply, StreamReadReply},
};
use bytes::Bytes;

use super::{FIELD, Keys, server::Connection};
use crate::revocation::log::{LogBatch, LogPosition};

/// As many as one reading gives.
const PAGE: usize = 5000;
/// A stream that is younger may be one that was lost: the replicas that know what stood in it notice that within
/// their longest pause, a second, and say that they put it back.
const GRACE_MILLIS: u64 = 3000;

pub(super) struct Reading<'a> {
    pub(super) connection: Connection,
    pub(super) keys: &'a Keys,
    /// It may be another server than before, with less in it.
    pub(super) is_new: bool,
    /// What is older may have been pruned: in milliseconds by the server's clock.
    pub(super) trimmed: u64,
}

/// Milliseconds, and a number among those of the same.
type Id = (u64, u64);

impl Reading<'_> {
    /// None if the stream is another one, or lost what was read from it.
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
        // Only now: a Cluster's connection may have changed its server while it waited.
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

    /// The name that the stream was given when it was first found empty, and its age by the server's own clock.
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

    /// Whoever is first names it.
    async fn begin(&mut self, now: u64) -> RedisResult<String> {
        let mut random = [0; 8];
        // Without randomness, the time alone tells it from the one before.
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
        // To Redis, 0 is for ever.
        if !wait.is_zero() {
            let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            read.arg("BLOCK").arg(millis.max(1));
        }
        read.arg("STREAMS").arg(&self.keys.stream).arg(written(id));
        let reply: Option<StreamReadReply> = self.connection.query(&read).await?;
        let streams = reply.map(|reply| reply.keys).unwrap_or_default();
        Ok(streams.into_iter().flat_map(|stream| stream.ids).collect())
    }

    /// Whether the entry that was read last is there, or was pruned.
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
        // Whoever is told wrongly that it is lost publishes again what is known already.
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

    /// The highest id that the stream ever gave.
    async fn end(&mut self) -> RedisResult<Id> {
        let mut info = cmd("XINFO");
        info.arg("STREAM").arg(&self.keys.stream);
        match self.connection.query::<StreamInfoStreamReply>(&info).await {
            Ok(info) => Ok(parse_id(&info.last_generated_id).unwrap_or_default()),
            // "ERR no such key": nothing was published yet, or all of it is gone.
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

/// An entry that somebody else wrote has none, and is skipped by who opens it.
fn payload(mut entry: StreamId) -> Bytes {
    match entry.map.remove(FIELD) {
        Some(Value::BulkString(payload)) => payload.into(),
        _ => Bytes::new(),
    }
}
