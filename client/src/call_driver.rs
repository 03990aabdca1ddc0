// SPDX-License-Identifier: EUPL-1.2
//! The driver of a call: one microphone and one `RTCPeerConnection` that carry out what the machines of a call and of its text say,
//! each with a timer.
//!
//! - The microphone is asked for when a person presses: offering, accepting, taking over. It is stopped as soon as the machine is in
//!   no call any more, and with the driver: nothing listens after a call, whatever went wrong.
//! - A connection is made of the relay that the service gives, by the policy nothing but that. Its steps are carried out one after
//!   the other, and none once it is closed.
//! - Own sound is never played. The other side's is played by one element.

mod levels;
mod media;
mod microphone;
mod stats;

use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::Pin,
    rc::{Rc, Weak},
};

use infocig_protocol::{
    call::{CallAct, Relay},
    entry::Party,
    id::SeatId,
};
use wasm_bindgen_futures::spawn_local;

pub use self::microphone::obstacle;
use self::{media::Media, microphone::Microphone};
use crate::{
    call::{
        Call, CallCommand, CallView,
        scene::{CallScene, Levels},
        text::{RealTimeText, TextCommand, TextScene},
    },
    clock::now,
    dom::{Listener, on_leave},
    driver::random_id,
    link::LinkState,
    machine::Millis,
    session::Event,
    storage,
    timer::Timer,
};

/// A relay that is asked for.
pub type AskedRelay = Pin<Box<dyn Future<Output = Option<Relay>>>>;

/// What the driver needs of its interface. No function of it may call the driver back before it returns.
pub struct CallHooks {
    /// Sends an act over the link of the conversation.
    pub send: Box<dyn Fn(CallAct)>,
    /// Asks for the relay of a call.
    pub relay: Box<dyn Fn(u64) -> AskedRelay>,
    /// What is shown has changed.
    pub show: Box<dyn Fn(CallScene)>,
    /// One of the two is heard louder or less loud.
    pub levels: Box<dyn Fn(Levels)>,
    /// The real-time text has changed.
    pub text: Box<dyn Fn(TextScene)>,
}

/// A device's part in the calls of a conversation. Dropping it ends all media.
pub struct CallDriver {
    call: RefCell<Call>,
    hooks: CallHooks,
    /// The name under which the tab remembers the call over a reload.
    remembered_as: String,
    media: RefCell<Option<Rc<Media>>>,
    microphone: RefCell<Option<Microphone>>,
    /// Presses that wait for the microphone.
    asking: Cell<u32>,
    scene: RefCell<CallScene>,
    timer: Timer,
    text: RefCell<RealTimeText>,
    text_timer: Timer,
    listeners: RefCell<Vec<Listener>>,
    me: Weak<Self>,
}

impl CallDriver {
    /// A device that is in no call, but for the one that its page was in before it was loaded anew.
    pub fn start(party: Party, conversation: &str, hooks: CallHooks) -> Rc<Self> {
        let remembered_as = ["info-cig call ", conversation].concat();
        let rejoins = storage::session_get(&remembered_as).and_then(|call| call.parse().ok());
        let driver = Rc::new_cyclic(|me: &Weak<Self>| Self {
            call: RefCell::new(Call::new(party, new_seat(), rejoins)),
            hooks,
            remembered_as,
            media: RefCell::default(),
            microphone: RefCell::default(),
            asking: Cell::new(0),
            scene: RefCell::default(),
            timer: Timer::default(),
            text: RefCell::default(),
            text_timer: Timer::default(),
            listeners: RefCell::default(),
            me: me.clone(),
        });
        let window = web_sys::window().map(Into::into);
        let (online, leave) = (Rc::downgrade(&driver), Rc::downgrade(&driver));
        let online = window.and_then(|window| {
            Listener::new(window, "online", move || with(&online, |call| call.on_network_change(now())))
        });
        // A page that the browser keeps for the way back must not go on talking.
        let leave = on_leave(move || {
            if let Some(driver) = leave.upgrade() {
                driver.close();
                driver.microphone.replace(None);
            }
        });
        driver.listeners.replace(online.into_iter().chain(leave).collect());
        driver
    }

    /// An event of the conversation's session. It is heard in a task of its own, after those before it: the session is still busy
    /// with it, and an act goes over the same session.
    pub fn on_event(&self, event: &Event) {
        let is_heard = matches!(
            event,
            Event::Welcomed { .. } | Event::Link(_) | Event::Entries(_) | Event::Call(_) | Event::Refused(_)
        );
        if is_heard {
            let (me, event) = (self.me.clone(), event.clone());
            spawn_local(async move {
                if let Some(driver) = me.upgrade() {
                    driver.hear(event);
                }
            });
        }
    }

