// SPDX-License-Identifier: EUPL-1.2
//! The sound of a new message, two soft tones. Off unless the person chose it.

use infocig_client::sound::{self, Tune};
use wasm_bindgen_futures::spawn_local;
use web_sys::OscillatorType;

/// Plays the sound. Nothing happens where the browser has no audio or does not allow it yet.
pub(crate) fn chime() {
    spawn_local(async {
        let _heard = sound::play(&CHIME).await;
    });
}

/// Frequencies in hertz: E5 and A5.
const CHIME: Tune =
    Tune { wave: OscillatorType::Sine, loudness: 0.1, lasts: 0.3, notes: &[(659.3, 0.0), (880.0, 0.12)] };
