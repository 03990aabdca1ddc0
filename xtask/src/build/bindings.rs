// SPDX-License-Identifier: EUPL-1.2
//! Bindings between a compiled module and JavaScript, by `wasm-bindgen` as a library: its version is that of the lock file,
//! and nothing is installed for it.

use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;

use crate::process::{Failure, OrFail};

/// The environment a module runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Host {
    /// A page that fetches the module.
    Page,
    /// A page, with the module split: deferred parts are linked by the exports of the linker.
    PageInParts,
    /// The Workers runtime, which imports the module.
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
            // `edge/entry.js` replaces an instance that trapped.
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
