// SPDX-License-Identifier: EUPL-1.2
//! A restoration under load: conversations go on while a backup is made, the runtime is killed, its folder is lost, the backup is
//! restored, and every conversation is compared with what its sides had been shown.
//!
//! What was stored before the backup began must be there, once and in order. What came later may be lost, and then the log must
//! say so. Nobody may be left behind: each conversation that was under way waits at the desk, and can be ended.

use std::{collections::BTreeMap, fmt, fs, path::Path, process::Output, sync::Arc, time::Duration};

use infocig_protocol::{
    entry::{Entry, EntryBody, Phase},
    frame::{ClientFrame, ServerFrame},
    time::Timestamp,
    version,
};
use serde::Serialize;
use serde_json::Value;
use tokio::{process::Command, time::sleep};

use crate::{
    artefacts,
    chat::Chat,
    edge::{Edge, EdgeOptions, policy_always_open},
    error::{Error, While},
    issuer::Issuer,
    load::{self, Load, Pace, Played, Target},
    socket::Socket,
    tokens::now_ms,
};

/// The parameters of a drill.
#[derive(Clone, Copy, Debug)]
pub struct Drill {
    /// Conversations at a time.
    pub conversations: usize,
    /// How long the load runs before the backup that is restored.
    pub before: Duration,
    /// How long it runs on before the power cut.
    pub after: Duration,
    /// Seed of the load.
    pub seed: u64,
}

/// The result of a drill.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Conversations that were compared.
    pub conversations: u64,
    /// Entries that were stored before the backup began.
    pub entries: u64,
    /// Those of them that are not there, or are another one.
    pub lost: u64,
    /// Messages that are there twice.
    pub doubled: u64,
    /// Gaps in the numbers of entries.
    pub out_of_order: u64,
    /// Entries after the backup that are not there. They are the price of a restoration.
    pub after_the_backup: u64,
    /// Conversations that lost entries without saying so, and clients that would not notice.
    pub untold: u64,
    /// Conversations that wait nowhere, or cannot be ended.
    pub stranded: u64,
    /// Databases in the backup.
    pub databases: u64,
    /// Databases that the backup had to write, of which the one before had the others.
    pub written: u64,
    /// How long the backup took, under load.
    pub backup_seconds: f64,
    /// How long the restoration took.
    pub restore_seconds: f64,
    /// One sentence for each error.
    pub errors: Vec<String>,
}

impl Report {
    /// Whether the drill was passed.
    pub fn is_clean(&self) -> bool {
        (self.lost, self.doubled, self.out_of_order, self.untold, self.stranded) == (0, 0, 0, 0, 0)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { conversations, entries, lost, doubled, out_of_order, untold, stranded, .. } = self;
        write!(
            f,
            "{conversations} conversations, {entries} entries before the backup: {lost} lost, {doubled} doubled, {out_of_order} \
             out of order, {untold} untold, {stranded} stranded; {} entries after the backup are gone; {} databases, {} \
             written, backup {:.2} s, restoration {:.2} s",
            self.after_the_backup, self.databases, self.written, self.backup_seconds, self.restore_seconds
        )?;
        self.errors.iter().take(10).try_for_each(|error| write!(f, "\n- {error}"))
    }
}

/// Runs a drill.
pub async fn run(drill: &Drill) -> Result<Report, Error> {
    let issuer = Arc::new(Issuer::start().await?);
    // By the wall clock, by which backups are dated.
    let options = EdgeOptions::trusting(issuer.setting()).with_policy(policy_always_open()?);
    let mut edge = Edge::start(EdgeOptions { clock: None, ..options }).await?;
    let target = Target { base: edge.url(), edge: edge.url(), issuer: issuer.clone() };
    let load = Load {
        conversations: 0,
        at_once: drill.conversations,
        advisors: 4,
        messages: 3..12,
        pace: Pace::Human,
        hang_ups: false,
        seed: drill.seed,
    };
    let running = load::start(target, load)?;
    let place = tempfile::tempdir().while_doing("making a folder for backups")?;
    let (key, archive, restored) =
        (place.path().join("key"), place.path().join("archive"), place.path().join("data"));
    fs::write(&key, "0123456789abcdef".repeat(4)).while_doing("writing a key")?;

    sleep(drill.before / 2).await;
    back_up(edge.folder(), &archive, &key).await?;
    sleep(drill.before / 2).await;
    let began = Timestamp::from_millis(now_ms());
    let backup = back_up(edge.folder(), &archive, &key).await?;
    sleep(drill.after).await;
    edge.kill();
    let cut = running.cut().await?;

    let words = ["restore", "--json"];
    let paths = [("--from", archive.as_path()), ("--key", &key), ("--data", &restored)];
    let restoration = infocig(&words, &paths).await?;
    let objects = edge.folder().join("objects");
    fs::remove_dir_all(&objects).while_doing("losing the folder of data")?;
    fs::rename(restored.join("objects"), &objects).while_doing("putting the restored folder in its place")?;
    edge.restart().await?;

    let number = |document: &Value, name: &str| document[name].as_u64().unwrap_or_default();
    let mut report = Report {
        databases: number(&backup, "databases"),
        written: number(&backup, "written"),
        backup_seconds: backup["seconds"].as_f64().unwrap_or_default(),
        restore_seconds: restoration["seconds"].as_f64().unwrap_or_default(),
        ..Report::default()
    };
    for played in &cut.played {
        judge(&edge, &issuer, played, began, &mut report).await;
    }
    let left = cut.left_at_desk().await?;
    report.stranded += u64::try_from(left.len()).unwrap_or(u64::MAX);
    report.errors.extend(left.into_iter().map(|(id, place)| format!("{id} was ended and is {place}")));
    Ok(report)
}

