// SPDX-License-Identifier: EUPL-1.2
//! The places of a conversation's call entries in the widget's log, and the link that fills them.
//!
//! The widget reads no calls. This module has a link of its own to the same conversation, by the same ticket: it is one more device of
//! the person to the service, and only as long as there is a call or an entry to be read.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::{Rc, Weak},
};

use infocig_client::{
    call::{CallView, scene::CallScene, text::TextScene, words as said},
    call_driver::{CallDriver, CallHooks, obstacle},
    clock, dates,
    driver::Driver,
    http::{self, Address},
    link::LinkState,
    machine::Millis,
    session::{Event, Session},
    timer::Timer,
    words::Words,
};
use infocig_protocol::{
    call::CallStep,
    entry::{Entry, EntryBody, Party},
    id::ConversationId,
    language::Language,
    time::Timestamp,
};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{CssStyleSheet, HtmlElement, ShadowRoot};

use crate::view::Dialogue;

thread_local! {
    /// The calls of each conversation that was shown in this page.
    static SHOWN: RefCell<BTreeMap<String, Rc<Calls>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Fills the place of an entry in the log with its words, and shows the call there is beside the log. The number 0 is no entry: the
/// person asks for a call.
///
/// # Errors
/// The conversation's id or the texts are none.
#[wasm_bindgen]
#[expect(
    clippy::too_many_arguments,
    reason = "one call from JavaScript, of values that have nothing to do with each other"
)]
pub fn mount(
    line: HtmlElement,
    seq: u32,
    edge: String,
    conversation: &str,
    ticket: &str,
    language: &str,
    texts: &str,
    styles: &str,
) -> Result<(), JsValue> {
    let id =
        ConversationId::parse(conversation.to_owned()).map_err(|_| JsValue::from_str("no conversation"))?;
    let language = Language::of_tag(language).unwrap_or_default();
    let words = Words::read(language, texts).ok_or_else(|| JsValue::from_str("no texts"))?;
    let root: ShadowRoot =
        line.get_root_node().dyn_into().map_err(|_| JsValue::from_str("no shadow root"))?;
    let calls = SHOWN.with_borrow_mut(|shown| {
        shown.entry(conversation.to_owned()).or_insert_with(|| Calls::new(edge, id)).clone()
    });
    calls.words.replace(Some(words));
    calls.ticket.replace(ticket.to_owned());
    style(&root, styles);
    if seq == 0 {
        calls.show_in(&root);
        calls.ask();
    } else {
        calls.put(seq.into(), line);
        calls.show_in(&root);
        calls.listen();
    }
    Ok(())
}

/// The calls of a conversation.
struct Calls {
    edge: String,
    conversation: ConversationId,
    ticket: RefCell<String>,
    words: RefCell<Option<Words>>,
    /// The places in the log, by the number of the entry.
    lines: RefCell<BTreeMap<u64, HtmlElement>>,
    /// The entries that are calls' steps, by their number.
    steps: RefCell<BTreeMap<u64, (Timestamp, CallStep)>>,
    /// The number of the last entry that was read.
    read_up_to: Cell<u64>,
    link: RefCell<Option<Rc<Driver<Session>>>>,
    device: RefCell<Option<Rc<CallDriver>>>,
    scene: RefCell<CallScene>,
    text: RefCell<TextScene>,
    dialogue: RefCell<Option<Dialogue>>,
    /// Since when the two hear each other, by the clock of the device, which may be another than the service's.
    hears_since: Cell<Option<Timestamp>>,
    /// A call was shown, and its end not long enough.
    was_in_call: Cell<bool>,
    /// The button that was pressed gives way to the dialogue.
    takes_focus: Cell<bool>,
    idle: Timer,
    me: Weak<Self>,
}

