// SPDX-License-Identifier: EUPL-1.2
//! A screen that nobody sees, for a browser that does not start without one.

use std::path::Path;

use crate::{error::Error, program::Program, wait};

/// A running X server. Dropping it ends it, and with it whatever is on it.
#[derive(Debug)]
pub(crate) struct Display {
    // Held for its end alone.
    _server: Program,
    name: String,
}

impl Display {
    /// Starts one under a number that is free.
    pub(crate) async fn start(folder: &Path) -> Result<Self, Error> {
        let (width, height) = WINDOW;
        // Killed without warning, it would leave its lock and its socket behind.
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
        let number = wait::until("a display", async || {
            let written = server.written();
            // Nothing else it writes is a number alone.
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

    /// What the variable `DISPLAY` of its programs is.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// Width and height of every window, in CSS pixels.
pub(crate) const WINDOW: (u32, u32) = (1280, 1024);
