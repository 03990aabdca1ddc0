// SPDX-License-Identifier: EUPL-1.2
//! Stories whose promise depends on the engine: elements and their shadow, focus and keys, layout and scrolling, storage,
//! networks that fail, policies of pages, the accessibility tree.

mod accessible;
mod browser;
mod embed;
mod everybody;
mod handed_on;
mod isolation;
mod nothing_is_lost;
mod plain;
