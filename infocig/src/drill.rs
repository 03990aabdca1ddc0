// SPDX-License-Identifier: EUPL-1.2
//! `infocig drill`: a backup that was never restored is a hope. It restores one into a folder of its own, may start the service
//! on it, and removes the folder again.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde_json::json;

use crate::environment::Environment;
use crate::folder::{Folder, Truth};
use crate::restore::{Restored, Source, restore};
use crate::runtime::Plan;
use crate::{Error, While, answer};

/// Prove that a backup can be restored
///
/// Restores a backup into a folder that is removed afterwards, with every check of `restore`. With --workerd, --edge and --site
/// it also starts the service on it, on a port of this machine that nobody knows and without Linea INPS, so that nothing is sent
/// twice. Ends with 1 if anything is not as it should be.
#[derive(Debug, Args)]
pub(crate) struct Drill {
    #[command(flatten)]
    source: Source,
    /// The folder in which the restored databases lie meanwhile, in clear; left out: the one for temporary files
    #[arg(long, value_name = "FOLDER")]
    scratch: Option<PathBuf>,
    /// The program workerd
    #[arg(long, value_name = "PROGRAM", requires_all = ["edge", "site"])]
    workerd: Option<PathBuf>,
    /// The folder of the built Worker
    #[arg(long, value_name = "FOLDER", requires = "workerd")]
    edge: Option<PathBuf>,
    /// The folder of the files visitors download
    #[arg(long, value_name = "FOLDER", requires = "workerd")]
    site: Option<PathBuf>,
    /// One object on one line
    #[arg(long)]
    json: bool,
}

impl Drill {
    pub(crate) fn run(self) -> Result<(), Error> {
        let began = Instant::now();
        let doing = "making a folder for the drill";
        let scratch = match &self.scratch {
            Some(scratch) => tempfile::tempdir_in(scratch),
            None => tempfile::tempdir(),
        };
        let data = scratch.while_doing(doing)?;
        let Restored { name, databases, open } = restore(&self.source, None, data.path())?;
        let started = match (self.workerd, self.edge, self.site) {
            (Some(workerd), Some(edge), Some(site)) => {
                let environment = Environment::read(None)?.without("LINEA_INPS");
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).while_doing(doing)?;
                let folder = Folder::take(data.path(), Truth::Here)?;
                let plan = Plan { workerd, worker: edge, site, environment, folder, listener };
                let mut runtime = plan.start()?;
                let ready = plan.wait_until_ready(&mut runtime);
                runtime.end()?;
                ready?;
                true
            }
            (_, _, _) => false,
        };
        let seconds = began.elapsed().as_secs_f64();
        if self.json {
            answer(json!({
                "backup": name, "databases": databases, "open": open, "started": started, "seconds": seconds,
            }));
        } else {
            let service = if started { ", and the service runs on it" } else { "" };
            answer(format_args!("✓ {name} can be restored: {databases} databases{service} ({seconds:.1} s)"));
        }
        Ok(())
    }
}
