// SPDX-License-Identifier: EUPL-1.2
//! The dialogue of a call, beside the chat: polite, because it takes no focus by itself, and it is not modal, because the chat stays
//! usable.
//!
//! Its parts are made once and hidden while they mean nothing: a button that has the focus is the same one a moment later. If
//! the one with the focus is hidden, the dialogue takes it.

mod text;

use std::{cell::Cell, rc::Rc};

use infocig_client::{
    call::{
        CallView,
        scene::{CallScene, Levels, clock},
        text::TextScene,
        words as said,
    },
    call_driver::CallDriver,
    clock::now,
    dom::Listener,
    words::Words,
};
use infocig_protocol::time::Timestamp;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Document, Element, HtmlElement, ShadowRoot};

use self::text::TextPane;

/// What a person presses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Press {
    Accept,
    Decline,
    Take,
    Mute(bool),
    /// Switches real-time text on or off.
    Text(bool),
    /// The line of real-time text is this now.
    Write(String),
    EndLine,
    Leave,
    Dismiss,
}

impl Press {
    pub(crate) fn on(self, device: &CallDriver) {
        match self {
            Self::Accept => device.accept(),
            Self::Decline => device.decline(),
            Self::Take => device.take(),
            Self::Mute(muted) => device.mute(muted),
            Self::Text(on) => device.switch_text(on),
            Self::Write(line) => device.write_text(&line),
            Self::EndLine => device.end_text_line(),
            Self::Leave => device.leave(),
            Self::Dismiss => device.forget_obstacle(),
        }
    }
}

pub(crate) struct Dialogue {
    root: HtmlElement,
    line: HtmlElement,
    obstacle: HtmlElement,
    time: HtmlElement,
    levels: HtmlElement,
    quality: HtmlElement,
    own: Level,
    other: Level,
    note: HtmlElement,
    buttons: HtmlElement,
    accept: HtmlElement,
    decline: HtmlElement,
    take: HtmlElement,
    mute: HtmlElement,
    write: HtmlElement,
    leave: HtmlElement,
    dismiss: HtmlElement,
    text: TextPane,
    muted: Rc<Cell<bool>>,
    writes: Rc<Cell<bool>>,
    tick: Cell<Option<(i32, Timestamp)>>,
    _listeners: Vec<Listener>,
}

struct Level {
    bars: Vec<Element>,
    heard: HtmlElement,
}

