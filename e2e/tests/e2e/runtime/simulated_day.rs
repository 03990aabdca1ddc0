// SPDX-License-Identifier: EUPL-1.2
//! An afternoon of `infocig simulate` with real sockets: the edge's clock stands at the instant of each act, and in the end the
//! report of the day has the figures that the simulation printed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

use infocig_demo::{ADVISOR_TYPE, HANDOFF_TYPE};
use infocig_e2e::{
    answer::Answer,
    artefacts,
    chat::Chat,
    desk::Desk,
    edge::policy_with,
    error::{Error, While},
    scene::Scene,
    wait,
};
use infocig_protocol::{
    desk::AssignmentState,
    entry::Outcome,
    http::{ConversationOpened, DeskSessionOpened},
    id::{AdvisorId, ConversationId},
    language::Language,
    report::Report,
};
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

#[tokio::test]
async fn a_simulated_afternoon_at_the_real_edge_ends_with_the_figures_of_the_simulation() {
    // Nobody writes a word in a simulation.
    let policy = policy_with(|policy| {
        policy["desk"]["inactivity"] = serde_json::json!({ "warn_minutes": 240, "close_minutes": 240 });
    })
    .unwrap();
    let (moves, expected) = simulate(&policy).unwrap();
    let mut stage = Stage::open(policy).await.unwrap();

    for at_once in moves.chunk_by(|one, next| one.at == next.at) {
        stage.play(at_once).await.unwrap();
    }

    // The clock runs: a delivery to the register that failed is repeated after a while of the edge's clock.
    let last = moves.last().unwrap().at;
    stage.set_clock(last, 10).await.unwrap();
    let session = stage.scene.desk_session("supervisor").await.unwrap();
    let mut different = None;
    let same = wait::until("the report of the simulation", async || {
        let figures = stage.figures(&session.ticket).await.ok()?;
        different = COMPARED
            .iter()
            .find(|name| figures[**name] != expected[**name])
            .map(|name| format!("{name} is {}, the simulation has {}", figures[*name], expected[*name]));
        different.is_none().then_some(())
    })
    .await;
    assert!(same.is_ok(), "{same:?}: {different:?}");
}

/// The columns of the table that `infocig simulate` prints.
const COMPARED: [&str; 14] = [
    "refused",
    "entered",
    "answered",
    "abandoned_short",
    "abandoned",
    "let_go",
    "service_level",
    "service_level_connect",
    "abandonment",
    "non_response",
    "wait",
    "handle",
    "transfers",
    "returns",
];

/// A line of `infocig simulate --moves`.
#[derive(Debug, Deserialize)]
struct Move {
    at: i64,
    act: Act,
    desk: DeskState,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    SignsIn { advisor: AdvisorId, languages: Vec<Language> },
    Arrives { person: u32, language: Language },
    GivesUp { person: u32 },
    Accepts { person: u32, advisor: AdvisorId },
    Ends { person: u32, advisor: AdvisorId },
    TimePasses {},
}

/// The conversations on the desk, by the number of their person.
#[derive(Debug, Default, PartialEq, Deserialize)]
struct DeskState {
    waiting: BTreeSet<u32>,
    offered: BTreeMap<u32, AdvisorId>,
    held: BTreeMap<u32, AdvisorId>,
}

/// The moves of an afternoon of two advisors, and its figures.
fn simulate(policy: &str) -> Result<(Vec<Move>, Value), Error> {
    let folder = TempDir::new().while_doing("making a folder")?;
    let [rules, moves] = ["policy.json", "moves.jsonl"].map(|name| folder.path().join(name));
    fs::write(&rules, policy).while_doing("writing the policy")?;
    let mut command = Command::new(artefacts::infocig()?);
    command.args(["simulate", "--day", "--times=1", "--advisors=2", "--seed=1", "--json"]);
    command.arg("--policy").arg(&rules).arg("--moves").arg(&moves);
    let ran = command.output().while_doing("simulating an afternoon")?;
    let printed = String::from_utf8_lossy(&ran.stdout);
    let last = printed.lines().last().unwrap_or_default();
    let document: Value = serde_json::from_str(last).while_doing(format_args!("reading {ran:?}"))?;
    let text = fs::read_to_string(&moves).while_doing("reading the moves")?;
    let read = |line| serde_json::from_str(line).while_doing(format_args!("reading {line}"));
    let moves: Vec<Move> = text.lines().map(read).collect::<Result<_, _>>()?;
    Ok((moves, document["days"][0]["figures"].clone()))
}

/// The edge, and everybody who is connected.
struct Stage {
    scene: Scene,
    people: BTreeMap<u32, (ConversationOpened, Chat)>,
    advisors: BTreeMap<AdvisorId, Desk>,
}

impl Stage {
    async fn open(policy: String) -> Result<Self, Error> {
        let scene = Scene::with(|options| options.with_policy(policy)).await?;
        Ok(Self { scene, people: BTreeMap::new(), advisors: BTreeMap::new() })
    }