/// Compares a conversation with what its sides had been shown, and ends it.
async fn judge(edge: &Edge, issuer: &Issuer, played: &Played, began: Timestamp, report: &mut Report) {
    let id = &played.opened.conversation;
    let mut shown: BTreeMap<u64, Entry> = BTreeMap::new();
    for entry in played.sides.iter().flat_map(|side| &side.seen) {
        shown.insert(entry.seq, entry.clone());
    }
    let before = shown.values().filter(|entry| entry.at < began).count();
    report.conversations += 1;
    report.entries += u64::try_from(before).unwrap_or(u64::MAX);
    let mut chat = match rejoin(edge, issuer, played, 0).await {
        Ok(chat) => chat,
        Err(error) if before > 0 => {
            report.lost += u64::try_from(before).unwrap_or(u64::MAX);
            report.errors.push(format!("{id} cannot be read: {error}"));
            return;
        }
        // It began after the backup.
        Err(_) => {
            report.after_the_backup += u64::try_from(shown.len()).unwrap_or(u64::MAX);
            return;
        }
    };
    let stored: BTreeMap<u64, &Entry> = chat.log.iter().map(|entry| (entry.seq, entry)).collect();
    report.out_of_order +=
        u64::try_from((1..).zip(&chat.log).filter(|(place, entry)| *place != entry.seq).count())
            .unwrap_or(u64::MAX);
    let mut ids: Vec<_> = chat
        .log
        .iter()
        .filter_map(|entry| entry.message().map(|(id, author, _)| (author.party(), id)))
        .collect();
    let all = ids.len();
    ids.sort_by_key(|(party, id)| (format!("{party:?}"), id.as_str().to_owned()));
    ids.dedup();
    report.doubled += u64::try_from(all - ids.len()).unwrap_or(u64::MAX);
    let gone: Vec<&Entry> = shown.values().filter(|entry| stored.get(&entry.seq) != Some(entry)).collect();
    let (lost, after) = gone.iter().partition::<Vec<&&Entry>, _>(|entry| entry.at < began);
    if !lost.is_empty() {
        report.errors.push(format!("{id} lost {lost:?}; stored: {:?}", chat.log));
    }
    report.lost += u64::try_from(lost.len()).unwrap_or(u64::MAX);
    report.after_the_backup += u64::try_from(after.len()).unwrap_or(u64::MAX);
    let says_so = |entry: &Entry| matches!(entry.body, EntryBody::Returned { restored_to: Some(_) });
    if !gone.is_empty() && !chat.log.iter().any(says_so) {
        report.untold += 1;
        report.errors.push(format!("{id} does not say that {gone:?} are gone; stored: {:?}", chat.log));
    }
    let cursor = shown.keys().next_back().copied().unwrap_or_default();
    let common = (1..=cursor)
        .take_while(|seq| shown.get(seq).is_none_or(|entry| stored.get(seq) == Some(&entry)))
        .count();
    if u64::try_from(common).is_ok_and(|common| common < cursor) {
        match welcomed_after(edge, issuer, played, cursor).await {
            Ok(after) if after != cursor => {}
            other => {
                report.untold += 1;
                report.errors.push(format!("{id}: a client with {cursor} entries goes on after {other:?}"));
            }
        }
    }
    if let Phase::Closed { .. } = chat.welcome.phase {
        return;
    }
    let ended = async {
        chat.socket.send(&ClientFrame::Close {}).await?;
        chat.listen_until(|body| matches!(body, EntryBody::Closed { .. })).await
    };
    if let Err(error) = ended.await {
        report.stranded += 1;
        report.errors.push(format!("{id} cannot be ended: {error}"));
    }
}

/// Joins a conversation with the ticket of before.
async fn rejoin(edge: &Edge, issuer: &Issuer, played: &Played, cursor: u64) -> Result<Chat, Error> {
    let url = format!("{}{}", edge.ws_url(), played.opened.socket);
    let socket = Socket::<ServerFrame>::open(&url, issuer.origin(), &played.opened.ticket).await?;
    Chat::join(socket, &played.opened.ticket, cursor).await
}

/// The number after which the window of a client with that cursor begins.
async fn welcomed_after(edge: &Edge, issuer: &Issuer, played: &Played, cursor: u64) -> Result<u64, Error> {
    let url = format!("{}{}", edge.ws_url(), played.opened.socket);
    let ticket = played.opened.ticket.clone();
    let mut socket = Socket::<ServerFrame>::open(&url, issuer.origin(), &ticket).await?;
    socket.send(&ClientFrame::Hello { version: version::CURRENT, ticket, resume_after: cursor }).await?;
    let answered = socket.frame().await?;
    if let ServerFrame::Welcome { after, .. } = answered {
        Ok(after)
    } else {
        Err(Error::new(format!("expected welcome, received {answered:?}")))
    }
}

async fn back_up(data: &Path, archive: &Path, key: &Path) -> Result<Value, Error> {
    infocig(&["backup", "--json"], &[("--data", data), ("--to", archive), ("--key", key)]).await
}

/// Runs the program for operators, and reads the JSON it prints.
async fn infocig(words: &[&str], paths: &[(&str, &Path)]) -> Result<Value, Error> {
    let mut command = Command::new(artefacts::infocig()?);
    command.args(words);
    for (flag, path) in paths {
        command.arg(flag).arg(path);
    }
    let Output { status, stdout, stderr } =
        command.kill_on_drop(true).output().await.while_doing("running infocig")?;
    if !status.success() {
        return Err(Error::new(format!("infocig {words:?}: {}", String::from_utf8_lossy(&stderr))));
    }
    serde_json::from_slice(&stdout).while_doing("reading what infocig printed")
}
