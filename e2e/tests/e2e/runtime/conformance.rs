// SPDX-License-Identifier: EUPL-1.2
//! The kit of conformance (`infocig conformance`): the edge keeps every clause that can be tried, and an implementation with a
//! fault of protocol is told which clause it breaks.

use std::{path::PathBuf, process::Command};

use futures_util::future::join_all;
use infocig_demo::KeyPair;
use infocig_e2e::{
    artefacts,
    edge::EdgeOptions,
    issuer::Issuer,
    linea_inps::LineaInps,
    meddler::{Meddler, Misdeed},
    scene::Scene,
};
use serde_json::Value;
use tempfile::TempDir;

#[tokio::test]
async fn the_edge_keeps_every_clause_of_its_protocol() {
    let mut kit = Kit::new().await;
    let office = LineaInps::open(|options| kit.trusted_by(options)).await.unwrap();
    kit.expire_a_ticket(&office.scene).await;

    let report = kit.run(&office.scene.edge.url(), &["--quick", "--forward"]).await;

    assert_eq!(report.of("broken"), [] as [String; 0], "{report:#?}");
    let left_out = [
        "A socket that has sent no `PING` for 75 s is closed with 4408, and the other side is sent `presence`",
        "A socket that never sent a `PING` is closed with 4408 within 150 s",
        "A link nobody waits on for 30 s is dropped, and its person is no longer connected",
    ];
    let mut untried = report.of("not tried");
    untried.retain(|clause| !left_out.contains(&clause.as_str()));
    assert_eq!(untried, NOT_FROM_OUTSIDE);
}

/// A fault of each kind, and the clauses it breaks; each at an edge of its own, because the kit waits long for what never comes.
#[tokio::test]
async fn an_implementation_with_a_fault_is_told_which_clause_it_breaks() {
    let order =
        "Entries are numbered from 1 without gaps and come in that order, each once, the same for both sides";
    let refusals = [
        "A refused `hello`: `refused`, close 4400",
        "Anything else first: `refused` with its reason, close 4400",
    ];
    let faults = [
        (Misdeed::Drops, "4", &[order][..]),
        (Misdeed::Doubles, "4", &[order]),
        (Misdeed::Reorders, "4", &[order]),
        (Misdeed::AcceptsNoSubprotocol, "1", &["`infocig` is accepted of the offered subprotocols"]),
        (Misdeed::ClosesAsIfAllWereWell, "3", &refusals),
    ];
    let reports = faults.map(async |(misdeed, section, expected)| {
        let kit = Kit::new().await;
        let scene = Scene::with(|options| kit.trusted_by(options)).await.unwrap();
        let meddler = Meddler::before(scene.edge.port(), misdeed).await.unwrap();
        let audience = scene.edge.url();
        let report =
            kit.run(&meddler.url(), &["--quick", "--section", section, "--audience", &audience]).await;

        let broken = report.of("broken");
        for clause in expected {
            assert!(broken.iter().any(|found| found == clause), "{misdeed:?}: {report:#?}");
        }
        assert!(report.of("kept").len() > 1, "{misdeed:?}: not everything is broken: {report:#?}");
        assert!(report.failed);
    });
    join_all(reports).await;
}

/// What the kit says.
#[derive(Debug)]
pub(crate) struct Report {
    clauses: Vec<Value>,
    failed: bool,
}

impl Report {
    /// The clauses with a verdict.
    pub(crate) fn of(&self, verdict: &str) -> Vec<String> {
        let clauses = self.clauses.iter().filter(|clause| clause["verdict"] == verdict);
        clauses.map(|clause| clause["clause"].as_str().unwrap().to_owned()).collect()
    }
}

/// The kit, with a key of an issuer.
pub(crate) struct Kit {
    issuer: Issuer,
    folder: TempDir,
    ticket_file: Option<PathBuf>,
}

impl Kit {
    pub(crate) async fn new() -> Self {
        let pair = KeyPair::generate().unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("key.pem"), pair.private_pem()).unwrap();
        Self { issuer: Issuer::start_with_key(&pair).await.unwrap(), folder, ticket_file: None }
    }

    /// Options of an edge that trusts it too.
    pub(crate) fn trusted_by(&self, mut options: EdgeOptions) -> EdgeOptions {
        options.issuers.as_array_mut().unwrap().push(self.issuer.setting());
        options
    }

    /// Keeps a ticket, and moves the clock beyond its life.
    pub(crate) async fn expire_a_ticket(&mut self, scene: &Scene) {
        self.ticket_file = Some(self.folder.path().join("ticket.json"));
        self.run(&scene.edge.url(), &["--section", "13"]).await;
        scene.edge.set_clock("2026-11-24T15:05:00+01:00").await.unwrap();
    }

    /// Runs it.
    pub(crate) async fn run(&self, edge: &str, more: &[&str]) -> Report {
        let mut command = Command::new(artefacts::infocig().unwrap());
        command.args(["conformance", "--edge", edge, "--issuer", self.issuer.origin(), "--json"]);
        command.arg("--issuer-key").arg(self.folder.path().join("key.pem"));
        command.arg("--this-is-a-test-installation").args(more);
        if let Some(file) = &self.ticket_file {
            command.arg("--ticket-file").arg(file);
        }
        let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let report: Value = serde_json::from_str(&said)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        Report { clauses: report["clauses"].as_array().unwrap().clone(), failed: !output.status.success() }
    }
}

/// The clauses that nobody can try from outside, or that would take hours.
pub(crate) const NOT_FROM_OUTSIDE: [&str; 9] = [
    "Tickets last 12 hours",
    "A cursor beyond a restored copy is not one of its log",
    "Close 1011 and 1012: the server failed or restarts; nothing acknowledged is lost",
    "Close 4401: the ticket of the link has expired",
    "The client sends `PING`, finds dead links, and reconnects with pauses",
    "The conversations of an advisor whose last link is lost return to the queue",
    "A conversation has so many entries, then `conversation-full`",
    "A conversation or desk has at most 1,000 links",
    "Its states come back from Linea INPS",
];
