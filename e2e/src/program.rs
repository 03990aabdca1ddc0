// SPDX-License-Identifier: EUPL-1.2
//! Programs that end with the test that started them, also if it is killed.
//!
//! A shell starts them: it leads its own process group and holds one end of a pipe whose other end the test keeps.
//! When the test drops its end, panics, or is killed itself, the system closes the pipe, and the shell kills the group.

use std::{
    ffi::OsStr,
    fs::{self, File},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
};

use crate::{
    error::{Error, While},
    wait,
};

/// A running program. Dropping it kills it and everything it started.
#[derive(Debug)]
pub struct Program {
    shell: Child,
    log: PathBuf,
}

impl Program {
    /// A command that will run `program` guarded; add arguments and environment, then [`start`](Self::start) it.
    pub fn guarded(program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", GUARD, "guard"]).arg(program);
        command
    }

    /// The same for a program with files in `folder`, which is deleted after its end, also if the process of the test was
    /// killed.
    pub fn guarded_in(folder: &Path, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", GUARD_THAT_DELETES, "guard"]).arg(folder).arg(program);
        command
    }

    /// The same for a program that cleans up on SIGTERM and ends at once.
    pub fn guarded_and_told(program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", GUARD_THAT_TELLS, "guard"]).arg(program);
        command
    }

    /// Starts a [guarded](Self::guarded) command. Its output is appended to `log`.
    pub fn start(mut command: Command, log: &Path) -> Result<Self, Error> {
        let doing = || format!("starting a program with its log in {}", log.display());
        let written = File::options().create(true).append(true).open(log).while_doing(doing())?;
        let shell = command
            .stdin(Stdio::piped())
            .stdout(written.try_clone().while_doing(doing())?)
            .stderr(written)
            .process_group(0)
            .spawn()
            .while_doing(doing())?;
        Ok(Self { shell, log: log.to_owned() })
    }

    /// Kills it and waits for its end.
    pub fn kill(&mut self) {
        self.shell.stdin.take();
        // Waiting twice for a shell returns the same status.
        let _ = self.shell.wait();
    }

    /// Stops it where it is, as a network that is lost does: nothing of it ends, and nothing is answered.
    pub fn freeze(&self) -> Result<(), Error> {
        self.signal("STOP")
    }

    /// Lets it go on.
    pub fn thaw(&self) -> Result<(), Error> {
        self.signal("CONT")
    }

    fn signal(&self, signal: &str) -> Result<(), Error> {
        for child in self.children()? {
            let told = Command::new("kill").args(["-s", signal, &child.to_string()]).status();
            told.while_doing("signalling a program")?;
        }
        Ok(())
    }

    /// Sends SIGTERM, waits for its end and returns its status.
    pub async fn terminate(&mut self) -> Result<ExitStatus, Error> {
        for child in self.children()? {
            // The guard, a program of another name, ends with the pipe.
            let name = fs::read_to_string(format!("/proc/{child}/comm")).unwrap_or_default();
            if !["sh", "dash", "bash", "cat"].contains(&name.trim()) {
                let told = Command::new("kill").args(["-s", "TERM", &child.to_string()]).status();
                told.while_doing("telling a program to end")?;
            }
        }
        wait::until("the end of a program that was told to end", async || self.ended()).await
    }

    /// Kills the children of its child process of that name.
    pub fn kill_child_of(&self, name: &str) -> Result<(), Error> {
        let named = |child: &&u32| {
            fs::read_to_string(format!("/proc/{child}/comm")).is_ok_and(|found| found.trim() == name)
        };
        let parent = self.children()?.iter().find(named).copied();
        let parent = parent.ok_or_else(|| Error::new(format!("no {name} runs")))?;
        // Any of its threads may be the parent.
        let tasks = fs::read_dir(format!("/proc/{parent}/task")).while_doing("reading its threads")?;
        for task in tasks.flatten() {
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            for child in children.split_whitespace() {
                Command::new("kill").args(["-s", "KILL", child]).status().while_doing("killing it")?;
            }
        }
        Ok(())
    }

    fn children(&self) -> Result<Vec<u32>, Error> {
        let shell = self.shell.id();
        let children = format!("/proc/{shell}/task/{shell}/children");
        let children = fs::read_to_string(&children).while_doing(format_args!("reading {children}"))?;
        Ok(children.split_whitespace().filter_map(|child| child.parse().ok()).collect())
    }

    /// Its status, if it has ended by itself.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.shell.try_wait().ok().flatten()
    }

    /// Its private memory now, in bytes, as Linux counts it.
    pub fn resident_bytes(&self) -> Result<u64, Error> {
        // The memory of the guard is negligible.
        let largest =
            self.children()?.into_iter().chain([self.shell.id()]).filter_map(resident_bytes_of).max();
        largest.ok_or_else(|| Error::new("the memory of the program cannot be read"))
    }

    /// Its output.
    pub fn written(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

fn resident_bytes_of(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// The first process waits for the end of the pipe and then kills the group, itself included. The program does not inherit
/// the pipe, so that none of its children can hold it open.
const GUARD: &str = r#"
exec 3<&0
{ cat >/dev/null; kill -s KILL 0; } <&3 3<&- 2>/dev/null &
"$@" 3<&- </dev/null
"#;

/// The same, with the waiting process outside the group if the system has a program for that, so that it survives to delete
/// the folder. The second attempt deletes files that a dying process still wrote.
const GUARD_THAT_DELETES: &str = r#"
exec 3<&0
folder=$1
shift
$(command -v setsid) /bin/sh -c '
cat >/dev/null
kill -s KILL -- "-$1"
rm -rf -- "$2" || { sleep 1; rm -rf -- "$2"; }
' end $$ "$folder" <&3 3<&- >/dev/null 2>&1 &
"$@" 3<&- </dev/null
"#;

/// The same as the first, with SIGTERM and a wait for the end of the program.
const GUARD_THAT_TELLS: &str = r#"
exec 3<&0
"$@" 3<&- </dev/null &
program=$!
{ cat >/dev/null; kill -s TERM "$program"; } <&3 3<&- 2>/dev/null &
wait "$program"
"#;
