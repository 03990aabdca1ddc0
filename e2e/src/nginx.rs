// SPDX-License-Identifier: EUPL-1.2
//! nginx in front of an edge: as `docs/deployment.md` configures it, with TLS, and as it is without a word of configuration.

use std::{fs, net::Ipv4Addr, path::Path, process::Command};

use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::{
    edge::{Edge, free_port},
    error::{Error, While},
    program::Program,
    wait,
};

/// A configuration of nginx.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Configuration {
    /// The block of `docs/deployment.md`, to the letter but for addresses and files.
    Documented,
    /// `proxy_pass` and nothing else: HTTP/1.0 towards the service, no upgrades, buffers, a minute of patience.
    Defaults,
}

/// A port that nginx will listen on.
#[derive(Debug)]
pub struct Announced {
    configuration: Configuration,
    port: u16,
}

/// A running nginx. Dropping it kills it and deletes its folder.
#[derive(Debug)]
pub struct Nginx {
    _program: Program,
    // Last, because fields are dropped in order and the program writes here.
    _folder: TempDir,
}

impl Announced {
    /// Picks a free port.
    pub fn pick(configuration: Configuration) -> Result<Self, Error> {
        Ok(Self { configuration, port: free_port()? })
    }

    /// The origin that browsers will find it at.
    pub fn origin(&self) -> String {
        let scheme = match self.configuration {
            Configuration::Documented => "https",
            Configuration::Defaults => "http",
        };
        format!("{scheme}://{}:{}", Ipv4Addr::LOCALHOST, self.port)
    }

    /// Starts it in front of an edge and waits until it listens.
    pub async fn start(&self, edge: &Edge) -> Result<Nginx, Error> {
        let folder = TempDir::new().while_doing("making a folder for nginx")?;
        let block = match self.configuration {
            Configuration::Documented => documented(folder.path(), self.port, edge.port())?,
            Configuration::Defaults => format!(
                "server {{ listen {}:{}; location / {{ proxy_pass http://{}:{}; }} }}",
                Ipv4Addr::LOCALHOST,
                self.port,
                Ipv4Addr::LOCALHOST,
                edge.port()
            ),
        };
        let file = folder.path().join("nginx.conf");
        fs::write(&file, around(folder.path(), &block)).while_doing("configuring nginx")?;
        let mut command = Program::guarded("nginx");
        command.arg("-c").arg(&file).arg("-p").arg(folder.path()).args(["-e", "stderr"]);
        // Not everybody has it on their path.
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{path}:/usr/sbin:/sbin"));
        let mut program = Program::start(command, &folder.path().join("nginx.log"))?;
        wait::until_started("nginx listens", async || {
            if let Some(status) = program.ended() {
                let written = program.written();
                return Some(Err(Error::new(format!("nginx ended by itself ({status}):\n{written}"))));
            }
            TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.ok().map(|_| Ok(()))
        })
        .await??;
        Ok(Nginx { _program: program, _folder: folder })
    }
}

/// The block of the document, with the addresses of a test and a certificate of its own.
fn documented(folder: &Path, port: u16, edge: u16) -> Result<String, Error> {
    let (key, certificate) = (folder.join("key.pem"), folder.join("certificate.pem"));
    let mut make = Command::new("openssl");
    make.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]);
    make.args(["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]);
    let made = make.arg("-keyout").arg(&key).arg("-out").arg(&certificate).output();
    let made = made.while_doing("making a certificate")?;
    if !made.status.success() {
        return Err(Error::new(format!("openssl: {}", String::from_utf8_lossy(&made.stderr))));
    }
    let block = DOCUMENT
        .split_once("```nginx\n")
        .and_then(|(_, rest)| rest.split_once("```"))
        .map(|(block, _)| block.to_owned())
        .ok_or_else(|| Error::new("docs/deployment.md has no configuration of nginx"))?;
    let listen = format!("listen {}:{port} ssl;", Ipv4Addr::LOCALHOST);
    let service = format!("proxy_pass http://{}:{edge};", Ipv4Addr::LOCALHOST);
    let mut changed = block;
    for (documented, here) in [
        ("listen 443 ssl;", listen),
        ("server_name chat.example;", String::new()),
        ("/etc/ssl/chat.example.pem", certificate.display().to_string()),
        ("/etc/ssl/chat.example.key", key.display().to_string()),
        ("proxy_pass http://127.0.0.1:8787;", service),
    ] {
        if !changed.contains(documented) {
            return Err(Error::new(format!("docs/deployment.md does not say {documented}")));
        }
        changed = changed.replace(documented, &here);
    }
    Ok(changed)
}

/// The rest of a configuration that runs without a system's files.
fn around(folder: &Path, block: &str) -> String {
    let folder = folder.display();
    // A worker of another user could not read the folder.
    format!(
        "daemon off;\nuser root;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n\
         client_body_temp_path {folder}/body;\nproxy_temp_path {folder}/proxy;\nfastcgi_temp_path {folder}/f;\n\
         uwsgi_temp_path {folder}/u;\nscgi_temp_path {folder}/s;\n{block}\n}}\n"
    )
}

const DOCUMENT: &str = include_str!("../../docs/deployment.md");
