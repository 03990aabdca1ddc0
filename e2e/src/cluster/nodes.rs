// SPDX-License-Identifier: EUPL-1.2
//! The parts around two nodes: the bucket they share, and the balancer that divides connections between them.

use std::{
    fs,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::Client;
use serde_json::json;
use tempfile::TempDir;
use tokio::{task::JoinHandle, time::sleep};

use crate::{
    artefacts,
    edge::{Edge, EdgeOptions, USUAL_LIMITS, free_port},
    error::{Error, While},
    program::Program,
    proxy::Proxy,
    wait,
};

/// A stand-in of S3 with one empty bucket, and the way to it. Dropping it ends it.
pub(super) struct Bucket {
    pub(super) way: Proxy,
    program: Program,
    // Last, because the program writes here.
    folder: TempDir,
}

impl Bucket {
    pub(super) async fn start() -> Result<Self, Error> {
        let folder = tempfile::tempdir().while_doing("making a folder for a bucket")?;
        let port = free_port()?;
        let mut command = Program::guarded(artefacts::s3()?);
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        command.env_clear().env("PATH", "/usr/bin:/bin");
        let program = Program::start(command, &folder.path().join("bucket.log"))?;
        let http = client()?;
        wait::until_started("the stand-in of S3", async || {
            let made = http.put(format!("http://{}:{port}/{NAME}", Ipv4Addr::LOCALHOST)).send().await;
            made.is_ok_and(|made| made.status().is_success()).then_some(())
        })
        .await?;
        Ok(Self { way: Proxy::start(port).await?, program, folder })
    }

    /// How many requests it has answered.
    pub(super) fn requests(&self) -> usize {
        self.program.written().matches("HTTP/1.1").count()
    }

    /// Writes the description of a node whose peers reach it at this port.
    fn describe(&self, peers: u16) -> Result<PathBuf, Error> {
        let path = |name: &str| self.folder.path().join(name);
        let write = |name: &str, text: &str| fs::write(path(name), text).while_doing("describing a node");
        write("key", "a key that only tests would ever share\n")?;
        write("credentials", "AWS_ACCESS_KEY_ID=any\nAWS_SECRET_ACCESS_KEY=any\n")?;
        let node = json!({
            "bucket": format!("s3://{NAME}/live"),
            "endpoint": self.way.url(),
            "region": "us-east-1",
            "credentials_file": "credentials",
            "address": format!("{}:{peers}", Ipv4Addr::LOCALHOST),
            "key_file": "key",
        });
        let name = format!("node-{peers}.json");
        write(&name, &node.to_string())?;
        Ok(path(&name))
    }
}

/// One node.
pub(super) struct Node {
    pub(super) edge: Edge,
    peers: u16,
}

impl Node {
    /// Starts a node whose origin is that of the balancer before it.
    pub(super) async fn start(
        bucket: &Bucket,
        options: EdgeOptions,
        balancer: &Balancer,
    ) -> Result<Self, Error> {
        let peers = free_port()?;
        let mut options =
            EdgeOptions { served: Some(USUAL_LIMITS), cluster: Some(bucket.describe(peers)?), ..options };
        options.bindings.push(("PUBLIC_ORIGIN", Some(balancer.proxy.url())));
        Ok(Self { edge: Edge::start(options).await?, peers })
    }

    /// Whether it ever had an object of a class on its disk.
    pub(super) fn has(&self, class: &str) -> bool {
        objects(&self.edge.folder().join("cluster").join(class)) > 0
    }
}

/// The databases of objects in the folder of a class.
fn objects(folder: &Path) -> usize {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = files.filter_map(|file| file.file_name().into_string().ok());
    names.filter(|name| name.ends_with(".sqlite") && name != "metadata.sqlite").count()
}

/// Divides new connections between the nodes that say that they are ready, in turn, as a load balancer with a health check does.
pub(super) struct Balancer {
    pub(super) proxy: Arc<Proxy>,
    tasks: Vec<JoinHandle<()>>,
}

impl Balancer {
    /// A balancer before any node.
    pub(super) async fn announce() -> Result<Self, Error> {
        Ok(Self { proxy: Arc::new(Proxy::announce().await?), tasks: Vec::new() })
    }

    /// Leads to these nodes from now on.
    pub(super) fn lead_to(&mut self, nodes: &[&Node]) -> Result<(), Error> {
        self.stop();
        let http = client()?;
        let mut behind = Vec::new();
        for node in nodes {
            // It was just started.
            let ready = Arc::new(AtomicBool::new(true));
            behind.push((node.edge.port(), Arc::clone(&ready)));
            let url = format!("http://{}:{}/ready", Ipv4Addr::LOCALHOST, node.peers);
            let http = http.clone();
            self.tasks.push(tokio::spawn(async move {
                loop {
                    let answer = http.get(&url).timeout(ASK_EVERY).send().await;
                    let is_ready = answer.is_ok_and(|answer| answer.status().is_success());
                    ready.store(is_ready, Ordering::Relaxed);
                    sleep(ASK_EVERY).await;
                }
            }));
        }
        if let Some((port, _)) = behind.first() {
            self.proxy.lead_to(*port);
        }
        let proxy = Arc::clone(&self.proxy);
        self.tasks.push(tokio::spawn(async move {
            for (port, ready) in behind.iter().cycle() {
                if ready.load(Ordering::Relaxed) {
                    proxy.lead_to(*port);
                }
                sleep(TURN).await;
            }
        }));
        Ok(())
    }

    fn stop(&mut self) {
        for task in self.tasks.drain(..) {
            task.abort();
        }
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn client() -> Result<Client, Error> {
    Client::builder().no_proxy().build().while_doing("making an HTTP client")
}

const NAME: &str = "info-cig";
const ASK_EVERY: Duration = Duration::from_millis(250);
const TURN: Duration = Duration::from_millis(10);
