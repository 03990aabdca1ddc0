// SPDX-License-Identifier: EUPL-1.2
//! Fault injection under load: conversations continue while the runtime is killed repeatedly and the network has faults.
//!
//! Power cuts come at random instants, and also just after a chosen [`Moment`]: somebody enters, is accepted, writes or
//! ends. New conversations start until the end. Then every transcript is verified.

use std::{fmt, sync::Arc, time::Duration};

use serde::Serialize;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep, timeout},
};

use crate::{
    edge::{Edge, EdgeOptions, USUAL_LIMITS, policy_with_capacity},
    error::Error,
    issuer::Issuer,
    load::{self, Load, LoadReport, Moment, Pace, Target},
    proxy::{Direction, Faults, Proxy, Upgrades},
    random::Random,
};

/// The parameters of a run.
#[derive(Clone, Debug)]
pub struct Chaos {
    /// Conversations at a time.
    pub conversations: usize,
    /// Least duration.
    pub lasts: Duration,
    /// Least number of power cuts, of which at least one is aimed.
    pub kills: u64,
    /// Restarts in order by the program for operators, instead of power cuts.
    pub in_order: bool,
    /// Seed of all random choices. Scheduling is real time, so that a seed does not reproduce a run exactly.
    pub seed: u64,
}

/// The result of a run.
#[derive(Clone, Debug)]
pub struct Report {
    /// Power cuts.
    pub kills: u64,
    /// Those of them that came just after a chosen moment.
    pub aimed: u64,
    /// Network faults.
    pub faults: u64,
    /// The seed.
    pub seed: u64,
    /// The result of the load.
    pub load: LoadReport,
    /// The end of the output of the runtime; empty if the load has no errors.
    pub log: String,
}

/// The report in figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Messages acknowledged to their authors.
    pub messages: u64,
    /// Power cuts.
    pub kills: u64,
    /// See [`Flaws`](crate::transcript::Flaws).
    pub lost: u64,
    /// See [`Flaws`](crate::transcript::Flaws).
    pub doubled: u64,
    /// See [`Flaws`](crate::transcript::Flaws).
    pub out_of_order: u64,
    /// See [`LoadReport::stranded`].
    pub stranded: u64,
}

impl Report {
    /// The report in figures.
    pub fn figures(&self) -> Figures {
        let LoadReport { flaws, stranded, .. } = &self.load;
        Figures {
            messages: flaws.messages,
            kills: self.kills,
            lost: flaws.lost,
            doubled: flaws.doubled,
            out_of_order: flaws.out_of_order,
            stranded: *stranded,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kills, aimed, faults, seed, load, log } = self;
        write!(
            f,
            "seed {seed}: {kills} power cuts ({aimed} aimed), {faults} faults of the network; {}",
            load.summary()
        )?;
        if log.is_empty() { Ok(()) } else { write!(f, "\n--- the last the runtime wrote\n{log}\n---") }
    }
}

/// Runs a load with power cuts and network faults, and verifies every conversation.
pub async fn inject_faults(chaos: &Chaos) -> Result<Report, Error> {
    let issuer = Arc::new(Issuer::start().await?);
    let options = EdgeOptions::trusting(issuer.setting()).with_policy(policy_with_capacity()?);
    let mut edge =
        Edge::start(EdgeOptions { served: chaos.in_order.then_some(USUAL_LIMITS), ..options }).await?;
    let proxy = Proxy::start(edge.port()).await?;
    let target = Target { base: proxy.url(), edge: edge.url(), issuer };
    let load = Load {
        conversations: 0,
        at_once: chaos.conversations,
        advisors: 4,
        messages: 2..6,
        pace: Pace::Human,
        hang_ups: true,
        seed: chaos.seed,
    };
    let running = load::start(target, load)?;
    let mut power = PowerCutInjector {
        random: Random::fork(chaos.seed, u64::MAX),
        kills: 0,
        aimed: 0,
        moments: running.moments(),
    };
    let mut network = NetworkFaultInjector { random: Random::fork(chaos.seed, u64::MAX - 1), faults: 0 };
    tokio::select! {
        done = power.run(&mut edge, chaos) => done?,
        () = network.run(&proxy) => {}
    }
    proxy.heal();
    let load = running.finish().await?;
    let log = if load.is_clean() { String::new() } else { last_lines(&edge.program().written()) };
    Ok(Report { kills: power.kills, aimed: power.aimed, faults: network.faults, seed: chaos.seed, load, log })
}

