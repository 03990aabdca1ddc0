// SPDX-License-Identifier: EUPL-1.2
//! A plan: steps with dependencies, run side by side where they allow it, with their progress.
//!
//! Each step shows its number out of the total, its duration so far, and the duration of the last run in which it had work to
//! do (before the first such run: an estimate for two cores and no earlier results). The output of its programs goes to a log
//! under `target/xtask/logs`; the end of that log is shown when the step fails, with advice.

mod history;
mod log;

use std::collections::BTreeSet;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use self::history::History;
pub(crate) use self::log::Log;
use crate::process::{Failure, print_line, spent};
use crate::workspace::Workspace;

type Work<'a> = Box<dyn FnOnce(&Log) -> Result<(), Failure> + Send + 'a>;

/// One step of a plan.
pub(crate) struct Step<'a> {
    name: &'static str,
    after: Vec<&'static str>,
    usually: Duration,
    alone: bool,
    hint: &'static str,
    lines: usize,
    work: Work<'a>,
}

impl<'a> Step<'a> {
    /// A step that takes about `seconds` on two cores without earlier results.
    pub(crate) fn new(
        name: &'static str,
        seconds: u64,
        work: impl FnOnce(&Log) -> Result<(), Failure> + Send + 'a,
    ) -> Self {
        Self {
            name,
            after: Vec::new(),
            usually: Duration::from_secs(seconds),
            alone: false,
            hint: MEND_AND_REPEAT,
            lines: 30,
            work: Box::new(work),
        }
    }

    /// Starts only when these steps have succeeded. Names that are not in the plan do not count.
    pub(crate) fn after(mut self, steps: &[&'static str]) -> Self {
        self.after.extend(steps);
        self
    }

    /// Runs alone, because its result depends on time.
    pub(crate) fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// The advice when it fails, in place of the usual one.
    pub(crate) fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    /// The number of lines of its log that are shown when it fails: tests print the reason long before their end.
    pub(crate) fn showing(mut self, lines: usize) -> Self {
        self.lines = lines;
        self
    }

    /// The name.
    #[cfg(test)]
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }
}

const MEND_AND_REPEAT: &str =
    "mend what it complains of and repeat the command; steps that succeeded are not repeated";

/// The result of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Succeeded.
    Passed,
    /// Failed, and with it the plan.
    Failed,
    /// Not run, or stopped, because another step failed.
    NotReached,
}

/// A step of the plan, with its result.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report {
    pub(crate) name: &'static str,
    pub(crate) ending: Ending,
    pub(crate) took: Duration,
}

