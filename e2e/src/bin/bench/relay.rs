// SPDX-License-Identifier: EUPL-1.2
//! Relay: the cost of a message from its author to the other side, against a minimal Durable Object in the same runtime.
//!
//! The edge and the minimal object alternate in short rounds, so that other load of the machine affects both. Both receive the
//! same frames from the same client, and answer each with one frame to each side.

mod bare;
mod ours;
mod pair;
pub(crate) mod siege;

use std::time::Duration;

use infocig_e2e::{
    bare::Bare,
    error::{Error, While},
};
use serde_json::{Map, Value, json};
use tokio::time::{Instant, sleep, timeout};

use self::{
    ours::Ours,
    pair::{Budget, Pair, Times, play},
};
use super::Findings;

pub(crate) async fn measure() -> Result<Findings, Error> {
    let mut findings = Findings { rows: Vec::new(), json: Value::Object(Map::new()) };
    small(&mut findings).await?;
    long(&mut findings).await?;
    if let Err(error) = Box::pin(many(&mut findings)).await {
        findings.row(&format!("{MANY} conversations"), format!("not measured: {error}"));
    }
    Ok(findings)
}

/// One, twenty and two hundred conversations.
async fn small(findings: &mut Findings) -> Result<(), Error> {
    let (mut ours, bare) = (Ours::open().await?, Bare::start().await?);
    for conversations in [1, 20, 200] {
        let mut own = ours.pairs(conversations).await?;
        let mut others = bare::pairs(&bare, conversations).await?;
        let window = IN_FLIGHT.div_ceil(conversations);
        // The first round warms up and is not measured.
        for pairs in [&mut own, &mut others] {
            play(pairs, window, Budget::Time(WARM_UP)).await?;
        }
        if conversations == 1 {
            let turns = turns(&mut own, &mut others, 1, 3, WARM_UP).await?;
            findings.latency(&turns);
        }
        let turns = turns(&mut own, &mut others, window, ROUNDS, ROUND).await?;
        findings.relay(conversations, window, &turns);
    }
    Ok(())
}

/// The results of both in alternating rounds.
struct Turns {
    ours: Times,
    bare: Times,
}

async fn turns(
    ours: &mut Vec<Pair>,
    bare: &mut Vec<Pair>,
    window: usize,
    rounds: usize,
    round: Duration,
) -> Result<Turns, Error> {
    let mut turns = Turns { ours: Times::default(), bare: Times::default() };
    for number in 0..rounds {
        // The order of the two alternates too, because the second finds the machine as the first left it.
        if number % 2 == 0 {
            turns.bare += play(bare, window, Budget::Time(round)).await?;
            turns.ours += play(ours, window, Budget::Time(round)).await?;
        } else {
            turns.ours += play(ours, window, Budget::Time(round)).await?;
            turns.bare += play(bare, window, Budget::Time(round)).await?;
        }
    }
    Ok(turns)
}

impl Turns {
    /// The ratio of the edge to the minimal object: the median over pairs of adjacent rounds.
    fn ratio(&self) -> f64 {
        let ratios = self.ours.rates().into_iter().zip(self.bare.rates()).map(|(ours, bare)| ours / bare);
        middle(ratios.collect())
    }
}

/// Conversations of ten and of ten thousand entries: the cost of a message, and of resuming.
async fn long(findings: &mut Findings) -> Result<(), Error> {
    let mut ours = Ours::open().await?;
    let mut long = ours.pairs(1).await?;
    play(&mut long, IN_FLIGHT, Budget::Messages(LONG)).await?;
    let (mut of_ten, mut of_ten_thousand) = (Vec::new(), Vec::new());
    // A new database file grows with every message; both are measured after that.
    let mut short = ours.pairs(1).await?;
    play(&mut short, IN_FLIGHT, Budget::Messages(LONG / 5)).await?;
    for _ in 0..15 {
        short = ours.renew(short).await?;
        play(&mut short, 1, Budget::Messages(7)).await?;
        of_ten.push(play(&mut short, 8, Budget::Messages(80)).await?.each());
        of_ten_thousand.push(play(&mut long, 8, Budget::Messages(80)).await?.each());
    }
    for (times, words, name) in [
        (of_ten, "a message, 8 in flight, in a conversation of 10 entries, median", "cost_10_us"),
        (of_ten_thousand, "  the same, of 10,000 entries", "cost_10000_us"),
    ] {
        findings.figure(words, name, median(times).as_secs_f64() * 1e6, "µs");
    }
    let (mut missed_none, mut missed_some) = (Vec::new(), Vec::new());
    let opened = ours.conversation_of(&long)?;
    let last = ours.last_seq(&opened).await?;
    for _ in 0..50 {
        missed_none.push(ours.come_back(&opened, last, 0).await?);
        missed_some.push(ours.come_back(&opened, last, 100).await?);
    }
    for (times, words, name) in [
        (missed_none, "coming back to 10,000 entries, none missed, median", "reconnect_0_ms"),
        (missed_some, "  the same, 100 missed, median", "reconnect_100_ms"),
    ] {
        findings.figure(words, name, median(times).as_secs_f64() * 1000.0, "ms");
    }
    Ok(())
}

