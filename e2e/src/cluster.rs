// SPDX-License-Identifier: EUPL-1.2
//! Two nodes on one bucket under load, by the runtime's cluster mode (`docs/cluster.md`).
//!
//! Everything begins on the first node. It is told to end and hands over; the second is killed later, and the first, started
//! anew, takes over when the lease of the dead node has expired. A writer beside the load measures how long each write takes,
//! and how long none is answered. Then every transcript is verified.

mod nodes;
mod writer;

use std::{fmt, sync::Arc, time::Duration};

use tokio::time::{Instant, sleep};

pub use self::writer::Latency;
use self::{
    nodes::{Balancer, Bucket, Node},
    writer::Writer,
};
use crate::{
    edge::{Edge, EdgeOptions, policy_always_open_of_two_desks},
    error::Error,
    issuer::Issuer,
    load::{self, Load, LoadReport, Pace, Target},
    proxy::Faults,
};

/// The parameters of a run.
#[derive(Clone, Copy, Debug)]
pub struct Cluster {
    /// Conversations at a time.
    pub conversations: usize,
    /// How long the load runs before and after each event.
    pub lasts: Duration,
    /// How many writes are measured on each node.
    pub writes: usize,
    /// How often one node hands over and the other is killed.
    pub rounds: usize,
    /// Seed of the load.
    pub seed: u64,
}

/// The result of a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Writes on one node without a cluster, of the pinned runtime.
    pub alone: Latency,
    /// Writes over the node that owns the conversation.
    pub owner: Latency,
    /// Writes over the other node, which forwards them, under load.
    pub forwarded: Latency,
    /// From each SIGTERM to the answer of the next write, in seconds.
    pub hand_overs: Vec<f64>,
    /// From each SIGTERM to the end of the process.
    pub ends: Vec<f64>,
    /// From each kill to the answer of the next write.
    pub takeovers: Vec<f64>,
    /// Whether the desk was on the first node alone until that handed it over.
    pub desk_moved: bool,
    /// Acknowledged messages of the writer that are not there once, in order.
    pub writer_lost: usize,
    /// The load.
    pub load: LoadReport,
    /// The end of the output of both nodes; empty if nothing was lost.
    pub log: String,
}

impl Report {
    /// Whether nothing was lost, doubled, out of order or left behind.
    pub fn is_clean(&self) -> bool {
        self.load.is_clean() && self.writer_lost == 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { alone, owner, forwarded, hand_overs, ends, takeovers, .. } = self;
        write!(
            f,
            "a write: {alone} without a cluster, {owner} on its owner, {forwarded} forwarded under load; hand-over \
             {hand_overs:.2?} s, the node ended after {ends:.1?} s; takeover {takeovers:.1?} s; the writer lost {}; {}",
            self.writer_lost,
            self.load.summary()
        )?;
        if self.log.is_empty() {
            Ok(())
        } else {
            write!(f, "\n--- the last both nodes wrote\n{}\n---", self.log)
        }
    }
}

/// Plays it.
pub async fn run(cluster: &Cluster) -> Result<Report, Error> {
    let issuer = Arc::new(Issuer::start().await?);
    let options = EdgeOptions {
        // By the wall clock, which all nodes share.
        clock: None,
        ..EdgeOptions::trusting(issuer.setting()).with_policy(policy_always_open_of_two_desks()?)
    };
    let mut report = Report { alone: alone(&options, &issuer, cluster.writes).await?, ..Report::default() };
    let bucket = Bucket::start().await?;
    let mut balancer = Balancer::announce().await?;
    let mut first = Node::start(&bucket, options.clone(), &balancer).await?;
    let target = Target { base: balancer.proxy.url(), edge: balancer.proxy.url(), issuer };
    balancer.lead_to(&[&first])?;
    let mut writer = Writer::enter(target.clone()).await?;
    report.owner = writer.measure(cluster.writes).await?;
    let load = Load {
        conversations: 0,
        at_once: cluster.conversations,
        advisors: 3,
        messages: 2..6,
        pace: Pace::Human,
        hang_ups: false,
        seed: cluster.seed,
    };
    let running = load::start(target, load)?;
    sleep(cluster.lasts).await;
    let mut second = Node::start(&bucket, options, &balancer).await?;
    balancer.lead_to(&[&second])?;
    report.forwarded = writer.measure(cluster.writes).await?;

    let was_on_the_first = first.has(DESK) && !second.has(DESK);
    for _ in 0..cluster.rounds {
        balancer.lead_to(&[&first, &second])?;
        sleep(cluster.lasts).await;
        writer.leave();
        let told = Instant::now();
        let (ended, next) = tokio::join!(first.edge.end(), writer.next_answer(told));
        report.ends.push(ended?.as_secs_f64());
        report.hand_overs.push(next?.as_secs_f64());
        report.desk_moved = was_on_the_first && second.has(DESK);

        first.edge.restart().await?;
        balancer.lead_to(&[&first, &second])?;
        sleep(cluster.lasts).await;
        writer.leave();
        let killed = Instant::now();
        second.edge.kill();
        report.takeovers.push(writer.next_answer(killed).await?.as_secs_f64());
        second.edge.restart().await?;
    }
    balancer.lead_to(&[&first, &second])?;
    sleep(cluster.lasts).await;
    report.load = running.finish().await?;
    report.writer_lost = writer.lost().await?;
    if !report.is_clean() {
        report.log = last_lines(&[&first, &second]);
    }
    Ok(report)
}

