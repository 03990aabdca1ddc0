// SPDX-License-Identifier: EUPL-1.2
//! Bindings between a compiled module and JavaScript, by `wasm-bindgen` as a library: its version is that of the lock file,
//! and nothing is installed for it.

use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;

use crate::process::{Failure, OrFail};

/// Where a module runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Host {
    /// In a page that fetches it.
    Page,
    /// In a page, split: the parts that come later are linked with the exports the linker made.
    PageInParts,
    /// In the Workers runtime, which imports it.
    Worker,
}

/// Writes `NAME.js` and `NAME_bg.wasm` into a folder.
pub(super) fn bind(module: &Path, name: &str, host: Host, folder: &Path) -> Result<(), Failure> {
    let binding = || format!("binding {}", module.display());
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(name).typescript(false);
    match host {
        Host::Page | Host::PageInParts => {
            bindgen.web(true).or_fail(binding())?.keep_lld_exports(host == Host::PageInParts);
        }
        Host::Worker => {
            // An instance that trapped is replaced by a new one (`edge/entry.js`).
            bindgen
                .module(true)
                .or_fail(binding())?
                .reset_state_function(true)
                .force_enable_abort_handler(true);
        }
    }
    bindgen.generate(folder).or_fail(binding())?;
    let snippets = folder.join("snippets");
    if host != Host::Worker && snippets.exists() {
        return Err(Failure::Step(format!(
            "{} brings JavaScript snippets, which the site would have to serve as extra files: {}",
            module.display(),
            snippets.display()
        )));
    }
    Ok(())
}
