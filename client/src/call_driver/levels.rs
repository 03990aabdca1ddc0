// SPDX-License-Identifier: EUPL-1.2
//! How loud the two sides of a call are, for an indicator that is seen and read (EN 301 549, 6.2.2.4).

use std::{cell::Cell, rc::Rc};

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{AnalyserNode, MediaStream, MediaStreamAudioSourceNode};

use crate::{call::scene::Levels, sound};

/// A measurement that goes on until it is dropped.
pub(super) struct Meter {
    timer: i32,
    sides: [Side; 2],
    _measure: Closure<dyn FnMut()>,
}

#[derive(Clone)]
struct Side {
    source: MediaStreamAudioSourceNode,
    analyser: AnalyserNode,
}

impl Meter {
    /// Measures two streams, and tells whenever a level changes.
    pub(super) fn start(
        own: &MediaStream,
        other: &MediaStream,
        tell: impl Fn(Levels) + 'static,
    ) -> Option<Self> {
        let sides = [Side::new(own)?, Side::new(other)?];
        let measured = sides.clone();
        let told = Rc::new(Cell::new(Levels::default()));
        let measure = Closure::<dyn FnMut()>::new(move || {
            let [own, other] = measured.each_ref().map(Side::level);
            let levels = Levels { own, other };
            if told.replace(levels) != levels {
                tell(levels);
            }
        });
        let timer = web_sys::window()?
            .set_interval_with_callback_and_timeout_and_arguments_0(
                measure.as_ref().unchecked_ref(),
                MEASURED_EVERY_MS,
            )
            .ok()?;
        Some(Self { timer, sides, _measure: measure })
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            window.clear_interval_with_handle(self.timer);
        }
        for side in &self.sides {
            let _disconnected = side.source.disconnect();
        }
    }
}

impl Side {
    fn new(stream: &MediaStream) -> Option<Self> {
        let context = sound::context()?;
        let (source, analyser) =
            (context.create_media_stream_source(stream).ok()?, context.create_analyser().ok()?);
        analyser.set_fft_size(WINDOW);
        source.connect_with_audio_node(&analyser).ok()?;
        Some(Self { source, analyser })
    }

    fn level(&self) -> u8 {
        let mut samples = [0.0; WINDOW as usize];
        self.analyser.get_float_time_domain_data(&mut samples);
        let loudest = samples.iter().fold(0.0_f32, |loudest, sample| loudest.max(sample.abs()));
        let above = STEPS.iter().filter(|step| loudest > **step).count();
        u8::try_from(above).unwrap_or(Levels::LOUDEST)
    }
}

/// The amplitudes above which a level begins, each three times the one before.
const STEPS: [f32; Levels::LOUDEST as usize] = [0.01, 0.03, 0.1, 0.3];
const WINDOW: u32 = 1_024;
const MEASURED_EVERY_MS: i32 = 250;
