// SPDX-License-Identifier: EUPL-1.2
//! Texts kept by name: in the tab (session storage), or on the device for every page of the origin (local storage).
//!
//! A browser may refuse either, or be full: nothing is kept then, and reading finds nothing.

use web_sys::Storage;

/// Keeps a text until the tab is closed.
pub fn session_set(name: &str, text: &str) {
    if let Some(storage) = session() {
        let _full = storage.set_item(name, text);
    }
}

/// The text kept in the tab.
pub fn session_get(name: &str) -> Option<String> {
    session()?.get_item(name).ok().flatten()
}

/// Forgets the text kept in the tab.
pub fn session_remove(name: &str) {
    if let Some(storage) = session() {
        let _absent = storage.remove_item(name);
    }
}

/// Keeps a text on the device.
pub fn local_set(name: &str, text: &str) {
    if let Some(storage) = local() {
        let _full = storage.set_item(name, text);
    }
}

/// The text kept on the device.
pub fn local_get(name: &str) -> Option<String> {
    local()?.get_item(name).ok().flatten()
}

fn session() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

fn local() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
