// SPDX-License-Identifier: EUPL-1.2
//! The process that runs the Worker: workerd, which inherits the listening socket and the lock of its folder.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use command_fds::{CommandFdExt, FdMapping};
use infocig_protocol::problem::Code;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::environment::Environment;
use crate::folder::{Folder, Truth};
use crate::{Error, While, log};

/// The parameters of the runtime.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The program.
    pub(crate) workerd: PathBuf,
    /// The folder of the built Worker, with its configurations.
    pub(crate) worker: PathBuf,
    /// The files visitors download.
    pub(crate) site: PathBuf,
    /// The settings.
    pub(crate) environment: Environment,
    /// The folder of data.
    pub(crate) folder: Folder,
    /// The listening socket. This program holds it, so that connections wait instead of being refused while the runtime restarts.
    pub(crate) listener: TcpListener,
}

/// A running runtime.
#[derive(Debug)]
pub(crate) struct Runtime {
    child: Child,
    runner: PathBuf,
    finish_within: Duration,
}

impl Plan {
    /// Starts the runtime; it may not be ready yet.
    pub(crate) fn start(&self) -> Result<Runtime, Error> {
        let doing = || format!("starting {}", self.workerd.display());
        let runner = self.folder.runner();
        match fs::remove_file(&runner) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).while_doing(format_args!("removing {}", runner.display()));
            }
            Ok(()) | Err(_) => {}
        }
        let listener = OwnedFd::from(self.listener.try_clone().while_doing(doing())?);
        let lock = OwnedFd::from(self.folder.lock()?);
        let mut command = Command::new(&self.workerd);
        command.arg("serve");
        match self.folder.truth() {
            Truth::Here => command.arg(self.worker.join("served.capnp")),
            Truth::InBucket => command.arg("--experimental").arg(self.worker.join("cluster.capnp")),
        };
        command.arg(format!("--socket-fd=http={LISTENER_FD}"));
        command.arg(format!("--socket-addr=runner=unix:{}", runner.display()));
        command.arg(format!("--directory-path=data={}", self.folder.objects().display()));
        command.arg(format!("--directory-path=site={}", self.site.display()));
        self.environment.hand_to(&mut command);
        // Names of descriptors of this program, not of that one.
        command.env_remove("LISTEN_PID").env_remove("LISTEN_FDS").env_remove("LISTEN_FDNAMES");
        let mappings = vec![
            FdMapping { parent_fd: listener, child_fd: LISTENER_FD },
            FdMapping { parent_fd: lock, child_fd: LISTENER_FD + 1 },
        ];
        command.fd_mappings(mappings).while_doing(doing())?;
        let child = command.spawn().while_doing(doing())?;
        let finish_within = match self.folder.truth() {
            Truth::Here => FINISH_WITHIN,
            Truth::InBucket => HAND_OVER_WITHIN,
        };
        Ok(Runtime { child, runner, finish_within })
    }

    /// Waits until the service reports that it is ready. The error is the sentence of the service, if it has one.
    pub(crate) fn wait_until_ready(&self, runtime: &mut Runtime) -> Result<(), Error> {
        let began = Instant::now();
        let is_in_cluster = self.folder.truth() == Truth::InBucket;
        let ready_within = if is_in_cluster { READY_IN_CLUSTER_WITHIN } else { READY_WITHIN };
        let mut last = None;
        while began.elapsed() < ready_within {
            if let Some(status) = runtime.ended()? {
                return Err(Error::new(format!("the runtime ended while it started ({status})")));
            }
            match self.health() {
                Ok(Health::Ready) => return Ok(()),
                // Another node may have died as the owner of the row that readiness is measured by: its lease has to expire.
                Ok(Health::Unready { why, is_misconfigured: false }) if is_in_cluster => {
                    last = Some(why);
                    thread::sleep(LOOK_EVERY);
                }
                Ok(Health::Unready { why, .. }) => return Err(Error::new(why)),
                // Not listening yet.
                Err(_) => thread::sleep(LOOK_EVERY),
            }
        }
        let last = last.map(|why| format!(": {why}")).unwrap_or_default();
        Err(Error::new(format!("the service was not ready within {} s{last}", ready_within.as_secs())))
    }

    fn health(&self) -> io::Result<Health> {
        let mut address = self.listener.local_addr()?;
        if address.ip().is_unspecified() {
            address = SocketAddr::from((Ipv4Addr::LOCALHOST, address.port()));
        }
        let stream = TcpStream::connect_timeout(&address, ANSWER_WITHIN)?;
        stream.set_read_timeout(Some(ANSWER_WITHIN))?;
        let (status, body) = ask(stream, "GET", "/readyz?check=storage")?;
        if status == 200 {
            return Ok(Health::Ready);
        }
        let problem: Value = serde_json::from_str(&body).unwrap_or_default();
        let is_misconfigured = problem["code"] == Code::Misconfigured.as_str();
        Ok(Health::Unready { why: reason_in(&body), is_misconfigured })
    }
}