impl Calls {
    fn new(edge: String, conversation: ConversationId) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            edge,
            conversation,
            ticket: RefCell::default(),
            words: RefCell::default(),
            lines: RefCell::default(),
            steps: RefCell::default(),
            read_up_to: Cell::new(0),
            link: RefCell::default(),
            device: RefCell::default(),
            scene: RefCell::default(),
            text: RefCell::default(),
            dialogue: RefCell::default(),
            hears_since: Cell::new(None),
            was_in_call: Cell::new(false),
            takes_focus: Cell::new(false),
            idle: Timer::default(),
            me: me.clone(),
        })
    }

    fn say<R>(&self, say: impl FnOnce(&Words) -> R) -> Option<R> {
        self.words.borrow().as_ref().map(say)
    }

    fn put(&self, seq: u64, line: HtmlElement) {
        self.lines.borrow_mut().insert(seq, line);
        self.fill(seq);
    }

    /// Writes the words of an entry into its place.
    fn fill(&self, seq: u64) {
        let steps = self.steps.borrow();
        let (Some((at, step)), Some(line)) = (steps.get(&seq), self.lines.borrow().get(&seq).cloned()) else {
            return;
        };
        let said = self.say(|words| [&*said::step(words, step, ""), " · ", &*dates::clock(*at)].concat());
        line.set_text_content(said.as_deref());
    }

    /// The dialogue beside the log, in the panel as it is now: the widget builds it anew when it was put away.
    fn show_in(&self, root: &ShadowRoot) {
        let Some(frame) = root.query_selector(".conversation .log-frame").ok().flatten() else { return };
        let is_there = self.dialogue.borrow().as_ref().is_some_and(|dialogue| dialogue.stands_before(&frame));
        if is_there {
            return;
        }
        let me = self.me.clone();
        let made = self.say(|words| {
            Dialogue::new(words, move |press| {
                if let Some(device) = me.upgrade().and_then(|calls| calls.device.borrow().clone()) {
                    press.on(&device);
                }
            })
        });
        if let Some(Some(dialogue)) = made {
            dialogue.stand_before(&frame);
            self.dialogue.replace(Some(dialogue));
            self.show();
        }
    }

    /// Asks the advisor to talk.
    fn ask(&self) {
        self.stay();
        if self.link.borrow().is_none() {
            self.open_link();
        }
        self.takes_focus.set(true);
        if let Some(device) = self.device.borrow().clone() {
            device.offer();
        }
    }

    /// Opens the link, unless it is open or everything is known.
    fn listen(&self) {
        self.stay();
        if self.link.borrow().is_none() && self.is_unread() {
            self.open_link();
        }
    }

    fn open_link(&self) {
        self.device.replace(Some(self.device()));
        let path = format!("/v1/conversations/{}/socket", self.conversation);
        let me = self.me.clone();
        let session = Session::new(self.ticket.borrow().clone(), Vec::new()).with_calls();
        let link = Driver::start(session, Address::of(&self.edge, &path), move |event| {
            if let Some(calls) = me.upgrade() {
                calls.on_event(&event);
            }
        });
        self.link.replace(Some(link));
    }

    /// Whether there is a place whose entry has not come.
    fn is_unread(&self) -> bool {
        self.lines.borrow().keys().any(|seq| *seq > self.read_up_to.get())
    }

    fn device(&self) -> Rc<CallDriver> {
        let (sender, asker, shower, meter, writer) =
            (self.me.clone(), self.me.clone(), self.me.clone(), self.me.clone(), self.me.clone());
        let hooks = CallHooks {
            send: Box::new(move |act| {
                let link = sender.upgrade().and_then(|calls| calls.link.borrow().clone());
                if let Some(link) = link {
                    link.with(|session| session.call(act));
                }
            }),
            relay: Box::new(move |call| {
                let of = asker.upgrade().map(|calls| {
                    (calls.edge.clone(), calls.ticket.borrow().clone(), calls.conversation.clone())
                });
                Box::pin(async move {
                    let (edge, ticket, conversation) = of?;
                    http::relay(&edge, &ticket, &conversation, call).await.ok()
                })
            }),
            show: Box::new(move |scene| {
                if let Some(calls) = shower.upgrade() {
                    calls.on_scene(scene);
                }
            }),
            levels: Box::new(move |levels| {
                if let Some(calls) = meter.upgrade()
                    && let Some(dialogue) = calls.dialogue.borrow().as_ref()
                {
                    calls.say(|words| dialogue.show_levels(words, levels));
                }
            }),
            text: Box::new(move |text| {
                if let Some(calls) = writer.upgrade() {
                    calls.text.replace(text);
                    calls.show();
                }
            }),
        };
        CallDriver::start(Party::Citizen, self.conversation.as_str(), hooks)
    }

    fn on_event(&self, event: &Event) {
        if let Some(device) = self.device.borrow().as_ref() {
            device.on_event(event);
        }
        if let Event::Entries(entries) = event {
            self.on_entries(entries);
        } else if *event == Event::Link(LinkState::Over) {
            self.stay();
        }
    }

    fn on_entries(&self, entries: &[Entry]) {
        for entry in entries {
            self.read_up_to.set(self.read_up_to.get().max(entry.seq));
            if let EntryBody::Call { step, .. } = &entry.body {
                self.steps.borrow_mut().insert(entry.seq, (entry.at, step.clone()));
                self.fill(entry.seq);
            }
        }
        self.show();
        self.stay();
    }

    fn on_scene(&self, scene: CallScene) {
        let is_asked = scene.view == CallView::Asked && self.scene.borrow().view != CallView::Asked;
        if scene.view != CallView::None {
            self.was_in_call.set(true);
        }
        let began = || self.hears_since.get().unwrap_or_else(|| Timestamp::from_millis(clock::now()));
        self.hears_since.set(scene.has_sound().then(began));
        self.scene.replace(scene);
        self.show();
        self.focus();
        self.stay();
        // What cannot be accepted is declined at once, with the reason: the advisor must not wait for somebody who only reads it.
        if is_asked && obstacle().is_some() {
            let me = self.me.clone();
            wasm_bindgen_futures::spawn_local(async move {
                if let Some(device) = me.upgrade().and_then(|calls| calls.device.borrow().clone()) {
                    device.accept();
                }
            });
        }
    }

    /// After the press on the button, which is hidden now: until there is a call or a reason for none. The dialogue is away for a
    /// moment once the microphone is there and the advisor is not asked yet.
    fn focus(&self) {
        let scene = self.scene.borrow();
        if !self.takes_focus.get() || *scene == CallScene::default() {
            return;
        }
        if let Some(dialogue) = self.dialogue.borrow().as_ref() {
            dialogue.focus();
        }
        self.takes_focus.set(scene.view == CallView::None && scene.obstacle.is_none());
    }

    fn show(&self) {
        let scene = self.scene.borrow();
        let steps = self.steps.borrow();
        let newest = steps.values().next_back();
        let since = self.hears_since.get();
        // The end of a call that was shown here is said for some moments, and stays in the log.
        let ended = newest
            .filter(|(_, step)| matches!(step, CallStep::Declined {} | CallStep::Ended { .. }))
            .filter(|_| self.was_in_call.get())
            .and_then(|(_, step)| self.say(|words| said::step(words, step, "")));
        if let Some(dialogue) = self.dialogue.borrow().as_ref() {
            self.say(|words| dialogue.show(words, &scene, &self.text.borrow(), since, ended));
        }
    }

    /// The link ends some moments after the call.
    fn stay(&self) {
        self.idle.stop();
        if *self.scene.borrow() != CallScene::default() {
            return;
        }
        let me = self.me.clone();
        self.idle.set(clock::now() + ENDS_AFTER_MS, move || {
            let Some(calls) = me.upgrade() else { return };
            if calls.is_unread() {
                return calls.stay();
            }
            calls.was_in_call.set(false);
            drop((calls.device.take(), calls.link.take()));
            calls.show();
        });
    }
}

/// Gives the widget's root the styles of the dialogue, once.
fn style(root: &ShadowRoot, styles: &str) {
    let sheets: js_sys::Array = root.adopted_style_sheets().unchecked_into();
    let marked = sheets.iter().any(|sheet| js_sys::Reflect::has(&sheet, &MARK.into()).unwrap_or_default());
    if marked {
        return;
    }
    if let Ok(sheet) = CssStyleSheet::new()
        && sheet.replace_sync(styles).is_ok()
    {
        let _set = js_sys::Reflect::set(&sheet, &MARK.into(), &JsValue::TRUE);
        sheets.push(&sheet);
        root.set_adopted_style_sheets(&sheets);
    }
}

const MARK: &str = "infoCigCall";
const ENDS_AFTER_MS: Millis = 10_000;
