// SPDX-License-Identifier: EUPL-1.2
//! An upgrade under load: conversations go on while the service is exchanged for its next version, which brings what is stored up
//! to date; then the way back is tried, and the next version goes on.
//!
//! Each exchange is SIGTERM, and a new process on the same folder and the same socket, which stays open in between. Every message
//! must arrive once and in order, no conversation may be left behind, and no connection refused. The version before must refuse
//! what the next one has stored, in a sentence, and leave it as it is.

mod stored;

use std::{
    fmt,
    ops::AddAssign,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use infocig_demo::HANDOFF_TYPE;
use infocig_protocol::{frame::ServerFrame, http::ConversationOpened};
use reqwest::Client;
use serde::Serialize;
use serde_json::json;
use tokio::{task::JoinSet, time::sleep};

use self::stored::Migrated;
use crate::{
    answer::Answer,
    artefacts::Variant,
    chat::Chat,
    edge::{Edge, EdgeOptions, USUAL_LIMITS, policy_always_open},
    error::{Error, While},
    issuer::Issuer,
    load::{self, Load, Pace, Target},
    portal,
    scene::Scene,
    socket::Socket,
    tokens::Claims,
};

/// The parameters of a rehearsal.
#[derive(Clone, Copy, Debug)]
pub struct Upgrade {
    /// Conversations at a time.
    pub conversations: usize,
    /// How long each version runs between exchanges.
    pub each: Duration,
    /// Seed of the load.
    pub seed: u64,
}

/// The result of rehearsals.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Conversations from beginning to end.
    pub conversations: u64,
    /// Messages acknowledged to their authors.
    pub messages: u64,
    /// See [`Flaws`](crate::transcript::Flaws).
    pub lost: u64,
    /// See [`Flaws`](crate::transcript::Flaws).
    pub doubled: u64,
    /// See [`Flaws`](crate::transcript::Flaws).
    pub out_of_order: u64,
    /// See [`LoadReport::stranded`](crate::load::LoadReport::stranded).
    pub stranded: u64,
    /// Conversations in whose log both versions wrote.
    pub across: u64,
    /// Databases that the version before stored, and rows of them that were brought up to date.
    pub migrated: u64,
    /// See [`migrated`](Self::migrated).
    pub rows: u64,
    /// Databases without the schema of the next version.
    pub not_migrated: u64,
    /// New connections that were tried all the time, and those of them that were refused.
    pub connections: u64,
    /// See [`connections`](Self::connections).
    pub refused: u64,
    /// The longest time from SIGTERM to the end of the process.
    pub ended_seconds: f64,
    /// The longest time from SIGTERM until the next version was ready.
    pub exchanged_seconds: f64,
    /// One sentence for each error.
    pub errors: Vec<String>,
}

impl Report {
    /// Whether nothing came to harm.
    pub fn is_clean(&self) -> bool {
        let Self { lost, doubled, out_of_order, stranded, not_migrated, refused, .. } = self;
        [lost, doubled, out_of_order, stranded, not_migrated, refused].into_iter().all(|flaws| *flaws == 0)
    }
}

impl AddAssign for Report {
    fn add_assign(&mut self, other: Self) {
        *self = Self {
            conversations: self.conversations + other.conversations,
            messages: self.messages + other.messages,
            lost: self.lost + other.lost,
            doubled: self.doubled + other.doubled,
            out_of_order: self.out_of_order + other.out_of_order,
            stranded: self.stranded + other.stranded,
            across: self.across + other.across,
            migrated: self.migrated + other.migrated,
            rows: self.rows + other.rows,
            not_migrated: self.not_migrated + other.not_migrated,
            connections: self.connections + other.connections,
            refused: self.refused + other.refused,
            ended_seconds: self.ended_seconds.max(other.ended_seconds),
            exchanged_seconds: self.exchanged_seconds.max(other.exchanged_seconds),
            errors: [std::mem::take(&mut self.errors), other.errors].concat(),
        };
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { conversations, messages, lost, doubled, out_of_order, stranded, .. } = self;
        write!(
            f,
            "{conversations} conversations, {messages} messages: {lost} lost, {doubled} doubled, {out_of_order} out of order, \
             {stranded} stranded; {} conversations across the versions; {} databases and {} rows brought up to date, {} not; {} \
             connections, {} refused; at most {:.2} s to the end of a process, {:.2} s to the next one",
            self.across,
            self.migrated,
            self.rows,
            self.not_migrated,
            self.connections,
            self.refused,
            self.ended_seconds,
            self.exchanged_seconds
        )?;
        self.errors.iter().take(10).try_for_each(|error| write!(f, "\n- {error}"))
    }
}