/// Runs all steps, at most two at a time. The first failure ends the plan; the reports come in the order of the plan.
pub(crate) fn run(workspace: &Workspace, steps: Vec<Step<'_>>) -> (Vec<Report>, Result<(), Failure>) {
    let mut reports: Vec<Report> = steps
        .iter()
        .map(|step| Report { name: step.name, ending: Ending::NotReached, took: Duration::ZERO })
        .collect();
    let history = History::read(workspace);
    let mut board = Board { total: steps.len(), done: 0, started: Instant::now(), running: Vec::new() };
    let mut waiting: Vec<(usize, Step<'_>)> = steps.into_iter().enumerate().collect();
    let mut passed = BTreeSet::new();
    let mut failure = None;
    let logs = log::Stop::default();

    thread::scope(|scope| {
        let (ended, endings) = mpsc::channel();
        loop {
            while failure.is_none()
                && let Some(next) = next_ready(&waiting, &passed, &board.running)
            {
                let (number, step) = waiting.remove(next);
                let usually = history.of(step.name).unwrap_or(step.usually);
                board.begin(number, &step, usually);
                let (ended, log) = (ended.clone(), Log::new(workspace, step.name, &logs));
                scope.spawn(move || {
                    let result = log.and_then(|log| {
                        let result = (step.work)(&log);
                        result.map_err(|failure| log.explain(failure, step.lines, step.hint))
                    });
                    // The receiver lives as long as this scope, so that sending cannot fail.
                    let _ = ended.send((number, result));
                });
            }
            if board.running.is_empty() {
                break;
            }
            match endings.recv_timeout(SIGN_OF_LIFE) {
                Err(RecvTimeoutError::Timeout) => board.sign_of_life(),
                Err(RecvTimeoutError::Disconnected) => break,
                Ok((number, result)) => {
                    let Some(running) = board.end(number) else { continue };
                    let report = &mut reports[number];
                    report.took = running.started.elapsed();
                    match result {
                        Ok(()) => {
                            report.ending = Ending::Passed;
                            passed.insert(running.name);
                            board.passed(&running);
                            history.keep(running.name, report.took);
                        }
                        // A program that was stopped because the plan failed is not the reason.
                        Err(_) if failure.is_some() => {}
                        Err(failed) => {
                            report.ending = Ending::Failed;
                            print_line(format_args!(
                                "{} ✗ {}, after {}",
                                board.place(number),
                                running.name,
                                spent(report.took)
                            ));
                            failure = Some(failed);
                            logs.stop();
                        }
                    }
                }
            }
        }
    });
    // A step that waits for a name that is not planned does not wait; one whose dependency failed never started.
    (reports, failure.map_or(Ok(()), Err))
}

/// How many steps run at a time. One compiler uses every core; a second step fills the gaps while it links or downloads.
const SIDE_BY_SIDE: usize = 2;
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

/// The first step that may start now.
fn next_ready(
    waiting: &[(usize, Step<'_>)],
    passed: &BTreeSet<&'static str>,
    running: &[Running],
) -> Option<usize> {
    if running.len() >= SIDE_BY_SIDE || running.iter().any(|running| running.alone) {
        return None;
    }
    let open: BTreeSet<&str> =
        waiting.iter().map(|(_, step)| step.name).chain(running.iter().map(|running| running.name)).collect();
    waiting.iter().position(|(_, step)| {
        let ready = step.after.iter().all(|name| passed.contains(name) || !open.contains(name));
        ready && (!step.alone || running.is_empty())
    })
}

/// A running step.
struct Running {
    number: usize,
    name: &'static str,
    started: Instant,
    usually: Duration,
    alone: bool,
}

/// The lines of progress.
struct Board {
    total: usize,
    done: usize,
    started: Instant,
    running: Vec<Running>,
}

impl Board {
    fn place(&self, number: usize) -> String {
        let width = self.total.to_string().len();
        format!("[{:>width$}/{}]", number + 1, self.total)
    }

    fn begin(&mut self, number: usize, step: &Step<'_>, usually: Duration) {
        print_line(format_args!("{} → {} (about {})", self.place(number), step.name, spent(usually)));
        let started = Instant::now();
        self.running.push(Running { number, name: step.name, started, usually, alone: step.alone });
    }

    fn end(&mut self, number: usize) -> Option<Running> {
        let at = self.running.iter().position(|running| running.number == number)?;
        self.done += 1;
        Some(self.running.remove(at))
    }

    fn passed(&self, running: &Running) {
        let took = spent(running.started.elapsed());
        print_line(format_args!("{} ✓ {}: {took}", self.place(running.number), running.name));
    }

    fn sign_of_life(&self) {
        let running: Vec<String> = self
            .running
            .iter()
            .map(|running| {
                let (so_far, usually) = (running.started.elapsed(), running.usually);
                format!("{} {} of about {}", running.name, spent(so_far), spent(usually))
            })
            .collect();
        let (done, total) = (self.done, self.total);
        print_line(format_args!(
            "  … {done} of {total} done after {}; {}",
            spent(self.started.elapsed()),
            running.join("; ")
        ));
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_step_starts_when_the_steps_it_needs_have_succeeded() {
        let order = Mutex::new(Vec::new());
        let step = |name| {
            let order: &Mutex<Vec<&str>> = &order;
            Step::new(name, 1, move |_| {
                order.lock().unwrap().push(name);
                Ok(())
            })
        };

        let steps = vec![
            step("last").after(&["second"]),
            step("second").after(&["first", "not planned"]),
            step("first"),
        ];
        let (reports, result) = run(&workspace(), steps);

        result.unwrap();
        assert_eq!(*order.lock().unwrap(), ["first", "second", "last"]);
        assert!(reports.iter().all(|report| report.ending == Ending::Passed));
    }

    #[test]
    fn a_step_that_wants_the_machine_for_itself_has_it() {
        let running = Mutex::new(0_u32);
        let step = |name: &'static str, alone: bool| {
            let running: &Mutex<u32> = &running;
            let step = Step::new(name, 1, move |_| {
                *running.lock().unwrap() += 1;
                thread::sleep(Duration::from_millis(30));
                let beside = std::mem::replace(&mut *running.lock().unwrap(), 0);
                assert!(!alone || beside == 1, "{name} ran beside another");
                Ok(())
            });
            if alone { step.alone() } else { step }
        };

        let (_, result) = run(&workspace(), vec![step("a", false), step("b", true), step("c", false)]);

        result.unwrap();
    }

    #[test]
    fn a_failure_ends_the_plan_with_the_last_lines_and_advice() {
        let failing = Step::new("a test of failing", 1, |log| {
            log.run(Command::new("/bin/sh").args(["-c", "echo the reason >&2; exit 3"]))
        });
        let next = Step::new("after it", 1, |_| Ok(())).after(&["a test of failing"]);

        let (reports, result) = run(&workspace(), vec![failing.hint("look at it"), next]);

        let Err(Failure::Step(message)) = result else { panic!("did not fail: {result:?}") };
        for part in
            ["sh -c", "exit status: 3", "the reason", "target/xtask/logs/a-test-of-failing.log", "look at it"]
        {
            assert!(message.contains(part), "no `{part}` in {message}");
        }
        assert_eq!(
            reports.iter().map(|report| report.ending).collect::<Vec<_>>(),
            [Ending::Failed, Ending::NotReached]
        );
    }

    #[test]
    fn a_failure_stops_the_programs_that_run_beside_it() {
        let slow = Step::new("a test of stopping", 1, |log| log.run(Command::new("sleep").arg("60")));
        let failing = Step::new("a test of failing beside", 1, |_| Err(Failure::Step("no".into())));
        let began = Instant::now();

        let (_, result) = run(&workspace(), vec![slow, failing]);

        assert!(matches!(result, Err(Failure::Step(message)) if message.starts_with("no")));
        assert!(began.elapsed() < Duration::from_secs(30));
    }

    fn workspace() -> Workspace {
        Workspace::of_this_program().unwrap()
    }
}
