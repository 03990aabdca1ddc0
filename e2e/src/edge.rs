// SPDX-License-Identifier: EUPL-1.2
//! One edge: the built Worker in workerd, on its own port and folder.
//!
//! It is ready when it reports the port it listens on, so that another program on that port is not mistaken for it. It can be
//! killed and restarted on the same folder and port. If the test panics, its log is printed.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use command_fds::{CommandFdExt, FdMapping};
use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    answer::Answer,
    artefacts::{self, Variant},
    error::{Error, While},
    program::Program,
    wait,
};

/// A Monday afternoon within opening hours.
pub const A_WORKING_AFTERNOON: &str = "2026-11-23T15:20:00+01:00";

/// The options of an edge.
#[derive(Clone, Debug)]
pub struct EdgeOptions {
    /// The build.
    pub variant: Variant,
    /// The initial time of the test clock; `None` is the wall clock.
    pub clock: Option<String>,
    /// The issuers whose tokens it accepts: the binding `ISSUERS`.
    pub issuers: Value,
    /// The folder of files it serves; `None` is an empty one.
    pub site: Option<PathBuf>,
    /// Bindings that differ from the defaults; `None` removes one.
    pub bindings: Vec<(&'static str, Option<String>)>,
    /// The shell limits under which the program for operators runs it (`infocig serve`); `None` runs the runtime alone.
    pub served: Option<&'static str>,
    /// With [`served`](Self::served): its socket is held open for it over restarts, as systemd does, so that connections wait.
    pub held: bool,
    /// The description of the node of a cluster that the program for operators runs (`infocig serve --cluster`).
    pub cluster: Option<PathBuf>,
}

/// The default limit of descriptors of a shell.
pub const USUAL_LIMITS: &str = "ulimit -Sn 1024";

impl EdgeOptions {
    /// The build of the demo on a working afternoon, without files, trusting one issuer for every kind of token.
    pub fn trusting(issuer: Value) -> Self {
        Self {
            variant: Variant::Demo,
            clock: Some(A_WORKING_AFTERNOON.into()),
            issuers: json!([issuer]),
            site: None,
            bindings: Vec::new(),
            served: None,
            held: false,
            cluster: None,
        }
    }

    /// The same with this policy document.
    #[must_use]
    pub fn with_policy(mut self, policy: String) -> Self {
        self.bindings.push(("POLICY", Some(policy)));
        self
    }
}

/// The default policy with changes.
pub fn policy_with(change: impl FnOnce(&mut Value)) -> Result<String, Error> {
    let shipped = fs::read_to_string(artefacts::policy()?).while_doing("reading the policy")?;
    let mut policy: Value = serde_json::from_str(&shipped).while_doing("reading the policy")?;
    change(&mut policy);
    Ok(policy.to_string())
}

/// The default policy without limits of messages and conversations, for programs that write fast.
pub fn policy_without_limits() -> Result<String, Error> {
    policy_with(|policy| {
        policy["messages"] = unlimited_messages();
        raise_capacity(policy);
    })
}

/// The default policy, open at any time and without limits of conversations.
pub fn policy_always_open() -> Result<String, Error> {
    policy_with(open_always)
}

/// The same without limits of messages, and with another desk for labour consultants.
pub fn policy_always_open_of_two_desks() -> Result<String, Error> {
    policy_with(|policy| {
        open_always(policy);
        policy["messages"] = unlimited_messages();
        policy["queues"] = json!([
            { "id": "tutti", "name": "Tutti", "desk": "info-cig", "categories": ["lavoratore", "titolare", "rappresentante-legale"] },
            { "id": "consulenti", "name": "Consulenti", "desk": "consulenti", "categories": ["consulente"] },
        ]);
    })
}

fn open_always(policy: &mut Value) {
    policy["holidays"] = json!([]);
    for hours in policy["hours"].as_array_mut().into_iter().flatten() {
        hours["weekdays"] =
            json!(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);
        hours["from"] = json!("00:00");
        hours["to"] = json!("24:00");
    }
    policy["desk"]["capacity"] = json!(1_000);
    policy["desk"]["wrap_up_seconds"] = json!(0);
    policy["desk"]["lost_grace_seconds"] = json!(3_600);
}

fn unlimited_messages() -> Value {
    let much = u32::MAX / 20;
    json!({ "burst": much, "per_minute": much, "per_conversation": much })
}

/// The default policy without the limit of conversations of an advisor.
pub fn policy_with_capacity() -> Result<String, Error> {
    policy_with(raise_capacity)
}

/// No limits of conversations and admissions, no wrap-up, and a long grace for disconnected advisors.
/// The default policy, but for three queues at one desk.
pub fn policy_of_three_queues() -> Result<String, Error> {
    policy_with(|policy| {
        let queue = |id: &str, name: &str, categories: &[&str]| json!({ "id": id, "name": name, "desk": "info-cig", "categories": categories });
        policy["queues"] = json!([
            queue("lavoratori", "Lavoratori", &["lavoratore"]),
            queue("aziende", "Aziende", &["titolare", "rappresentante-legale"]),
            queue("consulenti", "Consulenti", &["consulente"]),
        ]);
    })
}

fn raise_capacity(policy: &mut Value) {
    policy["desk"]["capacity"] = json!(1_000);
    policy["desk"]["wrap_up_seconds"] = json!(0);
    policy["desk"]["lost_grace_seconds"] = json!(3_600);
    policy["conversations"]["most"] = json!(u16::MAX);
}

/// One member of `ISSUERS`: an issuer of every kind of token, with its keys at the well-known path.
pub fn issuer_at(origin: &str) -> Value {
    json!({
        "issuer": origin,
        "jwks_uri": format!("{origin}/.well-known/jwks.json"),
        "roles": ["citizen", "advisor"],
        "origins": [origin],
    })
}

/// A running edge. Dropping it kills it and deletes its folder.
#[derive(Debug)]
pub struct Edge {
    program: Program,
    options: EdgeOptions,
    port: u16,
    /// The socket that is held for the program.
    socket: Option<TcpListener>,
    http: Client,
    // Last, because fields are dropped in order and the program writes here.
    folder: TempDir,
}

impl Edge {
    /// Starts an edge and waits until it has accepted its settings.
    pub async fn start(options: EdgeOptions) -> Result<Self, Error> {
        let edge = Self::launch(options).await?;
        let health = edge.get("/healthz").await?;
        if health.status == 200 {
            Ok(edge)
        } else {
            Err(Error::new(format!("the edge started but is not healthy: {}", health.body)))
        }
    }

