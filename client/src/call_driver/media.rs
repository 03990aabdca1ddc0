// SPDX-License-Identifier: EUPL-1.2
//! The connection of a call: made once the relay and the microphone are there, and negotiated step by step.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::{Rc, Weak},
};

use infocig_protocol::call::Relay;
use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    HtmlAudioElement, MediaStream, MediaStreamTrack, MessageEvent, RtcConfiguration, RtcDataChannel,
    RtcDataChannelInit, RtcIceCandidateInit, RtcIceServer, RtcIceTransportPolicy, RtcPeerConnection,
    RtcPeerConnectionIceEvent, RtcPeerConnectionState, RtcRtpSender, RtcSdpType, RtcSessionDescriptionInit,
    RtcSignalingState, RtcTrackEvent,
};

use super::{CallDriver, levels::Meter, new_seat, stats, with};
use crate::{
    call::{
        CallCommand, Connection,
        quality::{MEASURED_EVERY_MS, QualityMeter},
        text::RealTimeText,
    },
    clock::now,
    dom::Listener,
    timer::Timer,
};

#[wasm_bindgen]
extern "C" {
    /// What `web-sys` does not know of an `RTCPeerConnection`.
    type Restarted;

    #[wasm_bindgen(method, catch, js_name = setConfiguration)]
    fn set_configuration(this: &Restarted, configuration: &RtcConfiguration) -> Result<(), JsValue>;

    #[wasm_bindgen(method, js_name = restartIce)]
    fn restart_ice(this: &Restarted);
}

/// A connection that is being made, is there, or is closed.
pub(super) struct Media {
    driver: Weak<CallDriver>,
    call: u64,
    steps: RefCell<VecDeque<CallCommand>>,
    /// Wakes the task that waits for a step.
    wake: RefCell<Option<Function>>,
    closed: Cell<bool>,
    open: RefCell<Option<Open>>,
    quality: RefCell<QualityMeter>,
    measured: Timer,
}

struct Open {
    connection: RtcPeerConnection,
    sender: RtcRtpSender,
    text: RtcDataChannel,
    audio: Option<HtmlAudioElement>,
    /// The sound of the other side.
    other: RefCell<Option<MediaStream>>,
    meter: RefCell<Option<Meter>>,
    _on_candidate: Closure<dyn FnMut(RtcPeerConnectionIceEvent)>,
    _on_state: Closure<dyn FnMut()>,
    _on_track: Closure<dyn FnMut(RtcTrackEvent)>,
    _on_block: Closure<dyn FnMut(MessageEvent)>,
    _on_text: [Option<Listener>; 2],
}

impl Media {
    pub(super) fn new(driver: &Rc<CallDriver>, call: u64) -> Rc<Self> {
        Rc::new(Self {
            driver: Rc::downgrade(driver),
            call,
            steps: RefCell::default(),
            wake: RefCell::default(),
            closed: Cell::new(false),
            open: RefCell::default(),
            quality: RefCell::default(),
            measured: Timer::default(),
        })
    }

    /// A step, after those before it.
    pub(super) fn next(&self, step: CallCommand) {
        self.steps.borrow_mut().push_back(step);
        self.wake();
    }

    /// Another microphone takes the place of the one before. The other side notices nothing of it.
    pub(super) fn replace_track(&self, track: &MediaStreamTrack) {
        if let Some(open) = self.open.borrow().as_ref() {
            let replaced = open.sender.replace_track(Some(track));
            spawn_local(async move {
                let _closed_meanwhile = JsFuture::from(replaced).await;
            });
        }
        self.measure();
    }

    /// Sends a block of real-time text.
    pub(super) fn send_text(&self, block: &str) {
        if let Some(open) = self.open.borrow().as_ref() {
            // A channel that has closed says so by an event; what was lost is marked when the next one opens.
            let _closed = open.text.send_with_str(block);
        }
    }