/// Rehearses an upgrade.
pub async fn run(upgrade: &Upgrade) -> Result<Report, Error> {
    let issuer = Arc::new(Issuer::start().await?);
    let mut options = EdgeOptions::trusting(issuer.setting()).with_policy(policy_always_open()?);
    // Nobody serves there: what is forwarded stays stored.
    let linea_inps = portal::Announced::bind().await?.linea_inps()?;
    options.bindings.push(("LINEA_INPS", Some(linea_inps.to_string())));
    options.bindings.push(("METRICS_TOKEN", Some(METRICS_TOKEN.into())));
    let options = EdgeOptions { clock: None, served: Some(USUAL_LIMITS), held: true, ..options };
    let mut edge = Edge::start(options).await?;
    expect_version(&edge, |version| !version.ends_with(NEXT)).await?;
    let written = forward(&edge, &issuer).await?;
    let load = Load {
        conversations: 0,
        at_once: upgrade.conversations,
        advisors: 4,
        messages: 2..8,
        pace: Pace::Human,
        hang_ups: true,
        seed: upgrade.seed,
    };
    let target = Target { base: edge.url(), edge: edge.url(), issuer: issuer.clone() };
    let running = load::start(target, load)?;
    let callers = Callers::start(&edge)?;
    let mut report = Report::default();

    sleep(upgrade.each).await;
    exchange(&mut edge, &mut report).await?;
    expect_version(&edge, |version| version.ends_with(NEXT)).await?;
    sleep(upgrade.each).await;
    edge.end().await?;
    match edge.start_as(Variant::Demo).await {
        Ok(()) => return Err(Error::new("the version before started on what the next one has stored")),
        Err(refused) if refused.to_string().contains("is of a newer version of this service") => {}
        Err(other) => return Err(Error::new(format!("the version before does not say why: {other}"))),
    }
    edge.start_as(Variant::Next).await?;
    read_again(&edge, &issuer, &written).await?;
    sleep(upgrade.each / 2).await;
    (report.connections, report.refused) = callers.stop().await;

    let load = running.finish().await?;
    edge.end().await?;
    let Migrated { databases, rows, across, without } = stored::migrated(edge.folder())?;
    report.conversations = load.conversations;
    report.messages = load.flaws.messages;
    (report.lost, report.doubled) = (load.flaws.lost, load.flaws.doubled);
    (report.out_of_order, report.stranded) = (load.flaws.out_of_order, load.stranded);
    (report.migrated, report.rows, report.across) = (databases, rows, across);
    report.not_migrated = u64::try_from(without.len()).unwrap_or(u64::MAX);
    report.errors = load.errors;
    report.errors.extend(without.into_iter().map(|path| format!("{path} was not brought up to date")));
    Ok(report)
}

/// What the next version's name ends with.
const NEXT: &str = "+next";

/// Puts the next version in the place of this one.
async fn exchange(edge: &mut Edge, report: &mut Report) -> Result<(), Error> {
    let began = Instant::now();
    report.ended_seconds = edge.end().await?.as_secs_f64();
    edge.start_as(Variant::Next).await?;
    report.exchanged_seconds = began.elapsed().as_secs_f64();
    Ok(())
}

/// Looks at the version that the metrics name.
async fn expect_version(edge: &Edge, is_meant: impl Fn(&str) -> bool) -> Result<(), Error> {
    let metrics = edge.http().get(format!("{}/metrics", edge.url())).bearer_auth(METRICS_TOKEN);
    let metrics = Answer::to(metrics).await?.body;
    let version = metrics.split_once("version=\"").and_then(|(_, rest)| rest.split('"').next());
    match version {
        Some(version) if is_meant(version) => Ok(()),
        other => Err(Error::new(format!("the version that answers is {other:?}"))),
    }
}

const METRICS_TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// A request in writing, so that the connector to Linea INPS has something stored too.
async fn forward(edge: &Edge, issuer: &Issuer) -> Result<ConversationOpened, Error> {
    let claims = Claims::of_person(Scene::person("worker-roma")?, issuer.origin(), &edge.url())?;
    let token = issuer.sign(HANDOFF_TYPE, &claims)?;
    let request = json!({ "id": "request-1", "text": REQUEST });
    let request = edge.http().post(format!("{}/v1/requests", edge.url())).json(&request);
    Answer::to(request.header("origin", issuer.origin()).bearer_auth(token)).await?.document(201)
}

/// An object that nobody needs stays as it is until it wakes: its person reads what they wrote to the version before.
async fn read_again(edge: &Edge, issuer: &Issuer, written: &ConversationOpened) -> Result<(), Error> {
    let url = format!("{}{}", edge.ws_url(), written.socket);
    let socket = Socket::<ServerFrame>::open(&url, issuer.origin(), &written.ticket).await?;
    let log = Chat::join(socket, &written.ticket, 0).await?.log;
    if serde_json::to_string(&log).while_doing("writing a log")?.contains(REQUEST) {
        return Ok(());
    }
    Err(Error::new(format!("what was written to the version before is not there: {log:?}")))
}

const REQUEST: &str = "Quando sarò pagato?";

/// Strangers who connect twenty times a second, each anew, and ask whether the service is alive.
struct Callers {
    is_over: Arc<AtomicBool>,
    refused: Arc<AtomicU64>,
    calling: tokio::task::JoinHandle<u64>,
}

impl Callers {
    fn start(edge: &Edge) -> Result<Self, Error> {
        let http = Client::builder().no_proxy().pool_max_idle_per_host(0).timeout(Duration::from_mins(1));
        let http = http.build().while_doing("making an HTTP client")?;
        let url = format!("{}/healthz", edge.url());
        let (is_over, refused) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (ends, counts) = (is_over.clone(), refused.clone());
        let calling = tokio::spawn(async move {
            let (mut connections, mut calls) = (0, JoinSet::new());
            while !ends.load(Ordering::Relaxed) {
                connections += 1;
                let (call, counts) = (http.get(&url).send(), counts.clone());
                calls.spawn(async move {
                    // A connection that was accepted in the last instant of a process may be cut off: that is not a refusal.
                    if call.await.is_err_and(|error| error.is_connect()) {
                        counts.fetch_add(1, Ordering::Relaxed);
                    }
                });
                while calls.try_join_next().is_some() {}
                sleep(Duration::from_millis(50)).await;
            }
            calls.join_all().await;
            connections
        });
        Ok(Self { is_over, refused, calling })
    }

    /// Returns the number of connections, and of those refused.
    async fn stop(self) -> (u64, u64) {
        self.is_over.store(true, Ordering::Relaxed);
        let connections = self.calling.await.unwrap_or_default();
        (connections, self.refused.load(Ordering::Relaxed))
    }
}
