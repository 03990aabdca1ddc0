// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask demo`: the whole service on this machine, with a stand-in for INPS, until Ctrl-C.
//!
//! Two servers on two origins, as in production: the edge, which is `workerd` with the demo's Worker, and the stand-in,
//! which has the portal pages, signs people in and signs their tokens. The clock of the edge is set to a working
//! afternoon, because the service is closed at any other time. Where coturn is installed, a relay of calls runs beside them.

mod relay;

use std::fmt::Display;
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command as Program;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use clap::{Args, value_parser};
use jiff::Timestamp;
use serde_json::json;

use crate::build::{self, Edge, Quality};
use crate::guard::Server;
use crate::plan::{self, Step};
use crate::process::{Failure, OrFail, answer, cargo, print_line};
use crate::workspace::Workspace;

use self::relay::Relay;

/// Run the whole service on this machine, with a stand-in for INPS, until Ctrl-C
///
/// Installs what is missing, builds and starts two servers: the edge and a stand-in for INPS with its portal pages. Prints their
/// addresses and runs until Ctrl-C. Conversations stay in the data folder.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Run what ships, optimised for size and speed; that takes minutes more to build
    #[arg(long)]
    release: bool,
    /// Where the edge listens
    #[arg(long, value_name = "PORT", default_value_t = 8787, value_parser = value_parser!(u16).range(1..))]
    edge_port: u16,
    /// Where the stand-in listens
    #[arg(long, value_name = "PORT", default_value_t = 8788, value_parser = value_parser!(u16).range(1..))]
    portal_port: u16,
    /// Where the relay of calls listens, if coturn is installed
    #[arg(long, value_name = "PORT", default_value_t = 8789, value_parser = value_parser!(u16).range(1..))]
    relay_port: u16,
    /// The folder of the conversations [default: target/demo-data]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The instant the edge starts at, RFC 3339 with its offset; by default a Monday afternoon
    #[arg(long, value_name = "INSTANT", default_value = A_WORKING_AFTERNOON, value_parser = instant)]
    at: String,
}

impl Demo {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<(), Failure> {
        let settings = self.settings(workspace)?;
        run_until_stopped(workspace, &settings)
    }

    fn settings(&self, workspace: &Workspace) -> Result<Settings, Failure> {
        if self.edge_port == self.portal_port {
            return Err(Failure::Usage(format!("{EDGE_PORT} and {PORTAL_PORT} are both {}", self.edge_port)));
        }
        let data = match &self.data {
            Some(folder) => {
                std::path::absolute(folder).or_fail(format_args!("reading `--data {}`", folder.display()))?
            }
            None => workspace.target("demo-data"),
        };
        let quality = if self.release { Quality::Release } else { Quality::Quick };
        let (edge_port, portal_port, relay_port) = (self.edge_port, self.portal_port, self.relay_port);
        Ok(Settings { quality, edge_port, portal_port, relay_port, data, at: self.at.clone() })
    }
}

/// Everything the demo needs, from the tools to the two servers.
fn steps(workspace: &Workspace, quality: Quality) -> Vec<Step<'_>> {
    let mut steps = build::steps(workspace, quality, &[Edge::Demo]);
    // Last in the list, so that it runs beside the long compilation to WebAssembly.
    steps.push(Step::new("compile the stand-in for INPS", 70, |log| {
        log.run(cargo(workspace.root(), "build").args(["-p", "infocig-demo"]))
    }));
    steps
}

const EDGE_PORT: &str = "--edge-port";
const PORTAL_PORT: &str = "--portal-port";

const A_WORKING_AFTERNOON: &str = "2026-11-23T15:20:00+01:00";
const READY_WITHIN: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(200);

#[derive(Debug)]
struct Settings {
    quality: Quality,
    edge_port: u16,
    portal_port: u16,
    relay_port: u16,
    data: PathBuf,
    at: String,
}

impl Settings {
    fn edge(&self) -> String {
        origin(self.edge_port)
    }

    fn portal(&self) -> String {
        origin(self.portal_port)
    }
}

