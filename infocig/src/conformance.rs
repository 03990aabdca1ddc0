// SPDX-License-Identifier: EUPL-1.2
//! `infocig conformance`: plays the protocol, PROTOCOL.md, clause by clause against any implementation of it, and says of each
//! clause whether it is kept, broken, or was not tried.
//!
//! It knows nothing of the implementation but its origin and the key that it trusts. Every clause has invented people and
//! advisors of its own, and every conversation is ended.

mod clause;
mod clauses;
mod console;
mod link;
mod net;
mod polls;
mod stage;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use clap::Args;
use serde_json::{Value, json};

use self::clause::{Clause, Play, Played, Verdict, untried};
use self::net::Service;
use self::stage::{Opened, Stage};
use crate::signing::SigningPair;
use crate::{Error, While, answer, log};

/// Play the protocol against a service, clause by clause
///
/// Signs tokens with the key of an issuer that the service trusts, enters as invented people, answers them as invented advisors,
/// and says of each clause of PROTOCOL.md whether it is kept, broken (expected, observed), or was not tried and why. Ends with 0
/// if none is broken, else with 1.
///
/// For a test installation alone: NEVER run it against a service with real queues. Its advisors would be offered the
/// conversations of people who wait, its people would take the places of others, it blocks and floods on purpose, and its figures
/// count. It stops where it finds anybody at the desk. Every conversation it opens is ended.
///
/// The service must be open to workers of Rome who come from MyINPS and signed in with SPID level 2.
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
#[derive(Debug, Args)]
pub(crate) struct Conformance {
    /// The origin of the service, such as `https://test.chat.example`
    #[arg(long, value_name = "URL")]
    edge: String,
    /// The issuer of hand-off and advisor tokens that the service trusts: `iss`
    #[arg(long, value_name = "URL")]
    issuer: String,
    /// The private key of the issuer: P-256, PKCS#8 in PEM, or a JWK (`infocig keys signing`)
    #[arg(long, value_name = "FILE")]
    issuer_key: PathBuf,
    /// The name of the key in the issuer's key set; left out: its thumbprint (RFC 7638)
    #[arg(long)]
    kid: Option<String>,
    /// An origin of the issuer's pages; left out: the issuer
    #[arg(long, value_name = "URL")]
    origin: Option<String>,
    /// The audience of hand-off tokens, `PUBLIC_ORIGIN` of the service; left out: --edge
    #[arg(long, value_name = "URL")]
    audience: Option<String>,
    /// The audience of advisor tokens; left out: the audience and `/desk`
    #[arg(long, value_name = "URL")]
    desk_audience: Option<String>,
    /// The service under test has no real queue: nobody is waited for there, and nobody waits
    #[arg(long = "this-is-a-test-installation", required = true)]
    _confirmed: bool,
    /// Sections of PROTOCOL.md to play, such as 4 or 8.1; left out: all
    #[arg(long = "section", value_name = "N")]
    sections: Vec<String>,
    /// Leave out clauses that wait for longer than 15 s; a whole run takes three minutes
    #[arg(long)]
    quick: bool,
    /// Forward a segnalazione and a written request too: the office behind the service receives them
    #[arg(long)]
    forward: bool,
    /// Play the clause of expired tickets with the ticket in this file, if it was written 12 hours ago, else write one to it
    #[arg(long, value_name = "FILE")]
    ticket_file: Option<PathBuf>,
    /// One object on one line
    #[arg(long)]
    json: bool,
}

impl Conformance {
    pub(crate) fn run(&self) -> Result<(), Error> {
        let stage = self.stage()?;
        stage.inspect().map_err(Error::Failed)?;
        let clauses: Vec<&Clause> = clauses::all().filter(|clause| self.is_wanted(clause)).collect();
        if clauses.is_empty() {
            return Err(Error::Usage("--section names no section of PROTOCOL.md".into()));
        }
        let results = self.play(&stage, &clauses);
        self.keep_ticket(&stage)?;
        stage.end(&stage.take_opened());
        let count = |wanted: &str| results.iter().filter(|result| word(result) == wanted).count();
        let (kept, broken, not_tried) = (count("kept"), count("broken"), count("not tried"));
        if self.json {
            let rows: Vec<Value> =
                clauses.iter().zip(&results).map(|(clause, result)| document(clause, result)).collect();
            answer(json!({
                "edge": self.edge, "kept": kept, "broken": broken, "not_tried": not_tried, "clauses": rows,
            }));
        } else {
            for (clause, result) in clauses.iter().zip(&results) {
                answer(row(clause, result));
            }
            answer(format_args!("{kept} kept, {broken} broken, {not_tried} not tried"));
        }
        match broken {
            0 => Ok(()),
            1 => Err(Error::new("one clause is broken")),
            more => Err(Error::new(format!("{more} clauses are broken"))),
        }
    }

