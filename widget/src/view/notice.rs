// SPDX-License-Identifier: EUPL-1.2
//! What a person reads when they cannot enter: why, when, and where else to go.

use infocig_protocol::http::{Admission, Channel};

use crate::{
    dom::{El, button, el, line},
    state::Trouble,
    text,
    ui::Ui,
};

/// The server said no. If it opens while this is on screen, the way in is here too.
pub(crate) fn refusal(ui: Ui, admission: &Admission) -> El {
    let Admission { message, channels: elsewhere, source, .. } = admission;
    let why = el("div").class("notice").attr("role", "alert").part("refusal");
    el("div")
        .with(
            why.with(line("p", "reason", message))
                .with(line("p", "", &ui.say("panel.elsewhere")))
                .with(channels(elsewhere))
                .with(line("p", "source", &ui.fill("panel.source", &[("source", source)]))),
        )
        .when(
            move || ui.state.read(|s| s.may_write()),
            move || ui.later.place(ui, move |later| (later.write)(ui)),
        )
        .with(
            el("div")
                .class("actions notice")
                .when(move || ui.state.read(|s| s.opened_since_refusal()), move || opened(ui))
                .with(button("button quiet", "back", &ui.say("panel.back"), move || {
                    ui.act(|chat| chat.minimise());
                })),
        )
}

fn opened(ui: Ui) -> El {
    let enter =
        button("button primary", "retry", &ui.say("launcher.open"), move || ui.act(|chat| chat.enter()));
    el("div")
        .class("actions")
        .with(line("p", "", &ui.say("panel.now_open")).attr("role", "status"))
        .with(enter)
}

/// Where else to go.
pub(crate) fn channels(channels: &[Channel]) -> El {
    el("ul").with_all(channels.iter().map(|channel| {
        let name = match &channel.href {
            Some(href) => el("a").attr("href", href),
            None => el("strong"),
        };
        el("li").with(name.says(&channel.name)).with(line("span", "", &channel.how))
    }))
}

/// Something stands in the way.
pub(crate) fn stuck(ui: Ui, trouble: Trouble) -> El {
    el("div")
        .class("notice")
        .attr("role", "alert")
        .part("trouble")
        .with(line("p", "reason", &ui.say(text::trouble(trouble))))
        .with(
            el("div")
                .class("actions")
                .with(button("button primary", "retry", &ui.say("panel.retry"), move || {
                    ui.act(|chat| chat.retry());
                }))
                .with(button("button quiet", "back", &ui.say("panel.back"), move || {
                    ui.act(|chat| chat.minimise());
                })),
        )
}
