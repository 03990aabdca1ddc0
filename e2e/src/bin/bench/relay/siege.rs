// SPDX-License-Identifier: EUPL-1.2
//! Siege: the delay of conversations under load by unauthenticated clients, in alternating rounds with and without that load.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use infocig_demo::HANDOFF_TYPE;
use infocig_e2e::{
    answer::Answer,
    error::{Error, While},
};
use reqwest::Client;
use serde_json::{Map, Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};

use super::{
    super::Findings,
    ours::Ours,
    pair::{Budget, Pair, Times},
};

pub(crate) async fn measure() -> Result<Findings, Error> {
    let mut findings = Findings { rows: Vec::new(), json: Value::Object(Map::new()) };
    let mut ours = Ours::open().await?;
    let mut pairs = ours.pairs(HONEST).await?;
    talk(&mut pairs, WARM_UP).await?;
    let calm = talk(&mut pairs, CALM).await?;
    let before = ours.resident_bytes()?;

    let links = Arc::new(UnauthenticatedLinks::new(&ours)?);
    let mut besieging = JoinSet::new();
    for kind in [Kind::Socket, Kind::Poll, Kind::Token, Kind::Inflated, Kind::Silent] {
        let links = Arc::clone(&links);
        besieging.spawn(async move { links.besiege(kind).await });
    }
    let advisors = async {
        let (mut came, mut refused) = (0_u64, 0_u64);
        let begun = Instant::now();
        while begun.elapsed() < SIEGE {
            came += 1;
            refused += u64::from(ours.advisor_comes(came).await.is_err());
            sleep(ADVISOR_EVERY).await;
        }
        (came, refused)
    };
    let (siege, (came, refused)) = tokio::join!(talk(&mut pairs, SIEGE), advisors);
    let siege = siege?;
    besieging.shutdown().await;
    let growth = ours.resident_bytes()?.saturating_sub(before) / (1024 * 1024);

    findings.row(&format!("{HONEST} conversations, a message a second in each"), String::new());
    findings.figure("  calm, p99", "p99_calm_ms", calm.percentile_ms(99), "ms");
    findings.figure("  under siege, p99", "p99_siege_ms", siege.percentile_ms(99), "ms");
    for (kind, per_second) in RATES {
        findings.row(&format!("  {kind} from strangers"), format!("{per_second}/s"));
    }
    let (asked, let_in) = (links.asked.load(Ordering::Relaxed), links.let_in.load(Ordering::Relaxed));
    findings.row("  strangers who asked", asked.to_string());
    findings.row("  of these let in", let_in.to_string());
    findings.row(&format!("  advisors refused, of {came}"), refused.to_string());
    findings.row("  memory that was added", format!("{growth} MB"));
    findings.json["strangers"] = json!(asked);
    findings.json["let_in"] = json!(let_in);
    findings.json["advisors_refused"] = json!(refused);
    findings.json["rss_growth_mb"] = json!(growth);
    Ok(findings)
}

/// Every pair sends a message once a second, as fast typists do, and waits until the other side has it.
async fn talk(pairs: &mut Vec<Pair>, lasts: Duration) -> Result<Times, Error> {
    let mut talking = JoinSet::new();
    for (number, mut pair) in (0_u32..).zip(pairs.drain(..)) {
        talking.spawn(async move {
            // Spread the starts.
            sleep(PAUSE / 50 * (number % 50)).await;
            let (begun, mut times) = (Instant::now(), Vec::new());
            while begun.elapsed() < lasts {
                times.extend(pair.play(1, Budget::Messages(1)).await?);
                sleep(PAUSE).await;
            }
            Ok::<_, Error>((pair, times))
        });
    }
    let mut all = Vec::new();
    while let Some(talked) = talking.join_next().await {
        let (pair, times) = talked.while_doing("talking")??;
        pairs.push(pair);
        all.extend(times);
    }
    Ok(Times::of(all, lasts))
}

/// A request of an unauthenticated client.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// A socket without a ticket.
    Socket,
    /// A poll without a ticket.
    Poll,
    /// Entering with a token signed by another key.
    Token,
    /// A socket with compression, and a frame that would inflate a thousand times.
    Inflated,
    /// A silent connection that is kept open.
    Silent,
}