/// Two thousand conversations: memory, and one or two rounds.
async fn many(findings: &mut Findings) -> Result<(), Error> {
    let (mut ours, bare) = (Ours::open().await?, Bare::start().await?);
    // The first conversation includes the shared costs.
    let mut first = ours.pairs(1).await?;
    let mut first_bare = bare::pairs(&bare, 1).await?;
    for pairs in [&mut first, &mut first_bare] {
        play(pairs, 1, Budget::Time(WARM_UP)).await?;
    }
    let before = (ours.resident_bytes()?, bare.program().resident_bytes()?);
    let started = Instant::now();
    let opening =
        timeout(OPENING, Box::pin(async { tokio::join!(ours.pairs(MANY), bare::pairs(&bare, MANY)) })).await;
    let (own, others) = opening.while_doing(format_args!("opening {MANY} conversations"))?;
    let (mut own, mut others) = (own?, others?);
    let opened_in = started.elapsed();
    // The runtime frees memory that only the opening needed.
    sleep(Duration::from_secs(2)).await;
    let after = (ours.resident_bytes()?, bare.program().resident_bytes()?);
    let share =
        |before: u64, after: u64| after.saturating_sub(before) / u64::try_from(MANY).unwrap_or(u64::MAX);
    findings
        .row(&format!("{MANY} conversations of both opened in"), format!("{:.1} s", opened_in.as_secs_f64()));
    findings.bytes(
        "memory of an open conversation, both sides connected",
        "bytes_per_conversation",
        share(before.0, after.0),
    );
    findings.bytes("  of a bare one", "bytes_per_bare_conversation", share(before.1, after.1));
    for pairs in [&mut own, &mut others] {
        play(pairs, 1, Budget::Messages(1)).await?;
    }
    let turns = turns(&mut own, &mut others, 1, 4, LONG_ROUND).await?;
    findings.relay(MANY, 1, &turns);
    Ok(())
}

impl Findings {
    fn row(&mut self, name: &str, figure: String) {
        self.rows.push((name.to_owned(), figure));
    }

    fn figure(&mut self, words: &str, name: &str, figure: f64, unit: &str) {
        self.row(words, format!("{figure:.2} {unit}"));
        self.json[name] = json!((figure * 100.0).round() / 100.0);
    }

    fn bytes(&mut self, words: &str, name: &str, bytes: u64) {
        self.row(words, format!("{} KiB", bytes / 1024));
        self.json[name] = json!(bytes);
    }

    /// The time of a message without other load.
    fn latency(&mut self, turns: &Turns) {
        let times = [("ours", &turns.ours, "idle_p50_ms"), ("bare", &turns.bare, "bare_idle_p50_ms")];
        for (whose, times, name) in times {
            self.figure(&format!("a message alone, {whose}, median"), name, times.percentile_ms(50), "ms");
        }
    }

    fn relay(&mut self, conversations: usize, window: usize, turns: &Turns) {
        let Turns { ours, bare } = turns;
        self.row(&format!("{conversations} conversations, {window} in flight in each"), String::new());
        for (name, times) in [("ours", ours), ("bare", bare)] {
            let rounds: Vec<String> = times.rates().iter().map(|rate| format!("{rate:.0}")).collect();
            self.row(
                &format!("  {name}: stored and seen by the other side"),
                format!("{:.0}/s", times.rate()),
            );
            self.row("    round by round", rounds.join(", "));
            let [p50, p95, p99] = [50, 95, 99].map(|share| times.percentile_ms(share));
            self.row("    p50, p95, p99", format!("{p50:.1}, {p95:.1}, {p99:.1} ms"));
            let dot = if name == "ours" { String::new() } else { format!("{name}_") };
            self.json[format!("{dot}rate_{conversations}")] = json!(times.rate().round());
            for (share, figure) in [("p50", p50), ("p95", p95), ("p99", p99)] {
                self.json[format!("{dot}{share}_ms_{conversations}")] =
                    json!((figure * 100.0).round() / 100.0);
            }
        }
        self.figure("  ours to bare", &format!("ratio_{conversations}"), turns.ratio(), "");
    }
}

fn middle(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

const IN_FLIGHT: usize = 64;
const WARM_UP: Duration = Duration::from_millis(700);
const ROUNDS: usize = 25;
const ROUND: Duration = Duration::from_millis(500);
/// Two rounds are shorter than the ten seconds after which an idle object is evicted.
const LONG_ROUND: Duration = Duration::from_millis(2_500);
const LONG: usize = 10_000;
const MANY: usize = 2_000;
const OPENING: Duration = Duration::from_secs(90);
