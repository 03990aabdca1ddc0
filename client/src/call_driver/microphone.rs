// SPDX-License-Identifier: EUPL-1.2
//! The microphone: whether there can be one, why there is none, and the one that is open.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, MediaDevices, MediaStream, MediaStreamConstraints, MediaStreamTrack};

use crate::{call::scene::Obstacle, dom::Listener};

/// What is known to stand in the way, without asking anybody.
pub fn obstacle() -> Option<Obstacle> {
    let window = web_sys::window()?;
    let has_webrtc =
        Reflect::get(&window, &"RTCPeerConnection".into()).is_ok_and(|found| found.is_function());
    if !has_webrtc || devices().is_none() {
        return Some(Obstacle::NoWebrtc);
    }
    (!allows_microphone(&window)).then_some(Obstacle::Forbidden)
}

/// Whether the page may use the microphone, by `document.featurePolicy`; engines without it say so when the microphone is asked
/// for.
fn allows_microphone(window: &web_sys::Window) -> bool {
    let answer = window.document().and_then(|document| {
        let policy = Reflect::get(&document, &"featurePolicy".into()).ok()?;
        let allows = Reflect::get(&policy, &"allowsFeature".into()).ok()?;
        allows.dyn_ref::<Function>()?.call1(&policy, &"microphone".into()).ok()?.as_bool()
    });
    answer.unwrap_or(true)
}

/// An open microphone. Dropping it stops it.
pub(super) struct Microphone {
    stream: MediaStream,
    track: MediaStreamTrack,
    _ended: Option<Listener>,
}

impl Microphone {
    /// Asks for the microphone. `on_lost` is called if it ends by itself.
    pub(super) async fn open(on_lost: impl FnMut() + 'static) -> Result<Self, Obstacle> {
        if let Some(obstacle) = obstacle() {
            return Err(obstacle);
        }
        let constraints = MediaStreamConstraints::new();
        constraints.set_audio(&JsValue::TRUE);
        let asked = devices().and_then(|devices| devices.get_user_media_with_constraints(&constraints).ok());
        let asked = asked.ok_or(Obstacle::NoWebrtc)?;
        let stream: MediaStream =
            JsFuture::from(asked).await.map_err(|error| refusal(&error))?.unchecked_into();
        let track = stream.get_audio_tracks().get(0);
        let track: MediaStreamTrack = track.dyn_into().map_err(|_| Obstacle::NoDevice)?;
        let ended = Listener::new(Clone::clone(&track).into(), "ended", on_lost);
        Ok(Self { stream, track, _ended: ended })
    }

    pub(super) fn mute(&self, muted: bool) {
        self.track.set_enabled(!muted);
    }

    pub(super) const fn track(&self) -> &MediaStreamTrack {
        &self.track
    }

    pub(super) const fn stream(&self) -> &MediaStream {
        &self.stream
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        self.track.stop();
    }
}

/// Calls `changed` whenever a device is plugged in or out.
pub(super) fn on_devices_changed(changed: impl FnMut() + 'static) -> Option<Listener> {
    Listener::new(devices()?.into(), "devicechange", changed)
}

fn refusal(error: &JsValue) -> Obstacle {
    match error.dyn_ref::<DomException>().map(DomException::name).as_deref() {
        Some("NotAllowedError" | "SecurityError") => Obstacle::Denied,
        _ => Obstacle::NoDevice,
    }
}

fn devices() -> Option<MediaDevices> {
    let navigator = web_sys::window()?.navigator();
    // Absent in pages without encryption.
    let devices = Reflect::get(&navigator, &"mediaDevices".into()).ok()?;
    devices.is_object().then(|| devices.unchecked_into())
}