fn run_until_stopped(workspace: &Workspace, settings: &Settings) -> Result<(), Failure> {
    require_free(EDGE_PORT, settings.edge_port)?;
    require_free(PORTAL_PORT, settings.portal_port)?;
    if settings.quality == Quality::Quick {
        print_line(
            "This is the quick build: the same product, optimised little. `cargo xtask demo --release` runs what ships.",
        );
    }
    plan::run(workspace, steps(workspace, settings.quality)).1?;

    let objects = settings.data.join("objects");
    fs::create_dir_all(&objects).or_fail(format_args!("creating {}", objects.display()))?;
    let key = kept_key(&settings.data.join("ticket.key"))?;
    let client_key = settings.data.join("linea-inps.key");
    let linea_inps = linea_inps(workspace, settings, &client_key)?;

    let (stop, stopped) = mpsc::channel();
    ctrlc::set_handler(move || {
        // Sending fails only after the receiver was dropped, when the command is ending.
        let _ = stop.send(());
    })
    .or_fail("listening for Ctrl-C")?;
    let relay = Relay::found(settings.relay_port, &kept_key(&settings.data.join("relay.key"))?);
    let mut edge = edge_program(workspace, settings, &objects, &key, &linea_inps)?;
    if let Some(relay) = &relay {
        edge.env("TURN", relay.setting()).env("POLICY", Relay::policy(&workspace.path("edge/policy.json"))?);
    }
    let portal = portal_program(workspace, settings, &client_key);
    let mut running = Running {
        servers: vec![
            Server::start("the edge", &edge, settings.data.join("edge.log"))?,
            Server::start("the stand-in", &portal, settings.data.join("portal.log"))?,
        ],
        stopped,
    };
    if let Some(relay) = &relay {
        running.servers.push(relay.start(&settings.data)?);
    }
    if running.until_ready([settings.edge_port, settings.portal_port])? {
        answer(addresses(settings, relay.is_some()));
        running.until_stopped()?;
    }
    print_line("\nEnding the servers.");
    Ok(())
}

/// The servers. Dropping it ends them together.
struct Running {
    servers: Vec<Server>,
    stopped: Receiver<()>,
}

impl Running {
    /// Waits until every port answers. Returns false if Ctrl-C came first.
    fn until_ready(&mut self, ports: [u16; 2]) -> Result<bool, Failure> {
        let deadline = Instant::now() + READY_WITHIN;
        for (number, port) in ports.into_iter().enumerate() {
            while !answers(port) {
                if self.pause()? {
                    return Ok(false);
                }
                if Instant::now() > deadline {
                    let slow = &self.servers[number];
                    return Err(Failure::Step(format!(
                        "{} does not answer {}/healthz after {} s\n{}",
                        slow.name(),
                        origin(port),
                        READY_WITHIN.as_secs(),
                        slow.last_lines()
                    )));
                }
            }
        }
        Ok(true)
    }

    fn until_stopped(&mut self) -> Result<(), Failure> {
        while !self.pause()? {}
        Ok(())
    }

    /// Waits a moment. Returns true after Ctrl-C, and a failure if a server has ended by itself.
    fn pause(&mut self) -> Result<bool, Failure> {
        for server in &mut self.servers {
            server.check()?;
        }
        Ok(self.stopped.recv_timeout(LOOK_EVERY).is_ok())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for server in &mut self.servers {
            server.let_go();
        }
    }
}

fn edge_program(
    workspace: &Workspace,
    settings: &Settings,
    objects: &Path,
    key: &str,
    linea_inps: &str,
) -> Result<Program, Failure> {
    let portal = settings.portal();
    let issuers = json!([{
        "issuer": portal,
        "jwks_uri": format!("{portal}/.well-known/jwks.json"),
        "roles": ["citizen", "advisor"],
        "origins": [portal],
    }]);
    let mut program = Program::new(workspace.workerd()?);
    program.arg("serve").arg(settings.quality.demo_edge(workspace).join("workerd.capnp"));
    program.arg(format!("--socket-addr=http=127.0.0.1:{}", settings.edge_port));
    program.arg(format!("--directory-path=data={}", objects.display()));
    program.arg(format!("--directory-path=site={}", settings.quality.site(workspace).display()));
    program.env("PUBLIC_ORIGIN", settings.edge()).env("ISSUERS", issuers.to_string());
    program.env("TICKET_KEY", key).env("TEST_CLOCK", &settings.at).env("LINEA_INPS", linea_inps);
    Ok(program)
}