/// The result of an outage of the bucket.
#[derive(Clone, Copy, Debug)]
pub struct Outage {
    /// Requests to the bucket for each write, one after the other.
    pub requests_for_a_write: f64,
    /// Requests to the bucket of two nodes, in a minute in which nobody writes.
    pub requests_of_a_minute: f64,
    /// From the beginning of the outage to the answer of the next write, in seconds.
    pub answered_after: f64,
    /// Acknowledged messages of the writer that are not there once, in order.
    pub writer_lost: usize,
}

impl fmt::Display for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests_for_a_write, requests_of_a_minute, answered_after, writer_lost } = self;
        write!(
            f,
            "{requests_for_a_write:.1} requests for a write, {requests_of_a_minute:.0} in an idle minute of two nodes; a write \
             in an outage of the bucket was answered after {answered_after:.1} s; the writer lost {writer_lost}"
        )
    }
}

/// Lets a connection over another node be silent for so long that its object hibernates, then takes the bucket away while
/// somebody writes.
pub async fn take_the_bucket_away(lasts: Duration) -> Result<Outage, Error> {
    let (bucket, issuer) = (Bucket::start().await?, Arc::new(Issuer::start().await?));
    let mut balancer = Balancer::announce().await?;
    let options = EdgeOptions {
        clock: None,
        ..EdgeOptions::trusting(issuer.setting()).with_policy(policy_always_open_of_two_desks()?)
    };
    let first = Node::start(&bucket, options.clone(), &balancer).await?;
    let target = Target { base: balancer.proxy.url(), edge: balancer.proxy.url(), issuer };
    balancer.lead_to(&[&first])?;
    let mut writer = Writer::enter(target).await?;
    let before = bucket.requests();
    writer.measure(WRITES).await?;
    let writing = bucket.requests() - before;
    let second = Node::start(&bucket, options, &balancer).await?;
    balancer.lead_to(&[&second])?;
    writer.measure(1).await?;
    let before = bucket.requests();
    writer.be_silent_and_write(HIBERNATES_AFTER).await?;
    let silent = bucket.requests() - before;

    let began = Instant::now();
    bucket.way.set(Faults::refuse());
    bucket.way.cut();
    let heals = async {
        sleep(lasts).await;
        bucket.way.heal();
    };
    let (answered, ()) = tokio::join!(writer.next_answer(began), heals);
    writer.measure(1).await?;
    let per = |requests: usize, of: f64| f64::from(u32::try_from(requests).unwrap_or(u32::MAX)) / of;
    Ok(Outage {
        requests_for_a_write: per(writing, f64::from(u32::try_from(WRITES).unwrap_or(u32::MAX))),
        requests_of_a_minute: per(silent, HIBERNATES_AFTER.as_secs_f64() / 60.0),
        answered_after: answered?.as_secs_f64(),
        writer_lost: writer.lost().await?,
    })
}

/// Measures the same writes on a node that shares nothing.
async fn alone(options: &EdgeOptions, issuer: &Arc<Issuer>, writes: usize) -> Result<Latency, Error> {
    let edge = Edge::start(options.clone()).await?;
    let target = Target { base: edge.url(), edge: edge.url(), issuer: issuer.clone() };
    Writer::enter(target).await?.measure(writes).await
}

fn last_lines(nodes: &[&Node]) -> String {
    let mut last = Vec::new();
    for node in nodes {
        let written = node.edge.program().written();
        let lines: Vec<&str> = written.lines().collect();
        last.push(lines.get(lines.len().saturating_sub(40)..).unwrap_or_default().join("\n"));
    }
    last.join("\n---\n")
}

/// How many writes are counted.
const WRITES: usize = 30;
/// The runtime lets an object hibernate that has had nothing to do for ten seconds.
const HIBERNATES_AFTER: Duration = Duration::from_secs(15);
/// The folder of the objects of desks (`uniqueKey` in `edge/workerd.capnp`).
const DESK: &str = "info-cig-desk";
