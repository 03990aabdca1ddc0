// SPDX-License-Identifier: EUPL-1.2
//! The sound of a message, for whoever wants one: two soft tones.

use infocig_client::sound::{self, Tune};
use wasm_bindgen_futures::spawn_local;
use web_sys::OscillatorType;

/// Plays it. A browser that has no sound, or does not allow it yet, stays silent.
pub(crate) fn chime() {
    spawn_local(async {
        let _heard = sound::play(&CHIME).await;
    });
}

/// E5 and A5.
const CHIME: Tune =
    Tune { wave: OscillatorType::Sine, loudness: 0.1, lasts: 0.3, notes: &[(659.3, 0.0), (880.0, 0.12)] };