fn last_lines(written: &str) -> String {
    let lines: Vec<&str> = written.lines().collect();
    lines.get(lines.len().saturating_sub(60)..).unwrap_or_default().join("\n")
}

/// Kills and restarts the runtime.
struct PowerCutInjector {
    random: Random,
    kills: u64,
    aimed: u64,
    moments: Receiver<Moment>,
}

impl PowerCutInjector {
    async fn run(&mut self, edge: &mut Edge, chaos: &Chaos) -> Result<(), Error> {
        let begun = Instant::now();
        while begun.elapsed() < chaos.lasts || self.kills < chaos.kills || self.aimed == 0 {
            sleep(self.random.millis(100..4_000)).await;
            // Aim until one was aimed: a short run has few power cuts.
            if self.aimed == 0 || !self.random.one_in(4) {
                self.aim().await;
            }
            self.kills += 1;
            if chaos.in_order {
                edge.restart_in_order().await?;
                continue;
            }
            edge.kill();
            if self.random.one_in(4) {
                sleep(self.random.millis(100..3_000)).await;
            }
            edge.restart().await?;
        }
        Ok(())
    }

    /// Waits for a random moment, then up to 20 ms, so that the power cut hits its request.
    async fn aim(&mut self) {
        let moments = [Moment::Entering, Moment::Taking, Moment::Taking, Moment::Writing, Moment::Closing];
        let place = usize::try_from(self.random.within(0..moments.len() as u64)).unwrap_or_default();
        let wanted = moments.get(place).copied();
        // Skip the moments before now.
        self.moments = self.moments.resubscribe();
        let comes = async {
            loop {
                match self.moments.recv().await {
                    Ok(moment) if Some(moment) == wanted => return,
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        if timeout(Duration::from_secs(3), comes).await.is_ok() {
            self.aimed += 1;
            sleep(Duration::from_micros(self.random.within(0..20_000))).await;
        }
    }
}

/// Sets one network fault after the other, with pauses.
struct NetworkFaultInjector {
    random: Random,
    faults: u64,
}

impl NetworkFaultInjector {
    async fn run(&mut self, proxy: &Proxy) {
        loop {
            sleep(self.random.millis(200..2_500)).await;
            let lasts = self.random.millis(200..4_000);
            self.faults += 1;
            match self.next_fault() {
                Some(faults) => {
                    let only_new = matches!(faults.upgrades, Upgrades::Refuse(_));
                    proxy.set(faults);
                    if only_new {
                        proxy.cut();
                    }
                    sleep(lasts).await;
                    proxy.heal();
                }
                None => proxy.cut(),
            }
        }
    }

    /// The next fault; `None` cuts every connection.
    fn next_fault(&mut self) -> Option<Faults> {
        let faults = match self.random.within(0..15) {
            0 | 1 => Faults::delay(self.random.millis(20..900)),
            2 | 3 => Faults::throttle(u32::try_from(self.random.within(500..20_000)).unwrap_or_default()),
            4 => Faults::silent_up(),
            5 => Faults::silent_down(),
            6 => Faults::black_hole(),
            7 => Faults::refuse(),
            8 => Faults::twice(),
            9 => {
                let slow = Direction { delay: self.random.millis(20..900), ..Direction::default() };
                Faults { down: slow, ..Faults::twice() }
            }
            // This fault has an effect on new connections only.
            10 | 11 => Faults::upgrades(Upgrades::Refuse(403)),
            12 => Faults::upgrades(Upgrades::HoldBack),
            _ => return None,
        };
        Some(faults)
    }
}
