// SPDX-License-Identifier: EUPL-1.2
//! The release build only: compressed files, a Worker without a clock, the configuration that is deployed.

mod engines;
mod site;
mod start;
mod wrangler;