    fn hear(&self, event: Event) {
        let now = now();
        match event {
            Event::Welcomed { last_seq, .. } => self.act(|call| call.on_welcome(last_seq, now)),
            Event::Link(LinkState::Connecting | LinkState::Lost | LinkState::Over) => {
                self.call.borrow_mut().on_link_lost();
            }
            Event::Entries(entries) => {
                for entry in &entries {
                    self.act(|call| call.on_entry(entry, now));
                }
            }
            Event::Call(news) => self.act(|call| call.on_news(news, now)),
            Event::Refused(code) => self.act(|call| call.on_refused(code, now)),
            Event::Link(LinkState::Live)
            | Event::Began { .. }
            | Event::Older { .. }
            | Event::Presence { .. }
            | Event::Typing(_)
            | Event::Queue(_)
            | Event::History(_)
            | Event::HistoryEntries { .. }
            | Event::Stored(_)
            | Event::NotSent { .. }
            | Event::NotForwarded { .. } => {}
        }
    }

    /// Asks the other side to talk, once there is a microphone.
    pub fn offer(&self) {
        self.with_microphone(|call| call.offer(now()), |_| Vec::new());
    }

    /// Says yes, once there is a microphone; without one the call ends, and both are told why.
    pub fn accept(&self) {
        self.with_microphone(|call| call.accept(now()), |call| call.has_no_microphone(now()));
    }

    /// Says no.
    pub fn decline(&self) {
        self.act(|call| call.decline(now()));
    }

    /// Goes on with the call on this device, once there is a microphone.
    pub fn take(&self) {
        self.with_microphone(|call| call.take(new_seat(), now()), |_| Vec::new());
    }

    /// Hangs up, or takes the offer back.
    pub fn leave(&self) {
        self.act(|call| call.leave(now()));
    }

    /// The person has read why there is no call.
    pub fn forget_obstacle(&self) {
        self.change(|scene| scene.obstacle = None);
    }

    /// Switches the microphone off, or on again. The other side hears silence meanwhile.
    pub fn mute(&self, muted: bool) {
        if let Some(microphone) = self.microphone.borrow().as_ref() {
            microphone.mute(muted);
        }
        self.change(|scene| scene.muted = muted);
    }

    /// Switches the own real-time text on or off.
    pub fn switch_text(&self, on: bool) {
        self.with_text(|text| text.switch(on, now()));
    }

    /// The own line of real-time text is this now.
    pub fn write_text(&self, line: &str) {
        self.with_text(|text| text.write(line, now()));
    }

    /// Ends the own line of real-time text.
    pub fn end_text_line(&self) {
        self.with_text(|text| text.end_line(now()));
    }

    fn with_text(&self, act: impl FnOnce(&mut RealTimeText) -> Vec<TextCommand>) {
        let commands = act(&mut self.text.borrow_mut());
        self.carry_out_text(commands);
    }

    fn carry_out_text(&self, commands: Vec<TextCommand>) {
        for command in commands {
            match command {
                TextCommand::Send(block) => {
                    if let Some(media) = self.media.borrow().as_ref() {
                        media.send_text(&block);
                    }
                }
                TextCommand::WakeAt(at) => {
                    let me = self.me.clone();
                    self.text_timer.set(at, move || {
                        if let Some(driver) = me.upgrade() {
                            driver.with_text(|text| text.on_timeout(now()));
                        }
                    });
                }
                TextCommand::Show(scene) => (self.hooks.text)(scene),
            }
        }
    }

    /// Acts once there is a microphone, or otherwise once it is known that there is none.
    fn with_microphone(
        &self,
        act: impl FnOnce(&mut Call) -> Vec<CallCommand> + 'static,
        otherwise: impl FnOnce(&mut Call) -> Vec<CallCommand> + 'static,
    ) {
        if self.asking.get() > 0 {
            return;
        }
        self.change(|scene| (scene.obstacle, scene.muted) = (None, false));
        let me = self.me.clone();
        spawn_local(async move {
            let Some(driver) = me.upgrade() else { return };
            if driver.open_microphone().await {
                driver.act(act);
            } else {
                driver.act(otherwise);
            }
        });
    }

    /// Whether there is a microphone; asks for it where there is none yet.
    async fn open_microphone(self: &Rc<Self>) -> bool {
        if self.microphone.borrow().is_some() {
            return true;
        }
        self.asking.set(self.asking.get() + 1);
        self.change(|scene| scene.asks_permission = true);
        let me = self.me.clone();
        let opened = Microphone::open(move || {
            if let Some(driver) = me.upgrade() {
                driver.on_microphone_lost();
            }
        })
        .await;
        self.asking.set(self.asking.get() - 1);
        let obstacle = match opened {
            Ok(microphone) => {
                microphone.mute(self.scene.borrow().muted);
                self.microphone.replace(Some(microphone));
                None
            }
            Err(obstacle) => Some(obstacle),
        };
        self.change(|scene| {
            (scene.asks_permission, scene.obstacle) = (self.asking.get() > 0, obstacle);
        });
        obstacle.is_none()
    }

