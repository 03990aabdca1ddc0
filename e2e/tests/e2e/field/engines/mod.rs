// SPDX-License-Identifier: EUPL-1.2
//! Host pages, portals and habits of people, in every engine.

mod pages;
mod portals;