impl Dialogue {
    /// A dialogue that is nowhere yet. `None` in a page without a document.
    pub(crate) fn new(words: &Words, on_press: impl Fn(Press) + Clone + 'static) -> Option<Self> {
        let document = web_sys::window()?.document()?;
        let make = Maker { document, words };
        let root = make.part("div", "call", "call")?;
        for (name, value) in [("role", "dialog"), ("aria-labelledby", LINE), ("tabindex", "-1")] {
            root.set_attribute(name, value).ok()?;
        }
        let obstacle = make.part("p", "call-obstacle", "call-obstacle")?;
        obstacle.set_attribute("role", "alert").ok()?;
        let line = make.part("p", "call-line", "call-line")?;
        line.set_id(LINE);
        line.set_attribute("role", "status").ok()?;
        let time = make.part("p", "call-time", "call-time")?;
        time.set_attribute("role", "timer").ok()?;
        time.set_attribute("aria-live", "off").ok()?;
        let levels = make.part("div", "call-levels", "call-levels")?;
        let (own, other) = (
            make.level(&levels, "call-own", "call.level_own")?,
            make.level(&levels, "call-other", "call.level_other")?,
        );
        let quality = make.part("p", "call-quality", "call-quality")?;
        levels.append_child(&quality).ok()?;
        let note = make.said("p", "call-note", "call-unrecorded", "call.not_recorded")?;
        let buttons = make.part("div", "actions", "call-buttons")?;
        let button = |part: &str, look: &str, key: &str| {
            let made = make.said("button", look, part, key)?;
            made.set_attribute("type", "button").ok()?;
            buttons.append_child(&made).ok()?;
            Some(made)
        };
        let accept = button("call-accept", "button primary", "call.accept")?;
        let decline = button("call-decline", "button", "call.decline")?;
        let take = button("call-take", "button primary", "call.take")?;
        let mute = button("call-mute", "button", "call.mute")?;
        let write = button("call-write", "button", "call.text_on")?;
        let leave = button("call-leave", "button", "call.leave")?;
        let dismiss = button("call-dismiss", "button", "call.dismiss")?;
        let text = TextPane::new(&make, on_press.clone())?;
        for part in [&line, &obstacle, &buttons, &time, &levels, &text.root, &note] {
            root.append_child(part).ok()?;
        }
        let (muted, writes) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(false)));
        let presses = [
            (&accept, Press::Accept),
            (&decline, Press::Decline),
            (&take, Press::Take),
            (&leave, Press::Leave),
            (&dismiss, Press::Dismiss),
        ];
        let mut listeners: Vec<Listener> = presses
            .into_iter()
            .filter_map(|(button, press)| {
                let on_press = on_press.clone();
                Listener::new(button.clone().into(), "click", move || on_press(press.clone()))
            })
            .collect();
        let (is_muted, on_mute) = (muted.clone(), on_press.clone());
        listeners.extend(Listener::new(mute.clone().into(), "click", move || {
            on_mute(Press::Mute(!is_muted.get()));
        }));
        let (is_written, field) = (writes.clone(), text.field.clone());
        listeners.extend(Listener::new(write.clone().into(), "click", move || {
            on_press(Press::Text(!is_written.get()));
            // The press was a wish to write.
            let _focused = field.focus();
        }));
        Some(Self {
            root,
            line,
            obstacle,
            time,
            levels,
            quality,
            own,
            other,
            note,
            buttons,
            accept,
            decline,
            take,
            mute,
            write,
            leave,
            dismiss,
            text,
            muted,
            writes,
            tick: Cell::new(None),
            _listeners: listeners,
        })
    }

    pub(crate) fn stand_before(&self, place: &Element) {
        let _placed = place.insert_adjacent_element("beforebegin", &self.root);
    }

    pub(crate) fn stands_before(&self, place: &Element) -> bool {
        place.previous_element_sibling().is_some_and(|before| before == *self.root)
    }

    pub(crate) fn focus(&self) {
        let _focused = self.root.focus();
    }

    /// Shows a call: since when the two talk, and how the last one ended.
    pub(crate) fn show(
        &self,
        words: &Words,
        scene: &CallScene,
        text: &TextScene,
        since: Option<Timestamp>,
        ended: Option<String>,
    ) {
        let focused = self.focused();
        let line = said::line(scene).map(|key| words.text(key)).or(ended).unwrap_or_default();
        // A status that is written again is announced again.
        write(&self.line, &line);
        write(
            &self.obstacle,
            &scene.obstacle.map(|found| words.text(said::obstacle(found))).unwrap_or_default(),
        );
        show(&self.obstacle, scene.obstacle.is_some());
        let (view, asks) = (&scene.view, scene.asks_permission);
        let is_in = matches!(view, CallView::Connecting | CallView::Talking | CallView::Reconnecting);
        show(&self.root, !line.is_empty() || scene.obstacle.is_some());
        show(&self.note, *view != CallView::None);
        show(&self.levels, scene.has_sound());
        let quality = scene.quality.map(|quality| words.text(said::quality(quality)));
        show(&self.quality, quality.is_some());
        write(&self.quality, &quality.unwrap_or_default());
        show(&self.accept, *view == CallView::Asked && !asks);
        show(&self.decline, *view == CallView::Asked);
        show(&self.take, *view == CallView::Elsewhere && !asks);
        show(&self.mute, is_in);
        show(&self.write, scene.has_sound() && (text.available || text.is_shown()));
        show(&self.leave, is_in || matches!(view, CallView::Elsewhere | CallView::Asking));
        show(&self.dismiss, *view == CallView::None && scene.obstacle.is_some());
        let nothing = *view == CallView::None && scene.obstacle.is_none();
        show(&self.buttons, !nothing);
        self.text.show(words, text);
        self.muted.set(scene.muted);
        self.writes.set(text.own);
        // What the button does next: the line says how the microphone is.
        write(&self.mute, &words.text(if scene.muted { "call.unmute" } else { "call.mute" }));
        write(&self.write, &words.text(if text.own { "call.text_off" } else { "call.text_on" }));
        self.count(words, since.filter(|_| scene.has_sound()));
        if let Some(focused) = focused
            && (focused.hidden() || nothing || (self.text.contains(&focused) && !text.own))
        {
            self.focus();
        }
    }

    pub(crate) fn show_levels(&self, words: &Words, levels: Levels) {
        self.own.show(words, levels.own);
        self.other.show(words, levels.other);
    }

    /// The element of the dialogue that has the focus.
    fn focused(&self) -> Option<HtmlElement> {
        let root: ShadowRoot = self.root.get_root_node().dyn_into().ok()?;
        let focused = root.active_element()?;
        self.root.contains(Some(&focused)).then(|| focused.unchecked_into())
    }

    /// Writes how long the two have talked, every second.
    fn count(&self, words: &Words, since: Option<Timestamp>) {
        let counted = self.tick.get().map(|(_, since)| since);
        show(&self.time, since.is_some());
        if counted == since {
            return;
        }
        self.stop_counting();
        let (Some(since), Some(window)) = (since, web_sys::window()) else { return };
        let (time, form) = (self.time.clone(), words.text("call.time"));
        let write_time = move || {
            let seconds = u64::try_from((now() - since.as_millis()) / 1_000).unwrap_or_default();
            write(&time, &form.replace("{time}", &clock(seconds)));
        };
        write_time();
        let tick = Closure::<dyn Fn()>::new(write_time).into_js_value();
        let timer =
            window.set_interval_with_callback_and_timeout_and_arguments_0(tick.unchecked_ref(), 1_000);
        self.tick.set(timer.ok().map(|timer| (timer, since)));
    }

    fn stop_counting(&self) {
        if let (Some((timer, _)), Some(window)) = (self.tick.take(), web_sys::window()) {
            window.clear_interval_with_handle(timer);
        }
    }
}