    /// Ends it: nothing is sent, received or played any more.
    pub(super) fn close(&self) {
        self.closed.set(true);
        self.measured.stop();
        self.wake();
        if let Some(open) = self.open.take() {
            open.connection.set_onicecandidate(None);
            open.connection.set_onconnectionstatechange(None);
            open.connection.set_ontrack(None);
            open.text.set_onmessage(None);
            open.connection.close();
            if let Some(audio) = &open.audio {
                let _paused = audio.pause();
                audio.set_src_object(None);
            }
        }
    }

    /// Makes the connection, then carries out steps until it is closed.
    pub(super) async fn run(self: Rc<Self>) {
        let Some(driver) = self.driver.upgrade() else { return };
        if !driver.open_microphone().await {
            if !self.closed.get() {
                with(&self.driver, |call| call.has_no_microphone(now()));
            }
            return;
        }
        // It was asked for, and meanwhile nobody needs it any more.
        driver.settle();
        drop(driver);
        let Some(relay) = self.relay().await else { return };
        if self.connect(&relay).is_err() {
            return with(&self.driver, |call| call.on_negotiation_failed(new_seat(), now()));
        }
        self.measure_quality();
        while !self.closed.get() {
            let step = self.steps.borrow_mut().pop_front();
            match step {
                Some(step) => self.carry_out(step).await,
                None => self.wait().await,
            }
        }
    }

    /// The relay, asked for until it is there or the machine gives up.
    async fn relay(&self) -> Option<Relay> {
        loop {
            let asked = self.driver.upgrade().map(|driver| (driver.hooks.relay)(self.call))?;
            let relay = asked.await;
            if self.closed.get() {
                return None;
            }
            if relay.is_some() {
                return relay;
            }
            pause(RELAY_AGAIN_AFTER_MS).await;
            if self.closed.get() {
                return None;
            }
        }
    }

    fn connect(self: &Rc<Self>, relay: &Relay) -> Result<(), JsValue> {
        let driver = self.driver.upgrade().ok_or(JsValue::UNDEFINED)?;
        let microphone = driver.microphone.borrow();
        let microphone = microphone.as_ref().ok_or(JsValue::UNDEFINED)?;
        let connection = RtcPeerConnection::new_with_configuration(&configuration(relay))?;
        let sender = connection.add_track_0(microphone.track(), microphone.stream());
        let me = Rc::downgrade(self);
        let on_candidate = Closure::new(move |event: RtcPeerConnectionIceEvent| {
            let found = event.candidate().filter(|found| !found.candidate().is_empty());
            if let (Some(media), Some(found)) = (me.upgrade(), found) {
                let (candidate, mid) = (found.candidate(), found.sdp_mid());
                with(&media.driver, |call| call.on_local_candidate(candidate, mid, now()));
            }
        });
        let me = Rc::downgrade(self);
        let on_state = Closure::new(move || {
            if let Some(media) = me.upgrade() {
                media.on_state();
            }
        });
        let me = Rc::downgrade(self);
        let on_track = Closure::new(move |event: RtcTrackEvent| {
            if let Some(media) = me.upgrade() {
                media.play(&event.track());
            }
        });
        connection.set_onicecandidate(Some(on_candidate.as_ref().unchecked_ref()));
        connection.set_onconnectionstatechange(Some(on_state.as_ref().unchecked_ref()));
        connection.set_ontrack(Some(on_track.as_ref().unchecked_ref()));
        let text = text_channel(&connection);
        let me = self.driver.clone();
        let on_block = Closure::new(move |event: MessageEvent| {
            if let (Some(driver), Some(block)) = (me.upgrade(), event.data().as_string()) {
                driver.with_text(|text| text.on_block(&block));
            }
        });
        text.set_onmessage(Some(on_block.as_ref().unchecked_ref()));
        let (opened, closed) = (self.driver.clone(), self.driver.clone());
        let on_text = [
            Listener::new(text.clone().into(), "open", move || {
                if let Some(driver) = opened.upgrade() {
                    driver.with_text(|text| text.on_open(now()));
                }
            }),
            Listener::new(text.clone().into(), "close", move || {
                if let Some(driver) = closed.upgrade() {
                    driver.with_text(RealTimeText::on_close);
                }
            }),
        ];
        self.open.replace(Some(Open {
            connection,
            sender,
            text,
            audio: HtmlAudioElement::new().ok(),
            other: RefCell::default(),
            meter: RefCell::default(),
            _on_candidate: on_candidate,
            _on_state: on_state,
            _on_track: on_track,
            _on_block: on_block,
            _on_text: on_text,
        }));
        Ok(())
    }

