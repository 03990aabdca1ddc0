// SPDX-License-Identifier: EUPL-1.2
//! The panel: a heading, and what belongs to how far the person has come.

use std::time::Duration;

use infocig_client::dom;
use infocig_protocol::http::Admission;
use leptos::prelude::set_timeout;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::{
    composer::{composer, to_composer},
    notice::{refusal, stuck},
    surface::lay,
};
use crate::{
    dom::{El, button, el, line},
    state::{ChatState, Past, Stage, Trouble},
    ui::Ui,
};

/// The panel. Focus goes to it when it opens, and back to the page when it closes.
pub(crate) fn panel(ui: Ui) -> El {
    let state = ui.state;
    let titles = el("div").with(line("h2", "", &ui.say("panel.title")).attr("id", "title")).with(line(
        "p",
        "",
        &ui.say("panel.subtitle"),
    ));
    let minimise =
        button("button quiet", "minimise", &ui.say("panel.minimise"), move || ui.act(|chat| chat.minimise()));
    let options = button("button quiet", "options-toggle", &ui.say("menu.title"), move || {
        state.change(|s| s.options = !s.options);
    });
    let options = options
        .shows("aria-expanded", move || Some(if state.read(|s| s.options) { "true" } else { "false" }));
    let section = el("section")
        .class("panel")
        .part("panel")
        .attr("aria-labelledby", "title")
        .takes_focus()
        .on("keydown", move |event| {
            let key: &KeyboardEvent = event.unchecked_ref();
            let pressed = key.key();
            if dom::is_composing(key) {
                // Escape gives up a word, and a letter begins one.
            } else if pressed == "Escape" {
                ui.act(|chat| chat.minimise());
            } else if event.target() == event.current_target()
                && is_letter(&pressed)
                && !(key.ctrl_key() || key.alt_key() || key.meta_key())
                && let Some(panel) = event.target()
            {
                // Whoever has just opened the panel may simply begin to write.
                to_composer(panel.unchecked_ref());
            }
        })
        .when(
            move || state.read(|s| Body::of(s) == Body::Talk && Below::of(s) == Below::Composer),
            move || skip(ui),
        )
        .with(
            el("header")
                .class("bar")
                .with(titles)
                .with(el("div").class("tools").with(options).with(minimise)),
        )
        .switch(
            move || state.read(|s| Some(Body::of(s))),
            move |body| {
                body.map(|body| match body {
                    Body::Options => ui.later.place(ui, move |later| (later.options)(ui)),
                    Body::History => ui.later.place(ui, move |later| (later.history)(ui)),
                    Body::Entering => {
                        line("p", "notice", &ui.say("panel.entering")).attr("role", "status").part("phase")
                    }
                    Body::Refused(admission) => refusal(ui, &admission),
                    Body::Stuck(trouble) => stuck(ui, trouble),
                    Body::Writing => ui.later.place(ui, move |later| (later.write)(ui)),
                    Body::Talk => talk(ui),
                })
            },
        );
    lay(ui, section)
}

/// Past everything that stands above the field (WCAG 2.4.1): the first stop in the panel, in sight while it has the focus.
fn skip(ui: Ui) -> El {
    let place = ui.page().map(|page| page.place);
    button("button skip", "skip", &ui.say("panel.skip"), move || {
        if let Some(place) = &place {
            to_composer(place);
        }
    })
}

/// Whether a key writes something, and scrolls nothing.
fn is_letter(key: &str) -> bool {
    let mut signs = key.chars();
    signs.next().is_some_and(|sign| sign != ' ') && signs.next().is_none()
}

/// What the panel holds.
#[derive(Clone, PartialEq)]
enum Body {
    Options,
    History,
    Entering,
    Refused(Admission),
    Stuck(Trouble),
    Writing,
    /// A conversation, or what is going to be one: as far as anybody knows the service is open, so one can write already.
    Talk,
}

impl Body {
    fn of(state: &ChatState) -> Self {
        match &state.stage {
            _ if state.options => Self::Options,
            _ if state.history != Past::Hidden => Self::History,
            Stage::Entering if state.is_open() => Self::Talk,
            Stage::Idle | Stage::Entering => Self::Entering,
            Stage::Refused(admission) => Self::Refused(admission.clone()),
            Stage::Stuck(trouble) => Self::Stuck(*trouble),
            Stage::Writing => Self::Writing,
            Stage::Inside => Self::Talk,
        }
    }
}

/// What stands below the log.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Below {
    #[default]
    Composer,
    Elsewhere,
    Over,
}

impl Below {
    fn of(state: &ChatState) -> Self {
        if state.stage == Stage::Entering {
            Self::Composer
        } else if state.is_closed() {
            Self::Over
        } else if state.writes {
            Self::Composer
        } else {
            Self::Elsewhere
        }
    }
}

fn talk(ui: Ui) -> El {
    let state = ui.state;
    // One can write by now: what may be needed next comes while nothing else is to do.
    set_timeout(move || ui.later.bring_early(), EARLY_AFTER);
    el("div")
        .class("inside")
        .switch(
            move || state.read(|s| s.stage == Stage::Inside),
            move |inside| {
                Some(if inside {
                    ui.talk.place(ui, move |talk| (talk.conversation)(ui))
                } else {
                    entering(ui)
                })
            },
        )
        .switch(
            move || state.read(Below::of),
            move |below| {
                Some(match below {
                    Below::Over => ui.later.place(ui, move |later| (later.over)(ui)),
                    Below::Composer => composer(ui),
                    Below::Elsewhere => ui.talk.place(ui, move |talk| (talk.elsewhere)(ui)),
                })
            },
        )
}

/// While the door is opening: what was written already waits in sight.
fn entering(ui: Ui) -> El {
    let status = line("p", "phase", &ui.say("panel.entering")).attr("role", "status").part("phase");
    el("div").class("conversation").with(status).with(el("div").class("log-frame").with(
        el("div").class("log").switch(
            move || ui.state.read(ChatState::early),
            move |pending| {
                let early =
                    pending.iter().map(|one| line("p", "message mine text", &one.text).part("pending"));
                Some(el("div").class("entries").with_all(early))
            },
        ),
    ))
}

/// The page settles first.
const EARLY_AFTER: Duration = Duration::from_secs(1);
