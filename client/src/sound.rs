// SPDX-License-Identifier: EUPL-1.2
//! Synthesised sounds: nothing is downloaded for them.
//!
//! A browser allows audio only after a user gesture. A sound that is due before is dropped and not played later, because its
//! event is over by then. A page has one context of audio for all of its sounds.

use std::cell::RefCell;

use js_sys::{Array, Promise};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioContext, AudioContextState, OscillatorType};

/// A few notes of one kind.
#[derive(Clone, Copy, Debug)]
pub struct Tune {
    /// The form of the wave.
    pub wave: OscillatorType,
    /// From 0 to 1.
    pub loudness: f32,
    /// How long each note fades, in seconds.
    pub lasts: f64,
    /// Pitches in hertz, and when each begins, in seconds.
    pub notes: &'static [(f32, f64)],
}

thread_local! {
    static CONTEXT: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// The fate of a sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is audible.
    Heard,
    /// It is not: the browser waits for somebody to press something first.
    Waited,
    /// It never is: the browser has no audio.
    Missing,
}

/// The fate of a sound that would be played now. If a press is wanted, the browser is asked: it may answer in a moment, with a
/// press that is just happening, or not before the next one.
pub async fn fate() -> Fate {
    let Some(context) = context() else { return Fate::Missing };
    if context.state() != AudioContextState::Running {
        // Suspended, or interrupted by a call.
        let Ok(resumed) = context.resume() else { return Fate::Missing };
        let late = Promise::new(&mut |resolve, _| {
            let _timer = web_sys::window().map(|window| {
                window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, GRANTED_WITHIN_MS)
            });
        });
        let _either = JsFuture::from(Promise::race(&Array::of2(&resumed, &late))).await;
    }
    if context.state() == AudioContextState::Running { Fate::Heard } else { Fate::Waited }
}

/// Plays a tune. A tune that cannot sound now does not sound later either.
pub async fn play(tune: &Tune) -> Fate {
    let fate = fate().await;
    match context().filter(|_| fate == Fate::Heard) {
        Some(context) if schedule(&context, tune).is_none() => Fate::Missing,
        Some(_) | None => fate,
    }
}

pub(crate) fn context() -> Option<AudioContext> {
    CONTEXT.with_borrow_mut(|context| {
        if context.is_none() {
            *context = AudioContext::new().ok();
        }
        context.clone()
    })
}

fn schedule(context: &AudioContext, tune: &Tune) -> Option<()> {
    let now = context.current_time();
    for (pitch, after) in tune.notes {
        let (oscillator, gain) = (context.create_oscillator().ok()?, context.create_gain().ok()?);
        let begin = now + after;
        oscillator.set_type(tune.wave);
        oscillator.frequency().set_value(*pitch);
        let volume = gain.gain();
        volume.set_value_at_time(0.0, begin).ok()?;
        volume.linear_ramp_to_value_at_time(tune.loudness, begin + RISES_S).ok()?;
        volume.exponential_ramp_to_value_at_time(SILENCE, begin + tune.lasts).ok()?;
        oscillator.connect_with_audio_node(&gain).ok()?;
        gain.connect_with_audio_node(&context.destination()).ok()?;
        oscillator.start_with_when(begin).ok()?;
        oscillator.stop_with_when(begin + tune.lasts + RISES_S).ok()?;
    }
    Some(())
}

const GRANTED_WITHIN_MS: i32 = 400;
const RISES_S: f64 = 0.02;
const SILENCE: f32 = 0.000_1;
