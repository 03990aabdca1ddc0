// SPDX-License-Identifier: EUPL-1.2
//! The page without a press of the advisor: the clock, the title, read receipts, and the effects of its visibility.

use std::time::Duration;

use infocig_client::{
    clock,
    dates::Moment,
    dom::{Listener, on_resume},
    http,
};
use leptos::{leptos_dom::helpers::set_interval_with_handle, prelude::*};
use wasm_bindgen_futures::spawn_local;
use web_sys::EventTarget;

use super::Console;
use crate::{alerts, dom, intents::ForwardIntents as _, state::Connection, text};

impl Console {
    pub(super) fn start_clock(&self) {
        let me = self.me.clone();
        let clock = set_interval_with_handle(
            move || {
                let Some(console) = me.upgrade() else { return };
                console.state.clock.tick(dom::device_time());
                console.raise_alert(console.state.still_offered());
                console.raise_alert(console.state.evaluate_alerts());
                console.ticks.set(console.ticks.get().wrapping_add(1));
                if console.ticks.get().is_multiple_of(TICKS_PER_SYNCHRONISATION) {
                    console.synchronise_clock();
                }
                if console.ticks.get().is_multiple_of(TICKS_PER_SUPERVISION)
                    && console.state.screen.visible.get_untracked()
                {
                    console.refresh_supervision();
                }
                if console.ticks.get().is_multiple_of(TICKS_PER_RULES)
                    && console.state.screen.visible.get_untracked()
                {
                    console.refresh_open_rules();
                }
            },
            TICK,
        );
        self.clock.set(clock.ok());
    }

    /// Counts offers and unread conversations in the page's title, which is read from other tabs.
    pub(super) fn watch_title(&self) {
        let (state, i18n) = (self.state, self.i18n);
        Effect::new(move |_| {
            let words = i18n.current();
            let alarms = text::alerts_in_title(&words, state.panel.alerts.with(Vec::len));
            alerts::title(&format!("{alarms}{}", text::title_prefix(&words, state.title_counts())));
        });
    }

    /// Asks the server for its time.
    pub(super) fn synchronise_clock(&self) {
        let me = self.me.clone();
        let edge = self.config.edge.clone();
        spawn_local(async move {
            let Ok(answer) = http::availability(&edge, "category=lavoratore").await else {
                return;
            };
            if let (Some(console), Some(server)) = (me.upgrade(), clock::parse_rfc3339(&answer.at)) {
                console.state.clock.set(server, dom::device_time());
                let ends = answer.closes.as_deref().and_then(Moment::parse).map(|ends| ends.clock);
                console.state.rules.day_ends.set(ends);
            }
        });
    }

    /// Sends a read receipt as soon as new entries are in sight.
    pub(super) fn report_read_entries(&self) {
        let (me, state) = (self.me.clone(), self.state);
        Effect::new(move |_| {
            let (Some((id, seq)), Some(console)) = (state.in_sight(), me.upgrade()) else { return };
            state.mark_read(&id, seq);
            if let Some(driver) = console.driver(&id) {
                driver.with(|session| session.read(seq));
            }
        });
    }

    /// Follows the page's visibility. A page that becomes visible looks whether somebody has signed in in another tab, and takes
    /// over the alerts.
    pub(super) fn watch_page(&self) {
        let me = self.me.clone();
        let look = move || {
            let Some(console) = me.upgrade() else { return };
            let visible = dom::page_is_visible();
            if visible != console.state.screen.visible.get_untracked() {
                console.state.screen.visible.set(visible);
            }
            if visible {
                console.alerts.page_shown(console.state.preferences.chosen.get_untracked());
            }
            if console.state.session.connection.get_untracked() == Connection::SignInNeeded {
                console.open_session(0);
            }
        };
        look();
        let focused =
            web_sys::window().and_then(|window| Listener::new(window.into(), "focus", look.clone()));
        // A browser lifts the mute of a page after a press: check then whether sounds are audible.
        let me = self.me.clone();
        let pressed = move || {
            let Some(console) = me.upgrade() else { return };
            if console.state.preferences.sound_blocked.get_untracked() {
                console.alerts.check_audible(console.state.preferences.chosen.get_untracked());
            }
        };
        let window = web_sys::window().map(EventTarget::from);
        let presses = ["pointerdown", "keydown"].into_iter().zip(std::iter::repeat(window));
        let presses = presses.filter_map(|(name, window)| Listener::new(window?, name, pressed.clone()));
        let life = on_resume(look).into_iter().chain(focused).chain(presses);
        self.listeners.borrow_mut().extend(life);
    }
}

const TICK: Duration = Duration::from_secs(1);
const TICKS_PER_SYNCHRONISATION: u32 = 300;
const TICKS_PER_SUPERVISION: u32 = 30;
const TICKS_PER_RULES: u32 = 10;
