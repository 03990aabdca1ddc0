// SPDX-License-Identifier: EUPL-1.2
//! The words after a command: known flags only, each at most once, and a refusal that names the wrong word.
//!
//! `--flag value` and `--flag=value` mean the same. `--help` is understood everywhere and wins over everything else.

use std::collections::BTreeMap;

use crate::paths::Workspace;
use crate::process::Failure;

/// A command: what it is called, what it does, what it takes.
#[derive(Debug)]
pub(crate) struct Command {
    /// The word after `cargo xtask`.
    pub(crate) name: &'static str,
    /// One line, for the overview.
    pub(crate) summary: &'static str,
    /// A paragraph, for `--help`.
    pub(crate) about: &'static str,
    /// What the one word after its name is called, for commands that take one.
    pub(crate) operand: Option<&'static str>,
    /// What it takes.
    pub(crate) flags: &'static [Flag],
    /// What it does.
    pub(crate) run: fn(&Workspace, &Flags) -> Result<(), Failure>,
}

/// One flag of a command.
#[derive(Debug)]
pub(crate) struct Flag {
    /// With its dashes: `--release`.
    pub(crate) name: &'static str,
    /// What its value is called; `None` for a flag that is only there or not.
    pub(crate) value: Option<&'static str>,
    /// One line, for `--help`.
    pub(crate) about: &'static str,
}

/// What the words amounted to.
#[derive(Debug)]
pub(crate) enum Given {
    /// `--help` was among them.
    Help,
    /// Nothing but flags of this command.
    Flags(Flags),
}

/// The flags that were given, with their values.
#[derive(Debug, Default)]
pub(crate) struct Flags(BTreeMap<&'static str, String>);

impl Command {
    /// Reads the words after the command's name.
    pub(crate) fn read(&self, words: &[String]) -> Result<Given, Failure> {
        if words.iter().any(|word| word == "--help" || word == "-h") {
            return Ok(Given::Help);
        }
        let mut given = Flags::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if let Some(operand) = self.operand.filter(|_| !word.starts_with("--")) {
                if given.0.insert(operand, word.clone()).is_some() {
                    return Err(Failure::Usage(format!(
                        "`{}` takes one {operand}; `{word}` is one too many",
                        self.name
                    )));
                }
                continue;
            }
            let (name, joined) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            let flag = self.flags.iter().find(|flag| flag.name == name).ok_or_else(|| self.unknown(word))?;
            let value = match (flag.value, joined) {
                (None, None) => String::new(),
                (None, Some(_)) => {
                    return Err(Failure::Usage(format!("`{}` takes no value: `{word}`", flag.name)));
                }
                (Some(_), Some(value)) => value,
                (Some(what), None) => words
                    .next()
                    .filter(|next| !next.starts_with("--"))
                    .cloned()
                    .ok_or_else(|| Failure::Usage(format!("`{name}` needs a value: `{name} {what}`")))?,
            };
            if given.0.insert(flag.name, value).is_some() {
                return Err(Failure::Usage(format!("`{name}` was given twice")));
            }
        }
        Ok(Given::Flags(given))
    }

    /// What `--help` answers.
    pub(crate) fn help(&self) -> String {
        let spelled: Vec<String> = self.flags.iter().map(Flag::spelled).collect();
        let mut usage = vec![format!("Usage: cargo xtask {}", self.name)];
        usage.extend(self.operand.map(ToOwned::to_owned));
        usage.extend(spelled.iter().map(|flag| format!("[{flag}]")));
        let mut lines = vec![usage.join(" "), String::new(), self.about.to_owned()];
        if self.flags.is_empty() {
            return lines.join("\n");
        }
        let width = spelled.iter().map(String::len).max().unwrap_or_default();
        lines.push("\nFlags:".to_owned());
        for (flag, spelled) in self.flags.iter().zip(&spelled) {
            lines.push(format!("  {spelled:<width$}  {}", flag.about));
        }
        lines.join("\n")
    }

    fn unknown(&self, word: &str) -> Failure {
        let allowed: Vec<String> = self.flags.iter().map(Flag::spelled).collect();
        let allowed = match allowed.as_slice() {
            [] => "it takes no flags".to_owned(),
            some => format!("it takes {}", some.join(", ")),
        };
        Failure::Usage(format!("`{}` does not know `{word}`; {allowed}", self.name))
    }
}

impl Flag {
    fn spelled(&self) -> String {
        match self.value {
            Some(value) => format!("{} {value}", self.name),
            None => self.name.to_owned(),
        }
    }
}

impl Flags {
    /// Whether the flag was given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The value the flag was given.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: Command = Command {
        name: "sample",
        summary: "Sample",
        about: "Does nothing.",
        operand: None,
        flags: &[
            Flag { name: "--port", value: Some("PORT"), about: "Where to listen" },
            Flag { name: "--json", value: None, about: "For machines" },
        ],
        run: |_, _| Ok(()),
    };

    #[test]
    fn a_value_is_read_after_a_space_or_an_equals_sign() {
        let spaced = flags(&["--port", "80", "--json"]);
        let joined = flags(&["--port=80"]);

        assert_eq!(spaced.value("--port"), Some("80"));
        assert!(spaced.has("--json"));
        assert_eq!(joined.value("--port"), Some("80"));
        assert!(!joined.has("--json"));
    }

    #[test]
    fn a_wrong_word_is_refused_by_name() {
        refused(&["--prot", "80"], "`sample` does not know `--prot`; it takes --port PORT, --json");
        refused(&["stray"], "`sample` does not know `stray`; it takes --port PORT, --json");
        refused(&["--port"], "`--port` needs a value: `--port PORT`");
        refused(&["--port", "--json"], "`--port` needs a value: `--port PORT`");
        refused(&["--json=yes"], "`--json` takes no value: `--json=yes`");
        refused(&["--json", "--json"], "`--json` was given twice");
    }

    #[test]
    fn help_wins_over_wrong_words() {
        assert!(matches!(SAMPLE.read(&words(&["--prot", "--help"])), Ok(Given::Help)));
        assert!(SAMPLE.help().contains("cargo xtask sample [--port PORT] [--json]"));
    }

    #[track_caller]
    fn flags(given: &[&str]) -> Flags {
        match SAMPLE.read(&words(given)) {
            Ok(Given::Flags(flags)) => flags,
            other => panic!("not flags: {other:?}"),
        }
    }

    #[track_caller]
    fn refused(given: &[&str], expected: &str) {
        match SAMPLE.read(&words(given)) {
            Err(Failure::Usage(message)) => assert_eq!(message, expected),
            other => panic!("not refused: {other:?}"),
        }
    }

    fn words(given: &[&str]) -> Vec<String> {
        given.iter().map(|&word| word.to_owned()).collect()
    }
}
