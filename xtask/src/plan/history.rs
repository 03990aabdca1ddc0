// SPDX-License-Identifier: EUPL-1.2
//! How long each step took the last time it had work to do on this machine: `target/xtask/times.json`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::workspace::Workspace;

/// A shorter step found its results up to date: its duration does not predict the next one that has work.
const HAD_NOTHING_TO_DO: Duration = Duration::from_secs(3);

/// Durations by the names of steps.
pub(super) struct History {
    file: PathBuf,
    seconds: RefCell<BTreeMap<String, u64>>,
}

impl History {
    /// Reads the durations; none if the file cannot be read.
    pub(super) fn read(workspace: &Workspace) -> Self {
        let file = workspace.target("xtask/times.json");
        let seconds = fs::read_to_string(&file).ok().and_then(|text| serde_json::from_str(&text).ok());
        Self { file, seconds: RefCell::new(seconds.unwrap_or_default()) }
    }

    /// The last duration of a step.
    pub(super) fn of(&self, step: &str) -> Option<Duration> {
        self.seconds.borrow().get(step).copied().map(Duration::from_secs)
    }

    /// Stores the duration of a step. It is only an estimate, so that a failed write does not fail the plan.
    pub(super) fn keep(&self, step: &str, took: Duration) {
        if took < HAD_NOTHING_TO_DO {
            return;
        }
        self.seconds.borrow_mut().insert(step.to_owned(), took.as_secs());
        if let (Some(folder), Ok(text)) =
            (self.file.parent(), serde_json::to_string_pretty(&*self.seconds.borrow()))
        {
            let _ = fs::create_dir_all(folder);
            let _ = fs::write(&self.file, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_run_with_work_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let history = History { file: folder.path().join("deep/times.json"), seconds: RefCell::default() };

        history.keep("compile", Duration::from_secs(90));
        history.keep("compile", Duration::from_millis(400));

        assert_eq!(history.of("compile"), Some(Duration::from_secs(90)));
        assert_eq!(history.of("another"), None);
        assert!(fs::read_to_string(&history.file).unwrap().contains("\"compile\": 90"));
    }
}