    fn stage(&self) -> Result<Stage, Error> {
        let path = self.issuer_key.display();
        let text = fs::read_to_string(&self.issuer_key)
            .map_err(|error| Error::Usage(format!("--issuer-key: {path} cannot be read: {error}")))?;
        let pair = SigningPair::read(&text).ok_or_else(|| {
            Error::Usage(format!(
                "--issuer-key: {path} is no private key on P-256 in PKCS#8, PEM, and no JWK"
            ))
        })?;
        let service = Service::at(&self.edge)?;
        let audience = self.audience.clone().unwrap_or_else(|| service.origin.clone());
        Ok(Stage {
            kid: self.kid.clone().unwrap_or_else(|| pair.thumbprint()),
            pair,
            issuer: self.issuer.clone(),
            origin: self.origin.clone().unwrap_or_else(|| self.issuer.clone()),
            desk_audience: self.desk_audience.clone().unwrap_or_else(|| format!("{audience}/desk")),
            audience,
            forward: self.forward,
            kept: self.ticket_file.as_deref().filter(|file| file.exists()).map(read_ticket).transpose()?,
            opened: Mutex::default(),
            service,
        })
    }

    fn is_wanted(&self, clause: &Clause) -> bool {
        self.sections.is_empty() || self.sections.iter().any(|section| section == clause.section)
    }

    /// The results, in the order of the clauses. Those that wait do so beside all others.
    fn play(&self, stage: &Stage, clauses: &[&Clause]) -> Vec<Played> {
        thread::scope(|scope| {
            let begun: Vec<_> = clauses
                .iter()
                .map(|clause| {
                    let Play::Waiting(seconds, begin) = clause.play else { return None };
                    if self.quick && seconds > LONGEST_OF_QUICK_S {
                        return Some(Err(untried(format_args!(
                            "left out by --quick: it waits for {seconds} s"
                        ))));
                    }
                    log(format_args!(
                        "→ § {} {} (waits for {seconds} s beside the others)",
                        clause.section, clause.sentence
                    ));
                    let rest = begin(stage);
                    let opened = stage.take_opened();
                    Some(rest.map(|rest| {
                        scope.spawn(move || {
                            let played = rest(stage);
                            stage.end(&opened);
                            played
                        })
                    }))
                })
                .collect();
            let played: Vec<Option<Played>> = clauses
                .iter()
                .map(|clause| match clause.play {
                    Play::Waiting(..) => None,
                    Play::Untried(reason) => Some(Err(untried(reason))),
                    Play::Now(play) => {
                        log(format_args!("→ § {} {}", clause.section, clause.sentence));
                        let played = play(stage);
                        stage.end(&stage.take_opened());
                        Some(played)
                    }
                })
                .collect();
            let end = |begun: Option<Result<thread::ScopedJoinHandle<'_, Played>, Verdict>>| match begun {
                Some(Ok(handle)) => {
                    handle.join().unwrap_or_else(|_| Err(untried("the play failed by itself")))
                }
                Some(Err(verdict)) => Err(verdict),
                None => Err(untried("nothing to play")),
            };
            played
                .into_iter()
                .zip(begun)
                .map(|(played, begun)| played.unwrap_or_else(|| end(begun)))
                .collect()
        })
    }

    /// Writes a ticket for a later run, if there is none yet.
    fn keep_ticket(&self, stage: &Stage) -> Result<(), Error> {
        let Some(file) = self.ticket_file.as_deref().filter(|file| !file.exists()) else { return Ok(()) };
        let Ok(Opened { person, conversation, ticket, socket }) = stage.enter() else { return Ok(()) };
        let kept =
            json!({ "person": person, "conversation": conversation, "ticket": ticket, "socket": socket });
        fs::write(file, kept.to_string()).while_doing(format_args!("writing {}", file.display()))
    }
}

fn read_ticket(file: &Path) -> Result<Opened, Error> {
    let doing = || format!("reading {}", file.display());
    let text = fs::read_to_string(file).while_doing(doing())?;
    let kept: Value = serde_json::from_str(&text).while_doing(doing())?;
    let member = |name: &str| kept[name].as_str().unwrap_or_default().to_owned();
    Ok(Opened {
        person: member("person"),
        conversation: member("conversation"),
        ticket: member("ticket"),
        socket: member("socket"),
    })
}

fn word(result: &Played) -> &'static str {
    match result {
        Ok(()) => "kept",
        Err(Verdict::Broken { .. }) => "broken",
        Err(Verdict::Untried(_)) => "not tried",
    }
}

fn row(clause: &Clause, result: &Played) -> String {
    let word = word(result);
    let line = format!("§ {:<4} {word:<9}  {}", clause.section, clause.sentence);
    match result {
        Ok(()) => line,
        Err(Verdict::Broken { expected, observed }) => {
            format!("{line}\n       expected: {expected}\n       observed: {observed}")
        }
        Err(Verdict::Untried(reason)) => format!("{line}\n       because: {reason}"),
    }
}

fn document(clause: &Clause, result: &Played) -> Value {
    let mut row = json!({ "section": clause.section, "clause": clause.sentence, "verdict": word(result) });
    match result {
        Ok(()) => {}
        Err(Verdict::Broken { expected, observed }) => {
            row["expected"] = expected.as_str().into();
            row["observed"] = observed.as_str().into();
        }
        Err(Verdict::Untried(reason)) => row["reason"] = reason.as_str().into(),
    }
    row
}

const LONGEST_OF_QUICK_S: u64 = 15;

#[cfg(test)]
mod tests;
