// SPDX-License-Identifier: EUPL-1.2
//! Sounds made on the spot, notifications of the desktop, the title of the page. Whatever the browser refuses, the rest works.

use std::cell::RefCell;

use infocig_client::words::Words;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AudioContext, AudioContextState, Notification, NotificationOptions, NotificationPermission,
    OscillatorType,
};

use crate::state::{
    Tried,
    alerts::{Alert, News, Permission, Situation, Sound, decide},
};

/// What makes the console heard.
pub(crate) struct Alerts {
    audio: RefCell<Option<AudioContext>>,
}

impl Alerts {
    /// Nothing is heard yet; the browser's audio begins with the first sound.
    pub(crate) fn new() -> Self {
        Self { audio: RefCell::new(None) }
    }

    /// Does what news is worth.
    pub(crate) fn raise(&self, news: News, situation: Situation, words: &Words) {
        let Alert { sound, desktop } = decide(news, situation);
        if let Some(sound) = sound {
            self.play(sound);
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
    pub(crate) fn try_out(&self, situation: Situation, words: &Words) -> Tried {
        let choices = situation.choices;
        let allowed = situation.permission == Permission::Granted;
        Tried {
            sound: choices.sound.then(|| self.play(Sound::Call)),
            desktop: choices.desktop.then(|| allowed && notify(words, "desktop.trial")),
        }
    }

    /// Plays a sound. `false` if the browser has none, or waits for somebody to press something first.
    fn play(&self, sound: Sound) -> bool {
        let mut audio = self.audio.borrow_mut();
        if audio.is_none() {
            *audio = AudioContext::new().ok();
        }
        let Some(audio) = audio.as_ref() else { return false };
        if audio.state() == AudioContextState::Suspended {
            // It is granted at once after a press, and never before the first.
            let _later = audio.resume();
        }
        let notes: &[(f32, f64)] = match sound {
            Sound::Call => &[(587.3, 0.0), (784.0, 0.16), (987.8, 0.32)],
            Sound::Tap => &[(659.3, 0.0)],
        };
        notes.iter().all(|(pitch, after)| tone(audio, *pitch, *after).is_some())
    }
}

/// One soft note.
fn tone(audio: &AudioContext, pitch: f32, after: f64) -> Option<()> {
    let (oscillator, gain) = (audio.create_oscillator().ok()?, audio.create_gain().ok()?);
    let begin = audio.current_time() + after;
    oscillator.set_type(OscillatorType::Triangle);
    oscillator.frequency().set_value(pitch);
    let volume = gain.gain();
    volume.set_value_at_time(0.0, begin).ok()?;
    volume.linear_ramp_to_value_at_time(0.22, begin + 0.02).ok()?;
    volume.exponential_ramp_to_value_at_time(0.001, begin + 0.4).ok()?;
    oscillator.connect_with_audio_node(&gain).ok()?;
    gain.connect_with_audio_node(&audio.destination()).ok()?;
    oscillator.start_with_when(begin).ok()?;
    oscillator.stop_with_when(begin + 0.45).ok()
}

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