/// The edge's setting `LINEA_INPS`, with the private key in `file`, which is made if it does not exist.
fn linea_inps(workspace: &Workspace, settings: &Settings, file: &Path) -> Result<String, Failure> {
    let mut program = Program::new(workspace.target("debug/infocig-demo"));
    program.arg("client-key").arg(file).arg("--origin").arg(settings.portal());
    let output = program.output().or_fail("making the key for Linea INPS")?;
    if !output.status.success() {
        let wrong = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::Step(format!("making the key for Linea INPS\n{}", wrong.trim_end())));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

fn portal_program(workspace: &Workspace, settings: &Settings, client_key: &Path) -> Program {
    let mut program = Program::new(workspace.target("debug/infocig-demo"));
    program.arg("--listen").arg(format!("127.0.0.1:{}", settings.portal_port));
    program.arg("--edge").arg(settings.edge());
    program.arg("--portal-dir").arg(workspace.path("public/portal"));
    program.arg("--client-key").arg(client_key.with_extension("key.pub"));
    program
}

fn addresses(settings: &Settings, has_calls: bool) -> String {
    let (edge, portal) = (settings.edge(), settings.portal());
    let rows = [
        (format!("{portal}/"), "the stand-in's front page: choose who you are"),
        (format!("{portal}/myinps"), "MyINPS, where a worker finds the chat"),
        (format!("{portal}/cassetto"), "Cassetto previdenziale, where a company or its adviser finds it"),
        (format!("{portal}/standalone"), "the chat on a page of its own"),
        (
            format!("{portal}/console"),
            "the console of the staff: sign in there as an advisor, the supervisor or an administrator, in another tab",
        ),
        (format!("{portal}/linea-inps"), "Linea INPS: what the offices receive, and how it fails"),
        (format!("{edge}/healthz"), "the edge: the service itself, on another origin"),
    ];
    let width = rows.iter().map(|(address, _)| address.len()).max().unwrap_or_default();
    let mut lines = vec![format!("\nINFO CIG is up. Its clock started at {}.\n", settings.at)];
    lines.extend(rows.iter().map(|(address, about)| format!("  {address:<width$}  {about}")));
    lines.push(if has_calls {
        "\nAn advisor can offer a call by voice: coturn relays it.".to_owned()
    } else {
        format!("\n{}", relay::HOW_TO_INSTALL)
    });
    lines.push(format!("Conversations, keys and logs are in {}.", settings.data.display()));
    lines.push("Ctrl-C ends everything.".to_owned());
    lines.join("\n")
}

fn origin(port: impl Display) -> String {
    format!("http://127.0.0.1:{port}")
}

fn require_free(flag: &str, port: u16) -> Result<(), Failure> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) => {
            Err(Failure::Step(format!("port {port} cannot be used ({error}); choose another with {flag}")))
        }
    }
}

/// A random key: the one of tickets, or of the relay. It is kept between runs, so that open pages stay valid.
fn kept_key(file: &Path) -> Result<String, Failure> {
    if let Ok(kept) = fs::read_to_string(file)
        && kept.len() == 64
        && kept.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return Ok(kept);
    }
    let mut random = [0_u8; 32];
    let mut source = fs::File::open("/dev/urandom").or_fail("opening the system's randomness")?;
    source.read_exact(&mut random).or_fail("reading the system's randomness")?;
    let key = random.map(|byte| format!("{byte:02x}")).concat();

    let writing = || format!("writing {}", file.display());
    // An existing file would keep its permissions.
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error).or_fail(writing()),
        _ => {}
    }
    let mut open =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).or_fail(writing())?;
    open.write_all(key.as_bytes()).or_fail(writing())?;
    Ok(key)
}