impl Kind {
    const fn per_second(self) -> u32 {
        match self {
            Self::Socket => RATES[0].1,
            Self::Poll => RATES[1].1,
            Self::Token => RATES[2].1,
            Self::Inflated => RATES[3].1,
            Self::Silent => RATES[4].1,
        }
    }
}

struct UnauthenticatedLinks {
    http: Client,
    edge: String,
    address: String,
    desk: String,
    forged: String,
    asked: AtomicU64,
    let_in: AtomicU64,
}

impl UnauthenticatedLinks {
    fn new(ours: &Ours) -> Result<Self, Error> {
        let edge = ours.scene.edge.url();
        // Only the signature is wrong, so that it has to be verified.
        let good = ours.scene.issuer.sign(HANDOFF_TYPE, &ours.scene.claims("worker-roma")?)?;
        let (signed, _) = good.rsplit_once('.').ok_or_else(|| Error::new("a token without a signature"))?;
        Ok(Self {
            http: ours.scene.edge.http().clone(),
            address: edge.trim_start_matches("http://").to_owned(),
            edge,
            desk: "/v1/desk/info-cig".into(),
            forged: format!("{signed}.{}", "A".repeat(86)),
            asked: AtomicU64::new(0),
            let_in: AtomicU64::new(0),
        })
    }

    async fn besiege(self: Arc<Self>, kind: Kind) {
        let mut ticks = interval(Duration::from_secs(1) / kind.per_second());
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        // Dropped at the end of the round, with its connections.
        let mut trying = JoinSet::new();
        loop {
            ticks.tick().await;
            let links = Arc::clone(&self);
            trying.spawn(async move {
                links.asked.fetch_add(1, Ordering::Relaxed);
                if links.tries(kind).await.unwrap_or(false) {
                    links.let_in.fetch_add(1, Ordering::Relaxed);
                }
            });
            while trying.try_join_next().is_some() {}
        }
    }

    /// Whether the service accepted the request.
    async fn tries(&self, kind: Kind) -> Result<bool, Error> {
        match kind {
            Kind::Socket => self.upgrades("", b"").await,
            Kind::Inflated => {
                let frame = [vec![0xC1, 0xFE, 0x79, 0x18], vec![0x55; 31_000]].concat();
                self.upgrades("sec-websocket-extensions: permessage-deflate\r\n", &frame).await
            }
            Kind::Poll => {
                let url = format!("{}{}/poll", self.edge, self.desk);
                let body = json!({ "link": "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f", "number": 1, "frames": ["{}"], "wait": true });
                let answer = Answer::to(self.http.post(url).json(&body)).await?;
                Ok(answer.status == 200 && !answer.body.contains("\"closed\""))
            }
            Kind::Token => {
                let url = format!("{}/v1/conversations", self.edge);
                Ok(Answer::to(self.http.post(url).bearer_auth(&self.forged)).await?.status < 300)
            }
            Kind::Silent => {
                // Kept until the end of the round.
                let _kept = TcpStream::connect(&self.address).await.while_doing("connecting")?;
                std::future::pending().await
            }
        }
    }

    async fn upgrades(&self, extension: &str, then: &[u8]) -> Result<bool, Error> {
        let doing = "asking for a socket";
        let mut stream = TcpStream::connect(&self.address).await.while_doing(doing)?;
        let asked = format!(
            "GET {}/socket HTTP/1.1\r\nhost: {}\r\nupgrade: websocket\r\nconnection: upgrade\r\n{extension}\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            self.desk, self.address
        );
        stream.write_all(asked.as_bytes()).await.while_doing(doing)?;
        // The connection was refused before the frame was sent.
        let _refused = stream.write_all(then).await;
        let mut head = [0; 12];
        let read = timeout(Duration::from_secs(10), stream.read_exact(&mut head)).await;
        Ok(matches!(read, Ok(Ok(_))) && head.ends_with(b"101"))
    }
}

const HONEST: usize = 50;
const PAUSE: Duration = Duration::from_secs(1);
const WARM_UP: Duration = Duration::from_secs(3);
const CALM: Duration = Duration::from_secs(30);
const SIEGE: Duration = Duration::from_mins(1);
const ADVISOR_EVERY: Duration = Duration::from_secs(2);

/// Requests of each kind in a second.
const RATES: [(&str, u32); 5] = [
    ("sockets without a ticket", 50),
    ("polls without a ticket", 50),
    ("forged tokens", 30),
    ("compressed frames", 20),
    ("silent connections", 10),
];
