// SPDX-License-Identifier: EUPL-1.2
//! Sounds, desktop notifications and the page's title. Each works without the others: the browser may refuse any of them.

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

use crate::{
    dom::page_is_visible,
    state::{
        alerts::{Alert, AlertContext, News, Sound, decide},
        preferences::{AlertTrial, Permission, Preferences},
    },
};

/// The alerts of one console. Of several tabs of an advisor one alone alerts: the one that was visible last.
pub(crate) struct Alerts {
    turn: RefCell<Option<Leader>>,
    has_turn: Rc<Cell<bool>>,
    /// Whether sounds are on and the browser mutes the page until somebody presses a key or a button.
    blocked: RwSignal<bool>,
}

impl Alerts {
    /// Writes to `blocked` whether the browser mutes sounds that are on.
    pub(crate) fn new(blocked: RwSignal<bool>) -> Self {
        Self { turn: RefCell::new(None), has_turn: Rc::new(Cell::new(true)), blocked }
    }

    /// Joins the tabs of this advisor; tabs of another advisor in the same browser are not among them.
    pub(crate) fn bind_to_advisor(&self, advisor: &str) {
        if self.turn.borrow().is_none() {
            let has_turn = Rc::clone(&self.has_turn);
            let name = format!("info-cig voice of {advisor}");
            let tell = move |has_it| has_turn.set(has_it);
            let turn =
                if page_is_visible() { Leader::join_as_leader(name, tell) } else { Leader::join(name, tell) };
            self.turn.replace(Some(turn));
        }
    }

    /// The page became visible: this tab alerts from now on. If sounds are on, checks whether the browser mutes them, so that
    /// nobody blocked for a call that makes no sound.
    pub(crate) fn page_shown(&self, preferences: Preferences) {
        if let Some(turn) = self.turn.borrow().as_ref().filter(|_| !self.has_turn.get()) {
            turn.take_over();
        }
        self.check_audible(preferences);
    }

    /// Checks whether the browser would mute a sound that is on.
    pub(crate) fn check_audible(&self, preferences: Preferences) {
        let blocked = self.blocked;
        if !preferences.sound {
            blocked.set(false);
            return;
        }
        spawn_local(async move {
            let waited = sound::fate().await == Fate::Waited;
            let _gone = blocked.try_set(waited);
        });
    }

    /// Alerts to an event as the state's rules decide.
    pub(crate) fn raise(&self, news: News, context: AlertContext, words: &Words) {
        if !self.has_turn.get() {
            return;
        }
        let Alert { sound, desktop } = decide(news, context);
        if let Some(sound) = sound {
            let blocked = self.blocked;
            spawn_local(async move {
                let waited = sound::play(tune(sound)).await == Fate::Waited;
                let _gone = blocked.try_set(waited);
            });
        }
        if desktop {
            let key = match news {
                News::MessageReceived { .. } | News::NoteReceived => "desktop.message",
                News::PanelAlert => "desktop.alert",
                News::HoldDue => "desktop.hold_due",
                News::Offered | News::StillOffered | News::PersonWaiting => "desktop.offer",
            };
            notify(words, key);
        }
    }

    /// Tries everything that is on, and writes the outcome to `trial`.
    pub(crate) fn try_out(&self, context: AlertContext, words: &Words, trial: RwSignal<Option<AlertTrial>>) {
        let preferences = context.preferences;
        let allowed = context.permission == Permission::Granted;
        let desktop = preferences.desktop.then(|| allowed && notify(words, "desktop.trial"));
        let blocked = self.blocked;
        spawn_local(async move {
            let sound = if preferences.sound { Some(sound::play(&CALL).await) } else { None };
            let _gone = blocked.try_set(sound == Some(Fate::Waited));
            let sound = sound.map(|fate| fate == Fate::Heard);
            let _gone = trial.try_set(Some(AlertTrial { sound, desktop }));
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

/// The browser's permission to show notifications.
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

/// Asks for the permission. Browsers allow that in the handler of a press only.
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

/// Shows a notification that focuses the page when it is pressed. `false` if the browser refuses.
fn notify(words: &Words, key: &str) -> bool {
    let options = NotificationOptions::new();
    options.set_body(&words.text(key));
    options.set_lang(words.language().as_str());
    // A notification replaces the one before, and alerts again.
    options.set_tag("info-cig-console");
    options.set_renotify(true);
    let title = words.text("app.title");
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

/// Puts a prefix before the page's own title; an empty one removes it.
pub(crate) fn title(prefix: &str) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    PREFIX.with_borrow_mut(|before| {
        if before.as_str() == prefix {
            return;
        }
        let title = document.title();
        // The browser trims the title.
        let own = title.strip_prefix(before.trim_end()).unwrap_or(&title).trim_start();
        document.set_title(&format!("{prefix}{own}"));
        *before = prefix.to_string();
    });
}

thread_local! {
    /// The prefix that the title has now.
    static PREFIX: RefCell<String> = const { RefCell::new(String::new()) };
}