    /// Plays the acts of one instant, and waits until the desk is as the last of them left it.
    async fn play(&mut self, acts: &[Move]) -> Result<(), Error> {
        for one in acts {
            self.set_clock(one.at, 0).await?;
            self.act(&one.act).await?;
        }
        let Some(last) = acts.last() else { return Ok(()) };
        let shows = async {
            while self.shown().await? != last.desk {}
            Ok(())
        };
        wait::within_patience(&format!("the desk after {last:?}"), shows).await?
    }

    async fn set_clock(&self, at_ms: i64, speed: u32) -> Result<(), Error> {
        let at = jiff::Timestamp::from_millisecond(at_ms).map_err(|error| Error::new(error.to_string()))?;
        self.scene.edge.run_clock(&at.to_string(), speed).await
    }

    /// The figures of the day in the edge's report.
    async fn figures(&self, ticket: &str) -> Result<Value, Error> {
        let days = "/v1/supervision/report?from=2026-11-23&to=2026-11-23&by=category";
        let request = self.scene.edge.http().get(format!("{}{days}", self.scene.edge.url()));
        let report: Report = Answer::to(request.bearer_auth(ticket)).await?.document(200)?;
        serde_json::to_value(report.total).while_doing("reading the figures")
    }

    async fn act(&mut self, act: &Act) -> Result<(), Error> {
        match act {
            Act::SignsIn { advisor, languages } => {
                let desk = self.sign_in(advisor, languages).await?;
                self.advisors.insert(advisor.clone(), desk);
            }
            Act::Arrives { person, language } => {
                let claims = self.scene.claims("worker-roma")?;
                let claims = claims.with("sub", format!("simulated-{person}"));
                let token =
                    self.scene.issuer.sign(HANDOFF_TYPE, &claims.with("locale", language.as_str()))?;
                let answer = self.scene.present(Some(&token)).await?;
                if answer.status == 201 {
                    let opened: ConversationOpened = answer.document(201)?;
                    let chat = self.scene.chat(&opened).await?;
                    self.people.insert(*person, (opened, chat));
                }
            }
            Act::GivesUp { person } => {
                if let Some((_, mut chat)) = self.people.remove(person) {
                    chat.close().await?;
                }
            }
            Act::Accepts { person, advisor } => {
                let conversation = self.conversation(*person)?;
                self.desk(advisor)?.take(&conversation).await?;
            }
            Act::Ends { person, advisor } => {
                let conversation = self.conversation(*person)?;
                self.desk(advisor)?.close(&conversation, Outcome::Online).await?;
            }
            Act::TimePasses {} => {}
        }
        Ok(())
    }

    async fn sign_in(&self, advisor: &AdvisorId, languages: &[Language]) -> Result<Desk, Error> {
        let mut claims =
            self.scene.advisor_claims("advisor-giulia")?.with("sub", advisor.as_str()).with("name", "Prova");
        for claim in ["infocig_languages", "infocig_skills", "infocig_provinces"] {
            claims = claims.without(claim);
        }
        if !languages.is_empty() {
            let languages: Vec<&str> = languages.iter().map(|language| language.as_str()).collect();
            claims = claims.with("infocig_languages", languages);
        }
        let token = self.scene.issuer.sign(ADVISOR_TYPE, &claims)?;
        let session: DeskSessionOpened =
            self.scene.present_at("/v1/desk/sessions", Some(&token)).await?.document(201)?;
        Desk::join(self.scene.desk_socket(&session).await?, &session).await
    }

    /// The desk as its advisors see it together.
    async fn shown(&mut self) -> Result<DeskState, Error> {
        let mut shown = DeskState::default();
        for (advisor, desk) in &mut self.advisors {
            desk.glance().await?;
            let entered = &self.people;
            let person = |id: &ConversationId| {
                let theirs = entered.iter().find(|(_, (opened, _))| opened.conversation == *id);
                theirs.map(|(number, _)| *number)
            };
            shown.waiting.extend(desk.picture.waiting.iter().filter_map(|one| person(&one.conversation)));
            for own in &desk.picture.mine {
                let Some(number) = person(&own.conversation) else { continue };
                match own.state {
                    AssignmentState::Offered { .. } => shown.offered.insert(number, advisor.clone()),
                    AssignmentState::Held { .. } => shown.held.insert(number, advisor.clone()),
                    AssignmentState::Invited { .. }
                    | AssignmentState::Helping { .. }
                    | AssignmentState::Observing { .. }
                    | AssignmentState::WrapUp { .. } => None,
                };
            }
        }
        Ok(shown)
    }

    fn conversation(&self, person: u32) -> Result<ConversationId, Error> {
        let (opened, _) =
            self.people.get(&person).ok_or_else(|| Error::new(format!("person {person} did not enter")))?;
        Ok(opened.conversation.clone())
    }

    fn desk(&mut self, advisor: &AdvisorId) -> Result<&mut Desk, Error> {
        self.advisors.get_mut(advisor).ok_or_else(|| Error::new(format!("{advisor} did not sign in")))
    }
}
