// SPDX-License-Identifier: EUPL-1.2
//! The panel: a heading, and what belongs to how far the person has come.

use std::time::Duration;

use infocig_client::{link::LinkState, page};
use infocig_protocol::{entry::Phase, http::Verdict};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::{
    composer::{composer, elsewhere},
    ending::ending,
    later::later,
    log::log,
    notice::{channels, refusal, stuck},
};
use crate::{
    dom::{El, button, el, line},
    state::{Availability, Past, Stage},
    text,
    ui::Ui,
};

/// The panel. Focus goes to it when it opens, and back to the page when it closes.
pub(crate) fn panel(ui: Ui) -> El {
    let state = ui.state;
    let looks_back = move || {
        state.read(|s| {
            let past = &s.history;
            *past != Past::Hidden
        })
    };
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
    el("section")
        .class("panel")
        .part("panel")
        .attr("aria-labelledby", "title")
        .takes_focus()
        .on("keydown", move |event| {
            let key: &KeyboardEvent = event.unchecked_ref();
            if key.key() == "Escape" {
                ui.act(|chat| chat.minimise());
            }
        })
        .with(
            el("header")
                .class("bar")
                .with(titles)
                .with(el("div").class("tools").with(options).with(minimise)),
        )
        .when(move || state.read(|s| s.options), move || later(ui, move |views| (views.options)(ui)))
        .switch(
            move || if looks_back() { None } else { Some(state.read(|s| s.stage.clone())) },
            move |stage| {
                Some(match stage {
                    None => later(ui, move |views| (views.history)(ui)),
                    Some(Stage::Idle | Stage::Entering) => {
                        line("p", "notice", &ui.say("panel.entering")).attr("role", "status").part("phase")
                    }
                    Some(Stage::Refused(admission)) => refusal(ui, &admission),
                    Some(Stage::Stuck(trouble)) => stuck(ui, trouble),
                    Some(Stage::Writing) => later(ui, move |views| (views.write)(ui)),
                    Some(Stage::Inside) => inside(ui),
                })
            },
        )
}

/// The page settles first.
const EARLY_AFTER: Duration = Duration::from_secs(1);

/// What stands below the log.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Below {
    Over,
    Composer,
    Elsewhere,
}

/// The conversation itself.
fn inside(ui: Ui) -> El {
    let state = ui.state;
    // One can write by now: what may be needed next comes while nothing else is to do.
    set_timeout(move || ui.later.bring_early(), EARLY_AFTER);
    let phase = move || {
        let phase = state.read(|s| s.phase.clone());
        ui.words(|words| text::phase(words, phase.as_ref()))
    };
    let away = move || match state.read(|s| s.phase.clone()) {
        Some(Phase::Active { advisor, .. })
            if state.read(|s| s.advisor_away) && state.read(|s| s.link) == LinkState::Live =>
        {
            Some(ui.fill("presence.away", &[("advisor", &advisor)]))
        }
        _ => None,
    };
    let place = move || match state.read(|s| s.phase.clone()) {
        Some(Phase::Waiting { .. }) => {
            state.read(|s| s.place).map(|place| ui.words(|words| text::place(words, place)))
        }
        _ => None,
    };
    let link_lost = move || {
        (state.read(|s| s.link) == LinkState::Lost && !state.read(|s| s.is_closed()))
            .then(|| ui.say("link.lost"))
    };
    el("div")
        .class("inside")
        .with(line("p", "phase", "").attr("role", "status").part("phase").reads(phase))
        .tells("presence", "place", place)
        .switch(
            move || state.read(|s| s.ends_unanswered).filter(|_| !state.read(|s| s.is_closed())),
            move |closes| closes.map(|closes| unanswered(ui, &page::clock(closes))),
        )
        .tells("presence", "presence", away)
        .tells("notice", "link", link_lost)
        .when(
            move || state.read(|s| s.writes) && state.read(|s| s.asks_question()),
            move || later(ui, move |views| (views.question)(ui)),
        )
        .tells("presence", "question-sending", move || {
            state.read(|s| s.says_question()).then(|| ui.say("question.sending"))
        })
        .when(
            move || state.read(|s| s.writes) && state.read(|s| s.offers_cases()),
            move || later(ui, move |views| (views.own_cases)(ui)),
        )
        .with(log(ui))
        .when(move || state.read(|s| !s.is_closed() && !s.has_written()), move || privacy(ui))
        .switch(
            move || {
                if state.read(|s| s.is_closed()) {
                    Below::Over
                } else if state.read(|s| s.writes) {
                    Below::Composer
                } else {
                    Below::Elsewhere
                }
            },
            move |below| {
                Some(match below {
                    Below::Over => over(ui),
                    Below::Composer => el("div").with(composer(ui)).with(ending(ui)),
                    Below::Elsewhere => elsewhere(ui),
                })
            },
        )
}