    /// Starts an edge, whose settings may be invalid, and waits until it listens.
    pub async fn launch(options: EdgeOptions) -> Result<Self, Error> {
        let folder = tempfile::Builder::new()
            .prefix("info-cig-edge-")
            .tempdir()
            .while_doing("making a folder for the edge")?;
        for name in ["objects", "site"] {
            fs::create_dir(folder.path().join(name)).while_doing("making a folder for the edge")?;
        }
        let http = Client::builder().no_proxy().build().while_doing("making an HTTP client")?;
        let mut attempts_left = 10;
        loop {
            let socket = options.held.then(|| TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).transpose();
            let socket = socket.while_doing("holding a socket")?;
            let port = socket.as_ref().map_or_else(free_port, port_of)?;
            match run(&options, &folder, port, socket.as_ref()).await {
                Ok(program) => {
                    return Ok(Self { program, options, port, socket, http, folder });
                }
                Err(Start::PortLost) if attempts_left > 0 => attempts_left -= 1,
                Err(Start::PortLost) => {
                    return Err(Error::new("every free port was taken by another program"));
                }
                Err(Start::Failed(error)) => return Err(error),
            }
        }
    }

    /// Kills the runtime and restarts it on the same folder and port.
    pub async fn restart(&mut self) -> Result<(), Error> {
        self.program.kill();
        self.start_again().await
    }

    /// Ends it by SIGTERM and restarts it on the same folder and port. Returns how long the end took.
    pub async fn restart_in_order(&mut self) -> Result<Duration, Error> {
        let took = self.end().await?;
        self.start_again().await?;
        Ok(took)
    }

    /// Ends the program that runs it by SIGTERM, and returns how long that took.
    pub async fn end(&mut self) -> Result<Duration, Error> {
        let asked = Instant::now();
        let status = self.program.terminate().await?;
        if status.success() {
            Ok(asked.elapsed())
        } else {
            Err(Error::new(format!("the edge did not end in order ({status}): {}", self.program.written())))
        }
    }

    /// Starts another build on the folder and port of the one that has ended.
    pub async fn start_as(&mut self, variant: Variant) -> Result<(), Error> {
        self.options.variant = variant;
        self.start_again().await
    }

    async fn start_again(&mut self) -> Result<(), Error> {
        self.program = wait::until_started("the edge's port after its restart", async || {
            match run(&self.options, &self.folder, self.port, self.socket.as_ref()).await {
                Ok(program) => Some(Ok(program)),
                Err(Start::PortLost) => None,
                Err(Start::Failed(error)) => Some(Err(error)),
            }
        })
        .await??;
        Ok(())
    }

    /// Kills the runtime and restarts it with the clock at this instant.
    pub async fn restart_at(&mut self, instant: &str) -> Result<(), Error> {
        self.options.clock = Some(instant.into());
        self.restart().await
    }

    /// Kills the runtime.
    pub fn kill(&mut self) {
        self.program.kill();
    }

    /// The runtime.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Its port, which restarts keep.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its folder of data, if the program for operators runs it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its origin, which is also the audience of its tokens.
    pub fn url(&self) -> String {
        origin(self.port)
    }

    /// The same for WebSockets.
    pub fn ws_url(&self) -> String {
        format!("ws://{}:{}", Ipv4Addr::LOCALHOST, self.port)
    }

    /// A client whose connections stay open between requests.
    pub fn http(&self) -> &Client {
        &self.http
    }

    /// Sends a `GET` to this edge.
    pub async fn get(&self, path: &str) -> Result<Answer, Error> {
        Answer::to(self.http.get(format!("{}{path}", self.url()))).await
    }

