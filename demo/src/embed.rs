// SPDX-License-Identifier: EUPL-1.2
//! Host pages that hold `<info-cig>`, each with one habit an administration's pages may have: global resets, transformed
//! ancestors, frames, elements that move, shortcuts and agents, the strictest policies. Tests open them at `/embed/…`.
//!
//! Their templates are in the folder `embed` of the portal's pages. Asked for as `?alone`, a page comes without the script
//! of INFO CIG. Browsers report violations of a page's policy to the portal, which counts the reports and keeps none.

/// A host page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Embed {
    /// Its path.
    pub(crate) address: &'static str,
    /// Its template, without `.html`.
    pub(crate) template: &'static str,
    pub(crate) policy: Policy,
}

/// The Content Security Policy of such a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    /// The policy of every page of the portal.
    Usual,
    /// The usual policy, for a page in a frame of the portal.
    Framed,
    /// Nothing that INFO CIG does not need, isolated from every other origin.
    Strict,
    /// The strict policy without WebAssembly.
    WithoutWasm,
}

impl Embed {
    /// Every one.
    pub(crate) const EVERY: &'static [Self] = &[
        Self::usual("/embed/resets", "embed/resets"),
        Self::usual("/embed/italia", "embed/italia"),
        Self::usual("/embed/transformed", "embed/transformed"),
        Self::usual("/embed/framed", "embed/framed"),
        Self::with("/embed/framed-inside", "embed/plain", Policy::Framed),
        Self::usual("/embed/moving", "embed/moving"),
        Self::usual("/embed/twice", "embed/twice"),
        Self::with("/embed/strict", "embed/strict", Policy::Strict),
        Self::with("/embed/no-wasm", "embed/strict", Policy::WithoutWasm),
        Self::usual("/embed/save-data", "embed/plain"),
        Self::usual("/embed/habits", "embed/habits"),
        Self::usual("/embed/provided", "embed/provided"),
    ];

    const fn usual(address: &'static str, template: &'static str) -> Self {
        Self::with(address, template, Policy::Usual)
    }

    const fn with(address: &'static str, template: &'static str, policy: Policy) -> Self {
        Self { address, template, policy }
    }
}
