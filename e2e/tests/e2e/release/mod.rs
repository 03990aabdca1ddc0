// SPDX-License-Identifier: EUPL-1.2
//! What only the release build has: files as they travel, a Worker without a clock, the configuration that is deployed.

mod engines;
mod site;
mod start;
mod wrangler;
