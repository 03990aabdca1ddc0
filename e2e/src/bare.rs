// SPDX-License-Identifier: EUPL-1.2
//! A minimal Durable Object in the same runtime as the edge: the least cost of a message.

use std::{fs, net::Ipv4Addr};

use tempfile::TempDir;

use crate::{
    artefacts,
    error::{Error, While},
    program::Program,
    wait,
};

/// A running bare object's Worker. Dropping it kills it and deletes its folder.
#[derive(Debug)]
pub struct Bare {
    program: Program,
    port: u16,
    // Last, because fields are dropped in order and the program writes here.
    _folder: TempDir,
}

impl Bare {
    /// Starts it and waits until it listens.
    pub async fn start() -> Result<Self, Error> {
        let folder = tempfile::Builder::new()
            .prefix("info-cig-bare-")
            .tempdir()
            .while_doing("making a folder for the bare object")?;
        let data = folder.path().join("objects");
        fs::create_dir(&data).while_doing("making a folder for the bare object")?;
        let mut command = Program::guarded(artefacts::workerd()?);
        command
            .arg("serve")
            .arg(artefacts::bare_worker()?)
            .arg("--control-fd=1")
            .arg(format!("--socket-addr=http={}:0", Ipv4Addr::LOCALHOST))
            .arg(format!("--directory-path=data={}", data.display()))
            .env_clear();
        let mut program = Program::start(command, &folder.path().join("bare.log"))?;
        let port = wait::until_started("the bare object listens", async || {
            let written = program.written();
            if let Some(port) = port_in(&written) {
                return Some(Ok(port));
            }
            let status = program.ended()?;
            Some(Err(Error::new(format!("the bare object ended by itself ({status}):\n{written}"))))
        })
        .await??;
        Ok(Self { program, port, _folder: folder })
    }

    /// The URL of the socket of a room.
    pub fn room(&self, name: &str) -> String {
        format!("ws://{}:{}/{name}", Ipv4Addr::LOCALHOST, self.port)
    }

    /// The runtime.
    pub fn program(&self) -> &Program {
        &self.program
    }
}

/// The port in `{"event":"listen","socket":"http","port":40123}`.
fn port_in(written: &str) -> Option<u16> {
    let (_, rest) = written.split_once(r#""event":"listen""#)?;
    let (_, rest) = rest.split_once(r#""port":"#)?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}