impl Drop for Dialogue {
    fn drop(&mut self) {
        self.stop_counting();
        self.root.remove();
    }
}

impl Level {
    fn show(&self, words: &Words, level: u8) {
        for (bar, step) in self.bars.iter().zip(1..) {
            let _toggled = bar.class_list().toggle_with_force("on", level >= step);
        }
        write(&self.heard, &words.text(if level > 0 { "call.heard" } else { "call.silent" }));
    }
}

struct Maker<'w> {
    document: Document,
    words: &'w Words,
}

impl Maker<'_> {
    fn part(&self, name: &str, class: &str, part: &str) -> Option<HtmlElement> {
        let made: HtmlElement = self.document.create_element(name).ok()?.unchecked_into();
        made.set_class_name(class);
        made.set_attribute("data-part", part).ok()?;
        Some(made)
    }

    fn said(&self, name: &str, class: &str, part: &str, key: &str) -> Option<HtmlElement> {
        let made = self.part(name, class, part)?;
        made.set_text_content(Some(&self.words.text(key)));
        Some(made)
    }

    /// How loud a side is: bars for the eye, and words.
    fn level(&self, levels: &HtmlElement, part: &str, key: &str) -> Option<Level> {
        let line = self.part("p", "call-level", part)?;
        let shown = self.part("span", "bars", "call-bars")?;
        shown.set_attribute("aria-hidden", "true").ok()?;
        let bars = (0..Levels::LOUDEST).filter_map(|_| self.document.create_element("span").ok());
        let bars: Vec<Element> = bars.collect();
        for bar in &bars {
            shown.append_child(bar).ok()?;
        }
        let name = self.said("span", "call-name", "call-name", key)?;
        let heard = self.said("span", "call-heard", "call-heard", "call.silent")?;
        for part in [&shown, &name, &heard] {
            line.append_child(part).ok()?;
        }
        levels.append_child(&line).ok()?;
        Some(Level { bars, heard })
    }
}

fn show(part: &HtmlElement, is_shown: bool) {
    part.set_hidden(!is_shown);
}

/// Writes a text unless it is there.
fn write(part: &HtmlElement, text: &str) {
    if part.text_content().as_deref() != Some(text) {
        part.set_text_content(Some(text));
    }
}

const LINE: &str = "call-line";
