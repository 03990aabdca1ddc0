// SPDX-License-Identifier: EUPL-1.2
//! The policy a command goes by: the one this version ships, or a file of the administration's own.

use std::fs;
use std::path::Path;

use infocig_domain::policy::Policy;

use crate::Error;

const SHIPPED: &str = include_str!("../../edge/policy.json");

/// The policy of a file; without one, the shipped policy. A file that cannot be used is named with the line of the error.
pub(crate) fn read(file: Option<&Path>) -> Result<Policy, Error> {
    let Some(path) = file else {
        return Policy::parse(SHIPPED).map_err(|error| Error::new(format!("the shipped policy: {error}")));
    };
    let text = fs::read_to_string(path)
        .map_err(|error| Error::Usage(format!("the policy {} cannot be read: {error}", path.display())))?;
    Policy::parse(&text).map_err(|error| Error::Usage(format!("{}: {error}", path.display())))
}
