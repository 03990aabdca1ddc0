// SPDX-License-Identifier: EUPL-1.2
//! Chaos: people and advisors go on talking while the runtime is killed again and again and the network fails in every way.
//!
//! Power cuts come at any moment, and on purpose at those when somebody is entering, being taken, writing or leaving. New
//! conversations keep coming all the while. Afterwards every transcript is looked at.

use std::{fmt, sync::Arc, time::Duration};

use serde::Serialize;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep, timeout},
};

use crate::{
    edge::{Edge, EdgeOptions, USUAL_LIMITS, roomy_policy},
    issuer::Issuer,
    load::{self, Gate, Load, Moment, Outcome, Pace},
    proxy::{Direction, Faults, Proxy, Upgrades},
    random::Random,
    trouble::Trouble,
};

/// How much chaos.
#[derive(Clone, Debug)]
pub struct Chaos {
    /// Conversations under way at a time.
    pub conversations: usize,
    /// For so long at least.
    pub lasts: Duration,
    /// So many power cuts at least, one of them aimed.
    pub kills: u64,
    /// Whether they are power cuts, or restarts in order by the program for operators.
    pub in_order: bool,
    /// What chance is made of. The moments at which programs run are not part of it.
    pub seed: u64,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Report {
    /// Power cuts.
    pub kills: u64,
    /// Of these, how many came when something was about to happen.
    pub aimed: u64,
    /// Faults of the network.
    pub faults: u64,
    /// What chance was made of.
    pub seed: u64,
    /// What became of conversations and messages.
    pub outcome: Outcome,
    /// The last the runtime wrote, if something came to harm.
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
    /// See [`Outcome`].
    pub stranded: u64,
}

impl Report {
    /// The report in figures.
    pub fn figures(&self) -> Figures {
        let Outcome { flaws, stranded, .. } = &self.outcome;
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
        let Self { kills, aimed, faults, seed, outcome, log } = self;
        write!(
            f,
            "seed {seed}: {kills} power cuts ({aimed} aimed), {faults} faults of the network; {}",
            outcome.words()
        )?;
        if log.is_empty() { Ok(()) } else { write!(f, "\n--- the last the runtime wrote\n{log}\n---") }
    }
}

/// Lets chaos rule for a while and looks at what is left.
pub async fn reign(chaos: &Chaos) -> Result<Report, Trouble> {
    let issuer = Arc::new(Issuer::start().await?);
    let options = EdgeOptions::trusting(issuer.setting()).with_policy(roomy_policy()?);
    let mut edge =
        Edge::start(EdgeOptions { served: chaos.in_order.then_some(USUAL_LIMITS), ..options }).await?;
    let proxy = Proxy::start(edge.port()).await?;
    let gate = Gate { base: proxy.url(), edge: edge.url(), issuer };
    let load = Load {
        conversations: 0,
        at_once: chaos.conversations,
        advisors: 4,
        messages: 2..6,
        pace: Pace::Human,
        hang_ups: true,
        seed: chaos.seed,
    };
    let running = load::start(gate, load)?;
    let mut power =
        Power { random: Random::fork(chaos.seed, u64::MAX), kills: 0, aimed: 0, moments: running.moments() };
    let mut weather = Weather { random: Random::fork(chaos.seed, u64::MAX - 1), faults: 0 };
    tokio::select! {
        done = power.fails(&mut edge, chaos) => done?,
        () = weather.blows(&proxy) => {}
    }
    proxy.heal();
    let outcome = running.finish().await?;
    let log = if outcome.is_clean() { String::new() } else { last_lines(&edge.program().written()) };
    Ok(Report {
        kills: power.kills,
        aimed: power.aimed,
        faults: weather.faults,
        seed: chaos.seed,
        outcome,
        log,
    })
}

fn last_lines(written: &str) -> String {
    let lines: Vec<&str> = written.lines().collect();
    lines.get(lines.len().saturating_sub(60)..).unwrap_or_default().join("\n")
}

/// The power, which goes and comes back.
struct Power {
    random: Random,
    kills: u64,
    aimed: u64,
    moments: Receiver<Moment>,
}

impl Power {
    async fn fails(&mut self, edge: &mut Edge, chaos: &Chaos) -> Result<(), Trouble> {
        let begun = Instant::now();
        while begun.elapsed() < chaos.lasts || self.kills < chaos.kills || self.aimed == 0 {
            sleep(self.random.millis(100..4_000)).await;
            // Of a few, none might be aimed.
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

    /// Waits until something is about to happen, and until it is under way.
    async fn aim(&mut self) {
        let moments = [Moment::Entering, Moment::Taking, Moment::Taking, Moment::Writing, Moment::Closing];
        let place = usize::try_from(self.random.within(0..moments.len() as u64)).unwrap_or_default();
        let wanted = moments.get(place).copied();
        // What happened before is of no interest.
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

/// The network, which is good only now and then.
struct Weather {
    random: Random,
    faults: u64,
}

impl Weather {
    async fn blows(&mut self, proxy: &Proxy) {
        loop {
            sleep(self.random.millis(200..2_500)).await;
            let lasts = self.random.millis(200..4_000);
            self.faults += 1;
            match self.fault() {
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

    /// A fault; a cut where there is none.
    fn fault(&mut self) -> Option<Faults> {
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
            // Connections there are must go for it to be felt.
            10 | 11 => Faults::upgrades(Upgrades::Refuse(403)),
            12 => Faults::upgrades(Upgrades::HoldBack),
            _ => return None,
        };
        Some(faults)
    }
}