enum Health {
    Ready,
    Unready { why: String, is_misconfigured: bool },
}

impl Runtime {
    /// Its status, if it has ended.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>, Error> {
        self.child.try_wait().while_doing("looking after the runtime")
    }

    /// Ends it: every connection is told to reconnect, polls are answered, running requests are finished; then the rest is cut off.
    /// No acknowledged message is lost, because it was stored before the acknowledgement.
    pub(crate) fn end(mut self) -> Result<(), Error> {
        if let Err(error) = self.tell_to_part() {
            log(format_args!("the service was not told that it ends, its links are cut off: {error}"));
        }
        if self.ended()?.is_some() {
            return Ok(());
        }
        let process = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(process) = process {
            // A process that has ended needs no signal.
            let _gone = kill_process(process, Signal::TERM);
        }
        let asked = Instant::now();
        while asked.elapsed() < self.finish_within {
            if self.ended()?.is_some() {
                return Ok(());
            }
            thread::sleep(LOOK_EVERY);
        }
        self.child.kill().while_doing("ending the runtime")?;
        self.child.wait().while_doing("waiting for the end of the runtime")?;
        Ok(())
    }

    fn tell_to_part(&self) -> io::Result<()> {
        let stream = UnixStream::connect(&self.runner)?;
        stream.set_read_timeout(Some(PART_WITHIN))?;
        match ask(stream, "POST", "/end")? {
            (204, _) => Ok(()),
            (status, body) => Err(io::Error::other(format!("it answered {status} {body}"))),
        }
    }
}

/// Sends a request without a body and reads the answer to its end.
fn ask(mut stream: impl Read + Write, method: &str, path: &str) -> io::Result<(u16, String)> {
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.take(MOST_OF_AN_ANSWER).read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no answer of HTTP"))?;
    Ok((status, body.to_owned()))
}

/// What failed, and what to do, of a document of readiness; the `detail` of a problem document; or the whole body.
fn reason_in(body: &str) -> String {
    let document: Value = serde_json::from_str(body).unwrap_or_default();
    let checks = document["checks"].as_array().map(Vec::as_slice).unwrap_or_default();
    if let Some(check) = checks.iter().find(|check| check["state"] != "ok") {
        let words = ["found", "do"].into_iter().filter_map(|member| check[member].as_str());
        return words.collect::<Vec<_>>().join(": ");
    }
    document["detail"].as_str().unwrap_or(body.trim()).to_owned()
}

/// Descriptors up to this number are standard input, output and error.
const LISTENER_FD: i32 = 3;
const LOOK_EVERY: Duration = Duration::from_millis(50);
const READY_WITHIN: Duration = Duration::from_secs(30);
/// The lease of a dead node is 20 seconds.
const READY_IN_CLUSTER_WITHIN: Duration = Duration::from_mins(1);
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// The time limit to notify every connection. With the next one it stays below the ten seconds that a container gets to end.
const PART_WITHIN: Duration = Duration::from_secs(5);
/// The time limit of running requests, which take less.
const FINISH_WITHIN: Duration = Duration::from_secs(2);
/// The time limit of a node of a cluster, which hands its objects over: `stopTimeoutMs` of workerd.capnp is 8 s, of which it
/// accepts requests for 5.
const HAND_OVER_WITHIN: Duration = Duration::from_secs(9);
const MOST_OF_AN_ANSWER: u64 = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_and_a_check_that_failed_say_their_sentence() {
        let problem =
            r#"{"type":"x","detail":"settings: ISSUERS \"a\" is there twice","code":"misconfigured"}"#;
        assert_eq!(reason_in(problem), "settings: ISSUERS \"a\" is there twice");
        let unready = r#"{"status":"not-ready","checks":[{"check":"process","state":"ok","found":"runs"},
            {"check":"storage","state":"failed","code":"not-storing","found":"no row","do":"make room"}]}"#;
        assert_eq!(reason_in(unready), "no row: make room");
        assert_eq!(reason_in("Bad gateway\n"), "Bad gateway");
    }
}