    /// The microphone was unplugged, or taken away: another one takes its place. Without one the call goes on, and the person
    /// listens.
    fn on_microphone_lost(self: &Rc<Self>) {
        let me = self.me.clone();
        self.microphone.replace(None);
        spawn_local(async move {
            let Some(driver) = me.upgrade() else { return };
            if !driver.is_in_call() {
                return;
            }
            let found = driver.open_microphone().await;
            let media = driver.media.borrow().clone();
            if let (Some(media), Some(microphone)) = (media, driver.microphone.borrow().as_ref()) {
                media.replace_track(microphone.track());
            }
            driver.change(|scene| scene.lost_microphone = !found);
            if !found {
                let again = driver.me.clone();
                driver.listeners.borrow_mut().extend(microphone::on_devices_changed(move || {
                    if let Some(driver) = again.upgrade()
                        && driver.scene.borrow().lost_microphone
                        && driver.asking.get() == 0
                    {
                        driver.on_microphone_lost();
                    }
                }));
            }
            driver.settle();
        });
    }

    fn act(&self, act: impl FnOnce(&mut Call) -> Vec<CallCommand>) {
        let commands = act(&mut self.call.borrow_mut());
        for command in commands {
            self.carry_out(command);
        }
        self.settle();
    }

    fn carry_out(&self, command: CallCommand) {
        match command {
            CallCommand::Send(act) => (self.hooks.send)(act),
            CallCommand::Open => self.open(),
            CallCommand::Close => self.close(),
            CallCommand::WakeAt(at) => self.wake_at(at),
            CallCommand::Show(view) => self.change(|scene| scene.view = view),
            CallCommand::MakeOffer { .. }
            | CallCommand::TakeOffer { .. }
            | CallCommand::TakeAnswer { .. }
            | CallCommand::AddCandidate { .. } => {
                if let Some(media) = self.media.borrow().as_ref() {
                    media.next(command);
                }
            }
        }
    }

    fn open(&self) {
        self.close();
        let (Some(driver), Some(call)) = (self.me.upgrade(), self.call.borrow().joined()) else { return };
        let media = Media::new(&driver, call);
        self.media.replace(Some(media.clone()));
        spawn_local(media.run());
    }

    fn close(&self) {
        if let Some(media) = self.media.take() {
            media.close();
            self.with_text(RealTimeText::on_close);
            self.change(|scene| scene.quality = None);
            (self.hooks.levels)(Levels::default());
        }
    }

    /// After every act: the microphone stays open only as long as the device is in a call or about to be, and the tab remembers
    /// which.
    fn settle(&self) {
        if !self.is_in_call() && self.asking.get() == 0 {
            self.microphone.replace(None);
            self.change(|scene| (scene.muted, scene.lost_microphone) = (false, false));
            self.forget_text();
        }
        match self.call.borrow().joined() {
            Some(call) => storage::session_set(&self.remembered_as, &call.to_string()),
            None => storage::session_remove(&self.remembered_as),
        }
    }

    /// The texts of a call are gone with it.
    fn forget_text(&self) {
        self.text_timer.stop();
        if *self.text.replace(RealTimeText::default()).scene() != TextScene::default() {
            (self.hooks.text)(TextScene::default());
        }
    }

    fn is_in_call(&self) -> bool {
        match self.call.borrow().view() {
            CallView::Asking | CallView::Connecting | CallView::Talking | CallView::Reconnecting => true,
            CallView::None | CallView::Asked | CallView::Elsewhere => false,
        }
    }

    fn change(&self, change: impl FnOnce(&mut CallScene)) {
        let mut scene = self.scene.borrow().clone();
        change(&mut scene);
        if *self.scene.borrow() != scene {
            self.scene.replace(scene.clone());
            (self.hooks.show)(scene);
        }
    }

    fn wake_at(&self, at: Millis) {
        let me = self.me.clone();
        self.timer.set(at, move || with(&me, |call| call.on_timeout(now())));
    }
}

impl Drop for CallDriver {
    fn drop(&mut self) {
        if let Some(media) = self.media.take() {
            media.close();
        }
    }
}

/// Acts, if the driver is still there.
fn with(driver: &Weak<CallDriver>, act: impl FnOnce(&mut Call) -> Vec<CallCommand>) {
    if let Some(driver) = driver.upgrade() {
        driver.act(act);
    }
}

/// A name for a seat that no other device makes.
#[expect(clippy::expect_used, reason = "hexadecimal digits, or those of a number: an id of either is valid")]
fn new_seat() -> SeatId {
    SeatId::parse(random_id()).expect("a random id is an id")
}