    fn on_state(&self) {
        let state = self.open.borrow().as_ref().map(|open| open.connection.connection_state());
        let connection = match state {
            Some(RtcPeerConnectionState::Connected) => Connection::Connected,
            Some(RtcPeerConnectionState::Disconnected) => Connection::Interrupted,
            Some(RtcPeerConnectionState::Failed) => Connection::Failed,
            _ => return,
        };
        with(&self.driver, |call| call.on_connection(connection, now()));
    }

    /// Plays the other side, and measures both.
    fn play(&self, track: &MediaStreamTrack) {
        let Ok(stream) = MediaStream::new_with_tracks(&Array::of1(track)) else { return };
        if let Some(open) = self.open.borrow().as_ref() {
            if let Some(audio) = &open.audio {
                audio.set_src_object(Some(&stream));
                if let Ok(playing) = audio.play() {
                    spawn_local(async move {
                        let _refused = JsFuture::from(playing).await;
                    });
                }
            }
            open.other.replace(Some(stream));
        }
        self.measure();
    }

    /// Measures how loud the microphone that is open now and the other side are.
    fn measure(&self) {
        let (open, Some(driver)) = (self.open.borrow(), self.driver.upgrade()) else { return };
        let microphone = driver.microphone.borrow();
        let (Some(open), Some(own)) = (open.as_ref(), microphone.as_ref()) else { return };
        let driver = self.driver.clone();
        let meter = open.other.borrow().as_ref().and_then(|other| {
            Meter::start(own.stream(), other, move |levels| {
                if let Some(driver) = driver.upgrade() {
                    (driver.hooks.levels)(levels);
                }
            })
        });
        open.meter.replace(meter);
    }

    /// Says every few seconds how good the connection is.
    fn measure_quality(self: &Rc<Self>) {
        let me = Rc::downgrade(self);
        self.measured.set(now() + MEASURED_EVERY_MS, move || {
            spawn_local(async move {
                let Some(media) = me.upgrade() else { return };
                let connection = media.open.borrow().as_ref().map(|open| open.connection.clone());
                let Some(connection) = connection else { return };
                let sample = stats::sample(&connection).await;
                if media.closed.get() {
                    return;
                }
                if let (Some(driver), Some(sample)) = (media.driver.upgrade(), sample) {
                    let quality = media.quality.borrow_mut().measure(sample);
                    driver.change(|scene| scene.quality = Some(quality));
                }
                media.measure_quality();
            });
        });
    }

    async fn carry_out(&self, step: CallCommand) {
        let connection = self.open.borrow().as_ref().map(|open| open.connection.clone());
        let Some(connection) = connection else { return };
        let done = match step {
            CallCommand::MakeOffer { round, restart } => self.make_offer(&connection, round, restart).await,
            CallCommand::TakeOffer { round, sdp } => self.take_offer(&connection, round, &sdp).await,
            CallCommand::TakeAnswer { sdp } => {
                describe_other(&connection, RtcSdpType::Answer, &sdp).await.map(drop)
            }
            CallCommand::AddCandidate { candidate, mid } => {
                let init = RtcIceCandidateInit::new(&candidate);
                init.set_sdp_mid(mid.as_deref());
                let added = connection.add_ice_candidate_with_opt_rtc_ice_candidate_init(Some(&init));
                // One of an offer that was not taken.
                let _refused = JsFuture::from(added).await;
                Ok(())
            }
            CallCommand::Send(_)
            | CallCommand::Open
            | CallCommand::Close
            | CallCommand::WakeAt(_)
            | CallCommand::Show(_) => Ok(()),
        };
        if done.is_err() && !self.closed.get() {
            with(&self.driver, |call| call.on_negotiation_failed(new_seat(), now()));
        }
    }

