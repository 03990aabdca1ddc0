// SPDX-License-Identifier: EUPL-1.2
//! The sound of a message, for whoever wants one: two soft tones, made here, so that nothing is downloaded for it.

use web_sys::{AudioContext, OscillatorType};

/// Plays it. A browser that has no sound, or does not allow it yet, stays silent.
pub(crate) fn chime() {
    let _silent = play();
}

fn play() -> Option<()> {
    let audio = AudioContext::new().ok()?;
    let now = audio.current_time();
    for (tone, begins) in [(TONES[0], 0.0), (TONES[1], 0.12)] {
        let (oscillator, volume) = (audio.create_oscillator().ok()?, audio.create_gain().ok()?);
        oscillator.set_type(OscillatorType::Sine);
        oscillator.frequency().set_value(tone);
        volume.gain().set_value_at_time(LOUDNESS, now + begins).ok()?;
        volume.gain().exponential_ramp_to_value_at_time(SILENCE, now + begins + LASTS).ok()?;
        oscillator.connect_with_audio_node(&volume).ok()?;
        volume.connect_with_audio_node(&audio.destination()).ok()?;
        oscillator.start_with_when(now + begins).ok()?;
        oscillator.stop_with_when(now + begins + LASTS).ok()?;
    }
    Some(())
}

/// E5 and A5, in hertz.
const TONES: [f32; 2] = [659.3, 880.0];
const LOUDNESS: f32 = 0.1;
const SILENCE: f32 = 0.0001;
/// Seconds.
const LASTS: f64 = 0.3;