    /// Sets the clock of the edge (RFC 3339).
    pub async fn set_clock(&self, instant: &str) -> Result<(), Error> {
        self.run_clock(instant, 1).await
    }

    /// Sets the clock and its speed, in seconds for each real one.
    pub async fn run_clock(&self, instant: &str, speed: u32) -> Result<(), Error> {
        let url = format!("{}/test/clock", self.url());
        let setting = json!({ "now": instant, "speed": speed });
        let answer = Answer::to(self.http.put(url).json(&setting)).await?;
        if answer.status == 200 {
            Ok(())
        } else {
            Err(Error::new(format!("the clock was not set to {instant}: {}", answer.body)))
        }
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.program.kill();
            #[expect(clippy::print_stderr, reason = "the test harness shows it with the test that failed")]
            {
                eprintln!("--- log of the edge {}\n{}---", self.url(), self.program.written());
            }
        }
    }
}

/// The reason for which an edge did not start.
enum Start {
    /// Another program took the port between choosing it and listening on it.
    PortLost,
    Failed(Error),
}

impl From<Error> for Start {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Starts the runtime and waits until it listens.
async fn run(
    options: &EdgeOptions,
    folder: &TempDir,
    port: u16,
    socket: Option<&TcpListener>,
) -> Result<Program, Start> {
    let path = |name: &str| folder.path().join(name);
    let site = options.site.clone().unwrap_or_else(|| path("site"));
    let worker = artefacts::worker(options.variant)?;
    let (mut command, listens) = if let Some(limits) = options.served {
        let mut command = Program::guarded("/bin/sh");
        let exec = if socket.is_some() { EXEC_WITH_SOCKET } else { "exec \"$@\"" };
        command.args(["-c", &format!("{limits}; {exec}"), "sh"]).arg(artefacts::infocig()?);
        let workerd =
            if options.cluster.is_some() { artefacts::cluster_workerd() } else { artefacts::workerd() };
        command.arg("serve").arg("--workerd").arg(workerd?);
        if let Some(node) = &options.cluster {
            command.arg("--cluster").arg(node);
        }
        command.arg("--edge").arg(worker.with_file_name("")).arg("--site").arg(site);
        command.arg("--data").arg(folder.path());
        if let Some(socket) = socket {
            let socket = socket.try_clone().while_doing("handing a socket over")?;
            let mapping = FdMapping { parent_fd: OwnedFd::from(socket), child_fd: HELD_SOCKET };
            command.fd_mappings(vec![mapping]).while_doing("handing a socket over")?;
        } else {
            command.arg(format!("--listen={}:{port}", Ipv4Addr::LOCALHOST));
        }
        (command, "INFO CIG listens on")
    } else {
        let mut command = Program::guarded(artefacts::workerd()?);
        command
            .arg("serve")
            .arg(worker)
            .arg("--verbose")
            // It reports its port on standard output.
            .arg("--control-fd=1")
            .arg(format!("--socket-addr=http={}:{port}", Ipv4Addr::LOCALHOST))
            .arg(format!("--directory-path=data={}", path("objects").display()))
            .arg(format!("--directory-path=site={}", site.display()));
        (command, r#""event":"listen""#)
    };
    // The environment of the shell must not reach the settings of the Worker.
    command.env_clear().env("PATH", "/usr/bin:/bin");
    command
        .env("PUBLIC_ORIGIN", origin(port))
        .env("ISSUERS", options.issuers.to_string())
        .env("TICKET_KEY", "a key that only tests would ever use");
    if let Some(clock) = &options.clock {
        command.env("TEST_CLOCK", clock);
    }
    for (name, value) in &options.bindings {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let log = path("edge.log");
    let before = fs::read(&log).map_or(0, |written| written.len());
    let mut program = Program::start(command, &log)?;
    wait::until_started("the edge listens", async || {
        let written = program.written();
        let written = written.get(before..).unwrap_or_default();
        if written.contains(listens) {
            return Some(Ok(()));
        }
        let status = program.ended()?;
        if written.contains("already in use") {
            return Some(Err(Start::PortLost));
        }
        let words = format!("the edge ended by itself ({status}):\n{written}");
        Some(Err(Start::Failed(Error::new(words))))
    })
    .await??;
    Ok(program)
}

/// The number under which the shells before the program know a held socket; the guard has the one that systemd gives it.
const HELD_SOCKET: i32 = 9;
/// Hands the socket over as systemd does (`sd_listen_fds(3)`).
const EXEC_WITH_SOCKET: &str = r#"LISTEN_PID=$$ LISTEN_FDS=1 exec "$@" 3<&9 9<&-"#;

/// A port that is free now.
pub(crate) fn free_port() -> Result<u16, Error> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .while_doing("looking for a free port")
        .and_then(|listener| port_of(&listener))
}

fn port_of(socket: &TcpListener) -> Result<u16, Error> {
    socket.local_addr().map(|address| address.port()).while_doing("reading the port of a socket")
}

fn origin(port: u16) -> String {
    format!("http://{}:{port}", Ipv4Addr::LOCALHOST)
}
