// SPDX-License-Identifier: EUPL-1.2
//! The settings of the service as an operator gives them: in the environment, or in files that the environment names.
//!
//! Each setting `NAME` may lie in a file: `NAME_FILE` is its path. A secret in a file is not shown by tools that list the
//! environment of processes, and systemd (`LoadCredential=`) and container platforms hand secrets over as files.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use infocig_edge::settings::{RawSettings, SETTINGS};

use crate::Error;

/// The settings that are set, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    values: BTreeMap<&'static str, String>,
}

impl Environment {
    /// Reads the environment of this process and the files it names. `policy` is the file of the policy, if it is given as an
    /// argument.
    pub(crate) fn read(policy: Option<&Path>) -> Result<Self, Error> {
        Self::from(|name| env::var_os(name), policy)
    }

    fn from(variable: impl Fn(&str) -> Option<OsString>, policy: Option<&Path>) -> Result<Self, Error> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let mut values = BTreeMap::new();
        for setting in SETTINGS {
            let name = setting.name;
            let file_name = format!("{name}_FILE");
            let file = match (variable(&file_name), policy) {
                (Some(_), Some(_)) if name == POLICY => {
                    return Err(Error::Usage("--policy and POLICY_FILE are both given: remove one".into()));
                }
                (_, Some(policy)) if name == POLICY => Some(policy.as_os_str().to_owned()),
                (file, _) => file,
            };
            let value = match (variable(name), file) {
                (Some(_), Some(_)) => {
                    let sentence = format!("{name} is set, and a file is named for it too: remove one");
                    return Err(Error::Usage(sentence));
                }
                (Some(value), None) => Some(
                    value
                        .into_string()
                        .map_err(|_| Error::Usage(format!("{name} is not a text in UTF-8")))?,
                ),
                (None, Some(file)) => Some(content(&file_name, Path::new(&file))?),
                (None, None) => None,
            };
            values.extend(value.map(|value| (name, value)));
        }
        Ok(Self { values })
    }

    /// The settings as the service checks them.
    pub(crate) fn raw(&self) -> RawSettings {
        RawSettings::read(|name| self.values.get(name).cloned())
    }

    /// The same without one of them.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.values.remove(name);
        self
    }

    /// The value of a setting, if it is set.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Gives a program the settings as variables: those of files too, and no name of a file. The policy is left out: a variable
    /// holds 128 kB at most.
    pub(crate) fn hand_to(&self, program: &mut Command) {
        for setting in SETTINGS {
            program.env_remove(format!("{}_FILE", setting.name));
            match self.value(setting.name).filter(|_| setting.name != POLICY) {
                Some(value) => program.env(setting.name, value),
                None => program.env_remove(setting.name),
            };
        }
    }
}

/// The content of a file without the line break at its end.
fn content(name: &str, path: &Path) -> Result<String, Error> {
    let text = fs::read_to_string(path).map_err(|error| {
        let path = path.display();
        Error::Usage(format!(
            "{name}: {path} cannot be read ({error}): write the path of a file of text in UTF-8"
        ))
    })?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

/// The setting that may be given as an argument, and is a file beside the Worker there.
pub(crate) const POLICY: &str = "POLICY";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Environment, String> {
        let variable = |name: &str| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        };
        Environment::from(variable, None).map_err(|error| error.to_string())
    }

    #[test]
    fn a_secret_in_a_file_is_read_without_its_last_line_break() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        fs::write(&file, "first\nsecond\n").unwrap();

        let environment = read(&[("TICKET_KEY_FILE", file.to_str().unwrap())]).unwrap();

        assert_eq!(environment.raw().ticket_key.as_deref(), Some("first\nsecond"));
    }

    #[test]
    fn a_setting_given_twice_or_in_a_missing_file_is_named() {
        let twice = read(&[("TICKET_KEY", "a"), ("TICKET_KEY_FILE", "/b")]).unwrap_err();
        assert!(twice.starts_with("TICKET_KEY is set, and a file is named"), "{twice}");
        let missing = read(&[("ISSUERS_FILE", "/nowhere/issuers.json")]).unwrap_err();
        assert!(missing.starts_with("ISSUERS_FILE: /nowhere/issuers.json cannot be read"), "{missing}");
    }

    #[test]
    fn the_file_of_the_policy_is_an_argument_or_a_variable_and_not_both() {
        let variable = |name: &str| (name == "POLICY_FILE").then(|| OsString::from("/a"));
        let refused = Environment::from(variable, Some(Path::new("/b"))).unwrap_err().to_string();
        assert_eq!(refused, "--policy and POLICY_FILE are both given: remove one");
    }
}
