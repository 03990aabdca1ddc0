// SPDX-License-Identifier: EUPL-1.2
//! `infocig serve`: runs the service on one machine. The start fails with the reason, the end finishes running requests.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use clap::Args;
use listenfd::ListenFd;
use rlimit::Resource;

use crate::cluster::Cluster;
use crate::environment::{Environment, POLICY};
use crate::folder::{Folder, Truth};
use crate::runtime::{Plan, Runtime};
use crate::{Error, While, log};

/// Run the service on this machine until SIGTERM or Ctrl-C
///
/// Settings come from the environment, or from the files that `NAME_FILE` names for each `NAME`. The start fails with a sentence where another process runs on the folder of data, where
/// too few descriptors are allowed, and where a setting cannot be used. On SIGTERM every connection is told to
/// reconnect, running requests are finished, and the process ends within seconds. A runtime that crashes is restarted.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The program workerd
    #[arg(long, value_name = "PROGRAM")]
    workerd: PathBuf,
    /// The folder of the built Worker
    #[arg(long, value_name = "FOLDER")]
    edge: PathBuf,
    /// The folder of the files visitors download
    #[arg(long, value_name = "FOLDER")]
    site: PathBuf,
    /// The folder of data; it is created if it does not exist
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// A policy document, of any size, in the place of the one beside the Worker; left out: `POLICY`, `POLICY_FILE`, or that one
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Run as one node of a cluster whose objects are in a bucket (experimental): the JSON document that describes this node
    #[arg(long, value_name = "FILE")]
    cluster: Option<PathBuf>,
    /// The address to listen on; left out: the socket that systemd hands over, or 127.0.0.1:8787
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
}

impl Serve {
    pub(crate) fn run(self) -> Result<(), Error> {
        let environment = Environment::read(self.policy.as_deref())?;
        let stop = signals()?;
        let descriptors = enough_descriptors()?;
        let cluster = self.cluster.as_deref().map(Cluster::read).transpose()?;
        let truth = if cluster.is_some() { Truth::InBucket } else { Truth::Here };
        let folder = Folder::take(&self.data, truth)?;
        let listener = listener(self.listen)?;
        let address = listener.local_addr().while_doing("listening")?;
        let node = cluster.map(|cluster| cluster.literals()).transpose()?;
        let worker = match (environment.value(POLICY), node.as_deref()) {
            (None, None) => self.edge,
            (policy, node) => folder.worker_with(&self.edge, policy, node)?,
        };
        let plan = Plan { workerd: self.workerd, worker, site: self.site, environment, folder, listener };

        let mut runtime = plan.start()?;
        if let Err(error) = plan.wait_until_ready(&mut runtime) {
            runtime.end()?;
            return Err(error);
        }
        log(format_args!("✓ INFO CIG listens on http://{address} ({descriptors} descriptors)"));
        look_after(&plan, runtime, &stop)
    }
}

/// The socket that systemd holds for the service (`infocig.socket`), which stays open over a restart; else one of its own.
fn listener(address: Option<SocketAddr>) -> Result<TcpListener, Error> {
    let handed =
        ListenFd::from_env().take_tcp_listener(0).while_doing("taking the socket that was handed over")?;
    match (handed, address) {
        (Some(_), Some(_)) => {
            let sentence = "--listen is given, and a socket is handed over (LISTEN_FDS): remove one";
            Err(Error::Usage(sentence.into()))
        }
        (Some(handed), None) => Ok(handed),
        (None, address) => {
            let address = address.unwrap_or(USUAL_ADDRESS);
            TcpListener::bind(address).while_doing(format_args!("listening on {address}"))
        }
    }
}

/// A channel that receives SIGTERM, SIGINT and SIGHUP.
fn signals() -> Result<Receiver<()>, Error> {
    let (signal, signals) = mpsc::channel();
    let handler = move || {
        // Sending fails only while the process ends.
        let _ended = signal.send(());
    };
    ctrlc::set_handler(handler).while_doing("listening to signals")?;
    Ok(signals)
}

/// Raises the limit of descriptors to the allowed maximum. A runtime that runs out of descriptors ends itself.
fn enough_descriptors() -> Result<u64, Error> {
    let most = most_descriptors()?;
    let raised = most.min(DESCRIPTORS_WANTED);
    rlimit::setrlimit(Resource::NOFILE, raised, most).while_doing("raising the limit of descriptors")?;
    Ok(raised)
}

/// The hard limit of descriptors, if the service can do with it.
pub(crate) fn most_descriptors() -> Result<u64, Error> {
    let (_, most) = rlimit::getrlimit(Resource::NOFILE).while_doing("reading the limit of descriptors")?;
    if most < DESCRIPTORS_NEEDED {
        return Err(Error::new(format!(
            "this process may open {most} descriptors, and the service needs {DESCRIPTORS_NEEDED}: a conversation takes five. \
             Raise the hard limit (LimitNOFILE= of systemd, --ulimit nofile= of a container, ulimit -Hn of a shell)"
        )));
    }
    Ok(most)
}

/// Restarts the runtime whenever it ends, until a signal arrives.
fn look_after(plan: &Plan, mut runtime: Runtime, stop: &Receiver<()>) -> Result<(), Error> {
    let mut failures: Vec<Instant> = Vec::new();
    loop {
        match stop.recv_timeout(LOOK_EVERY) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => {
                let asked = Instant::now();
                log("ending: every link is told to come back");
                runtime.end()?;
                log(format_args!("✓ ended after {:.1} s", asked.elapsed().as_secs_f64()));
                return Ok(());
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        let Some(status) = runtime.ended()? else { continue };
        failures.retain(|failure| failure.elapsed() < A_WHILE);
        failures.push(Instant::now());
        let is_in_cluster = plan.folder.truth() == Truth::InBucket;
        if failures.len() > MOST_FAILURES && !is_in_cluster {
            return Err(Error::new(format!("the runtime ends again and again ({status})")));
        }
        log(format_args!("the runtime ended by itself ({status}): it is started anew"));
        // Without its bucket a node cannot start. It goes on trying: given up, it would be one less when the bucket is back.
        if is_in_cluster && !matches!(stop.recv_timeout(TRY_AGAIN_AFTER), Err(RecvTimeoutError::Timeout)) {
            return Ok(());
        }
        runtime = plan.start()?;
    }
}

const USUAL_ADDRESS: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 8787));
/// Enough for two hundred conversations and as many unauthenticated connections.
const DESCRIPTORS_NEEDED: u64 = 4_096;
/// A higher limit costs tables without use: this is ten times the ports of one address.
const DESCRIPTORS_WANTED: u64 = 655_360;
const LOOK_EVERY: Duration = Duration::from_millis(100);
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);
const A_WHILE: Duration = Duration::from_mins(1);
const MOST_FAILURES: usize = 10;