    async fn make_offer(
        &self,
        connection: &RtcPeerConnection,
        round: u32,
        restart: bool,
    ) -> Result<(), JsValue> {
        if restart {
            // The credentials of before may have run out, and a restart begins anew at the relay.
            let asked = self.driver.upgrade().map(|driver| (driver.hooks.relay)(self.call));
            if let Some(asked) = asked
                && let Some(relay) = asked.await
                && !self.closed.get()
            {
                let restarted: &Restarted = connection.unchecked_ref();
                let _kept = restarted.set_configuration(&configuration(&relay));
            }
            connection.unchecked_ref::<Restarted>().restart_ice();
        }
        let offer = JsFuture::from(connection.create_offer()).await?;
        JsFuture::from(connection.set_local_description(offer.unchecked_ref())).await?;
        let sdp = own_description(connection)?;
        if !self.closed.get() {
            with(&self.driver, |call| call.on_local_offer(round, sdp, now()));
        }
        Ok(())
    }

    /// Fails where an own offer is under way: the browser would take it back, after which Chromium's Web Audio hears nothing of the
    /// other side any more. Both begin another connection then.
    async fn take_offer(&self, connection: &RtcPeerConnection, round: u32, sdp: &str) -> Result<(), JsValue> {
        if connection.signaling_state() == RtcSignalingState::HaveLocalOffer {
            return Err(JsValue::UNDEFINED);
        }
        describe_other(connection, RtcSdpType::Offer, sdp).await?;
        let answer = JsFuture::from(connection.create_answer()).await?;
        JsFuture::from(connection.set_local_description(answer.unchecked_ref())).await?;
        let sdp = own_description(connection)?;
        if !self.closed.get() {
            with(&self.driver, |call| call.on_local_answer(round, sdp, now()));
        }
        Ok(())
    }

    async fn wait(&self) {
        let woken = Promise::new(&mut |resolve, _| {
            self.wake.replace(Some(resolve));
        });
        let _woken = JsFuture::from(woken).await;
    }

    fn wake(&self) {
        if let Some(wake) = self.wake.take() {
            let _resolved = wake.call0(&JsValue::NULL);
        }
    }
}

/// The channel of real-time text (RFC 8865): reliable and in order, made by both sides under the same number, so that it is there with
/// the first offer and needs none of its own.
fn text_channel(connection: &RtcPeerConnection) -> RtcDataChannel {
    let init = RtcDataChannelInit::new();
    init.set_protocol("t140");
    init.set_negotiated(true);
    init.set_id(TEXT_CHANNEL);
    connection.create_data_channel_with_data_channel_dict("", &init)
}

/// Takes a description of the other side.
async fn describe_other(
    connection: &RtcPeerConnection,
    kind: RtcSdpType,
    sdp: &str,
) -> Result<JsValue, JsValue> {
    let description = RtcSessionDescriptionInit::new(kind);
    description.set_sdp(sdp);
    JsFuture::from(connection.set_remote_description(&description)).await
}

fn own_description(connection: &RtcPeerConnection) -> Result<String, JsValue> {
    connection.local_description().map(|description| description.sdp()).ok_or(JsValue::UNDEFINED)
}

fn configuration(relay: &Relay) -> RtcConfiguration {
    let configuration = RtcConfiguration::new();
    let servers = Array::new();
    for server in &relay.servers {
        let of = RtcIceServer::new();
        let urls: Array = server.urls.iter().map(|url| JsValue::from_str(url)).collect();
        of.set_urls(&urls);
        of.set_username(&server.username);
        of.set_credential(&server.credential);
        servers.push(&of);
    }
    configuration.set_ice_servers(&servers);
    if relay.relay_only {
        configuration.set_ice_transport_policy(RtcIceTransportPolicy::Relay);
    }
    configuration
}

async fn pause(millis: i32) {
    let over = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _timer = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
        }
    });
    let _over = JsFuture::from(over).await;
}

const TEXT_CHANNEL: u16 = 0;
const RELAY_AGAIN_AFTER_MS: i32 = 2_000;