/// Whether `GET /healthz` answers 200.
fn answers(port: u16) -> bool {
    health(port).is_ok_and(|status| status == "200")
}

fn health(port: u16) -> io::Result<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let patience = Duration::from_secs(2);
    let mut stream = TcpStream::connect_timeout(&address, patience)?;
    stream.set_read_timeout(Some(patience))?;
    // One write: a server that answers after the first packet would reset the connection over an unread second one.
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut start = [0_u8; 12];
    stream.read_exact(&mut start)?;
    let start = String::from_utf8_lossy(&start);
    Ok(start.split(' ').nth(1).unwrap_or_default().to_owned())
}

/// Checks an instant with its offset. The text goes to the edge unchanged.
fn instant(text: &str) -> Result<String, String> {
    let read = text.parse::<Timestamp>();
    read.map(|_| text.to_owned()).map_err(|_| {
        format!("not an instant with its offset, like {A_WORKING_AFTERNOON} or 2026-11-23T14:20:00Z")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::os::unix::fs::PermissionsExt;
    use std::thread;

    use crate::read;
    use crate::tools;

    #[test]
    fn the_demo_needs_no_program_that_only_tests_and_releases_need() {
        let workspace = Workspace::of_this_program().unwrap();

        let steps: Vec<&str> = steps(&workspace, Quality::Quick).iter().map(Step::name).collect();

        let needed = [
            tools::WASM_TARGET,
            tools::RUNTIME_PACKAGES,
            "compile the quick widget, console and edge",
            build::QUICK_EDGE,
            "make the quick widget's files",
            "make the quick console's files",
            "make the quick files of calls",
            build::QUICK_SITE,
            "compile the stand-in for INPS",
        ];
        assert_eq!(steps, needed);
    }

    #[test]
    fn wrong_values_are_refused_with_the_right_format() {
        let refused = |words: &[&str]| read::<Demo>(words).unwrap_err();

        assert!(refused(&["--edge-port", "0"]).contains("1..=65535"));
        assert!(refused(&["--portal-port=http"]).contains("--portal-port"));
        for wrong in
            ["now", "2021-05-10", "2021-05-10T09:00:00", "2021-13-10T09:00:00Z", "2021-05-10T09:00:00Zulu"]
        {
            assert!(refused(&["--at", wrong]).contains("like 2026-11-23T15:20:00+01:00"), "{wrong}");
        }
        let demo: Demo = read(&["--at", "2021-05-10T09:00:00Z", "--edge-port", "8788"]).unwrap();
        let same_port = demo.settings(&Workspace::of_this_program().unwrap());
        assert!(matches!(same_port, Err(Failure::Usage(message)) if message.contains("are both 8788")));
    }

    #[test]
    fn a_taken_port_is_reported_with_the_flag_that_changes_it() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();

        let refused = require_free(EDGE_PORT, port);

        let Err(Failure::Step(message)) = refused else { panic!("not refused") };
        assert!(message.contains(&port.to_string()) && message.contains("--edge-port"), "{message}");
    }

    #[test]
    fn a_key_is_secret_and_stays_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ticket.key");

        let first = kept_key(&file).unwrap();
        let second = kept_key(&file).unwrap();

        assert_eq!(first, second);
        assert_eq!(first.len(), 64);
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_spoilt_key_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ticket.key");
        fs::write(&file, "not a key").unwrap();

        let key = kept_key(&file).unwrap();

        assert_eq!(key, fs::read_to_string(&file).unwrap());
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn only_200_means_ready() {
        assert!(answers(answering("HTTP/1.1 200 OK\r\n\r\n")));
        assert!(!answers(answering("HTTP/1.1 503 Service Unavailable\r\n\r\n")));
        assert!(!answers(answering("")));
    }

    fn answering(response: &'static str) -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0_u8; 1024];
            let _ = stream.read(&mut request).unwrap();
            stream.write_all(response.as_bytes()).unwrap();
        });
        port
    }
}