/// What becomes of what is written, before the first message.
fn privacy(ui: Ui) -> El {
    let notice = line("p", "presence", &ui.say("privacy.notice")).part("privacy");
    let url = ui.chat().and_then(|chat| chat.links().privacy);
    match url {
        Some(url) => notice.with(line("span", "", " ")).with(
            line("a", "", &ui.say("menu.privacy"))
                .attr("href", &url)
                .attr("target", "_blank")
                .attr("rel", "noopener"),
        ),
        None => notice,
    }
}

fn unanswered(ui: Ui, clock: &str) -> El {
    el("div")
        .class("notice warning")
        .attr("role", "alert")
        .part("unanswered")
        .with(line("p", "", &ui.fill("stay.warning", &[("clock", clock)])))
        .with(button("button", "stay", &ui.say("stay.button"), move || ui.act(|chat| chat.stay())))
}

/// After the end: begin again if the service is open, else when it opens and where else to go.
fn over(ui: Ui) -> El {
    let state = ui.state;
    let left = move || {
        state.read(|s| {
            let draft = &s.draft;
            (!draft.is_empty() && !state.read(|s| s.may_write())).then(|| draft.clone())
        })
    };
    el("div")
        .class("over")
        .switch(left, move |left| {
            left.map(|left| {
                el("div")
                    .class("notice")
                    .part("left-over")
                    .with(line("p", "", &ui.say("end.left_over")))
                    .with(line("blockquote", "", &left))
            })
        })
        .tells("presence", "awaiting", move || {
            state.read(|s| s.awaits_office()).then(|| ui.say("office.awaiting"))
        })
        .when(move || state.read(|s| s.may_write()), move || later(ui, move |views| (views.write)(ui)))
        .with(later(ui, move |views| (views.receipt)(ui)))
        .with(later(ui, move |views| (views.rating)(ui)))
        .switch(
            move || (state.read(|s| s.availability.clone()), state.read(|s| s.phase.clone())),
            move |(availability, _)| Some(next(ui, availability)),
        )
}

/// Where to go from the end.
fn next(ui: Ui, availability: Availability) -> El {
    match availability {
        Availability::Known(admission) if admission.verdict != Verdict::Open => el("div")
            .class("notice")
            .part("elsewhere")
            .with(line("p", "reason", &admission.message))
            .with(line("p", "", &ui.say("panel.elsewhere")))
            .with(channels(&admission.channels)),
        // The service ended it: that it is open is an old answer, and the new one is on its way.
        Availability::Known(admission)
            if ui.state.read(|s| s.was_closed_after(page::instant(&admission.at))) =>
        {
            line("p", "notice", &ui.say("launcher.checking")).attr("role", "status").part("checking")
        }
        Availability::Checking | Availability::Known(_) | Availability::Unknown => {
            let again = button("button primary", "begin-again", &ui.say("end.begin_again"), move || {
                ui.act(|chat| chat.enter());
            });
            el("div").class("foot").with(again)
        }
    }
}
