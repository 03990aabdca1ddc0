// SPDX-License-Identifier: EUPL-1.2
//! What a browser has counted of a connection, read from `RTCPeerConnection.getStats`.

use js_sys::{Array, Reflect, try_iter};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::RtcPeerConnection;

use crate::call::quality::Sample;

/// What was counted up to now. `None` if the connection is closed, or nothing has come over it.
pub(super) async fn sample(connection: &RtcPeerConnection) -> Option<Sample> {
    let report = JsFuture::from(connection.get_stats()).await.ok()?;
    let mut sample = None;
    for found in try_iter(&report).ok()??.flatten() {
        let stats = found.dyn_ref::<Array>()?.get(1);
        match Reflect::get(&stats, &"type".into()).ok()?.as_string().as_deref() {
            Some("inbound-rtp") => {
                let sample = sample.get_or_insert_with(Sample::default);
                sample.received = number(&stats, "packetsReceived");
                sample.lost = number(&stats, "packetsLost");
                sample.played = number(&stats, "totalSamplesReceived");
                sample.concealed =
                    number(&stats, "concealedSamples") - number(&stats, "silentConcealedSamples");
                sample.held_back = number(&stats, "jitterBufferDelay");
                sample.let_out = number(&stats, "jitterBufferEmittedCount");
                sample.jitter = number(&stats, "jitter");
            }
            Some("remote-inbound-rtp") => {
                let sample = sample.get_or_insert_with(Sample::default);
                sample.round_trip = number(&stats, "roundTripTime");
                sample.lost_there = number(&stats, "fractionLost");
            }
            _ => {}
        }
    }
    sample
}

/// What a browser does not count is 0.
fn number(stats: &JsValue, name: &str) -> f64 {
    Reflect::get(stats, &name.into()).ok().and_then(|value| value.as_f64()).unwrap_or_default()
}
