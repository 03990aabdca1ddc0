// SPDX-License-Identifier: EUPL-1.2
//! Sounds made on the spot, notifications of the desktop, the title of the page. Whatever the browser refuses, the rest works.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use infocig_client::{
    leader::Leader,
    sound::{self, Fate, Tune},
    words::Words,
};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Notification, NotificationOptions, NotificationPermission, OscillatorType};

use super::page_is_visible;
use crate::state::{
    Tried,
    alerts::{Alert, Choices, News, Permission, Situation, Sound, decide},
};

/// What makes the console heard. Of several tabs of an advisor one has the voice: the one looked at last.
pub(crate) struct Alerts {
    voice: RefCell<Option<Leader>>,
    speaks: Rc<Cell<bool>>,
    /// Whether a sound is wanted, and the browser waits for somebody to press something first.
    waits: RwSignal<bool>,
}

impl Alerts {
    /// Nothing is heard yet. `waits` becomes whether the browser keeps silent what is wanted.
    pub(crate) fn new(waits: RwSignal<bool>) -> Self {
        Self { voice: RefCell::new(None), speaks: Rc::new(Cell::new(true)), waits }
    }

    /// Whose console this is: other tabs of theirs are told apart from those of somebody else.
    pub(crate) fn of(&self, advisor: &str) {
        if self.voice.borrow().is_none() {
            let speaks = Rc::clone(&self.speaks);
            let name = format!("info-cig voice of {advisor}");
            let tell = move |has_it| speaks.set(has_it);
            let voice =
                if page_is_visible() { Leader::join_as_leader(name, tell) } else { Leader::join(name, tell) };
            self.voice.replace(Some(voice));
        }
    }

    /// The page is looked at: it has the voice from here on. Where a sound is wanted the browser is asked whether it may be heard,
    /// so that nobody waits for a call in silence.
    pub(crate) fn looked_at(&self, choices: Choices) {
        if let Some(voice) = self.voice.borrow().as_ref().filter(|_| !self.speaks.get()) {
            voice.take_over();
        }
        self.is_heard(choices);
    }

    /// Looks whether a sound that is wanted would be heard.
    pub(crate) fn is_heard(&self, choices: Choices) {
        let waits = self.waits;
        if !choices.sound {
            waits.set(false);
            return;
        }
        spawn_local(async move {
            let waited = sound::fate().await == Fate::Waited;
            let _gone = waits.try_set(waited);
        });
    }

    /// Does what news is worth.
    pub(crate) fn raise(&self, news: News, situation: Situation, words: &Words) {
        if !self.speaks.get() {
            return;
        }
        let Alert { sound, desktop } = decide(news, situation);
        if let Some(sound) = sound {
            let waits = self.waits;
            spawn_local(async move {
                let waited = sound::play(tune(sound)).await == Fate::Waited;
                let _gone = waits.try_set(waited);
            });
        }
        if desktop {
            let key = match news {
                News::Wrote { .. } | News::Noted => "desktop.message",
                News::Offered | News::StillOffered | News::Waits => "desktop.offer",
            };
            notify(words, key);
        }
    }

    /// Does all that is switched on, and says what came of it.
    pub(crate) fn try_out(&self, situation: Situation, words: &Words, tried: RwSignal<Option<Tried>>) {
        let choices = situation.choices;
        let allowed = situation.permission == Permission::Granted;
        let desktop = choices.desktop.then(|| allowed && notify(words, "desktop.trial"));
        let waits = self.waits;
        spawn_local(async move {
            let sound = if choices.sound { Some(sound::play(&CALL).await) } else { None };
            let _gone = waits.try_set(sound == Some(Fate::Waited));
            let sound = sound.map(|fate| fate == Fate::Heard);
            let _gone = tried.try_set(Some(Tried { sound, desktop }));
        });
    }
}

const fn tune(sound: Sound) -> &'static Tune {
    match sound {
        Sound::Call => &CALL,
        Sound::Tap => &TAP,
    }
}

/// Three notes up, and one of them alone.
const CALL: Tune = Tune { notes: &[(587.3, 0.0), (784.0, 0.16), (987.8, 0.32)], ..TAP };
const TAP: Tune = Tune { wave: OscillatorType::Triangle, loudness: 0.22, lasts: 0.4, notes: &[(659.3, 0.0)] };

/// What the browser says about notifications.
pub(crate) fn permission() -> Permission {
    if !has_notifications() {
        return Permission::Missing;
    }
    match Notification::permission() {
        NotificationPermission::Granted => Permission::Granted,
        NotificationPermission::Denied => Permission::Denied,
        NotificationPermission::Default | _ => Permission::Unasked,
    }
}

/// Asks for the permission. Call it from a press only.
pub(crate) async fn ask_for_permission(told: RwSignal<Permission>) {
    if has_notifications()
        && let Ok(asking) = Notification::request_permission()
    {
        let _answered = JsFuture::from(asking).await;
    }
    told.set(permission());
}

fn has_notifications() -> bool {
    web_sys::window()
        .is_some_and(|window| js_sys::Reflect::has(&window, &"Notification".into()).unwrap_or(false))
}

/// Shows a notification that brings the console back when it is pressed. `false` if the browser does not.
fn notify(words: &Words, key: &str) -> bool {
    let options = NotificationOptions::new();
    options.set_body(&words.say(key));
    options.set_lang(words.language().as_str());
    // One at a time, and each of them heard.
    options.set_tag("info-cig-console");
    options.set_renotify(true);
    let title = words.say("app.title");
    let Ok(notification) = Notification::new_with_options(&title, &options) else { return false };
    let shown = notification.clone();
    let back = Closure::once_into_js(move || {
        if let Some(window) = web_sys::window() {
            let _refused = window.focus();
        }
        shown.close();
    });
    notification.set_onclick(Some(back.unchecked_ref()));
    true
}

/// Puts something before the page's own title; an empty text takes it away.
pub(crate) fn title(prefix: &str) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    PREFIX.with_borrow_mut(|before| {
        if before.as_str() == prefix {
            return;
        }
        let title = document.title();
        // The browser trims what it is given.
        let own = title.strip_prefix(before.trim_end()).unwrap_or(&title).trim_start();
        document.set_title(&format!("{prefix}{own}"));
        *before = prefix.to_string();
    });
}

thread_local! {
    /// What was put before the title.
    static PREFIX: RefCell<String> = const { RefCell::new(String::new()) };
}
