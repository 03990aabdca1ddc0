// SPDX-License-Identifier: EUPL-1.2
//! A virtual display, for browsers that do not start without one.

use std::path::Path;

use crate::{error::Error, program::Program, wait};

/// A running X server. Dropping it ends it with its clients.
#[derive(Debug)]
pub(crate) struct Display {
    // Held because dropping it ends the server.
    _server: Program,
    name: String,
}

impl Display {
    /// Starts one on a free display number.
    pub(crate) async fn start(folder: &Path) -> Result<Self, Error> {
        let (width, height) = WINDOW;
        // It is ended by SIGTERM: a killed one leaves its lock and its socket behind.
        let mut command = Program::guarded_and_told("Xvfb");
        command.args([
            "-displayfd",
            "1",
            "-nolisten",
            "tcp",
            "-screen",
            "0",
            &format!("{width}x{height}x24"),
        ]);
        let mut server = Program::start(command, &folder.join("display.log"))?;
        let number = wait::until_started("a display", async || {
            let written = server.written();
            // The display number is the only line that is a number.
            if let Some(number) = written.lines().find_map(|line| line.parse::<u32>().ok()) {
                return Some(Ok(number));
            }
            let status = server.ended()?;
            let words = format!("Xvfb ended ({status}); it comes with the package xvfb:\n{written}");
            Some(Err(Error::new(words)))
        })
        .await??;
        Ok(Self { _server: server, name: format!(":{number}") })
    }

    /// The value of the variable `DISPLAY`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// Width and height of every window, in CSS pixels.
pub(crate) const WINDOW: (u32, u32) = (1280, 1024);
