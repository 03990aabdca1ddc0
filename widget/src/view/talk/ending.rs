// SPDX-License-Identifier: EUPL-1.2
//! Ending the conversation, or leaving the queue: asked once more, in the page. And what stands there where another tab
//! writes.

use std::rc::Rc;

use leptos::prelude::*;

use crate::{
    dom::{El, button, el, line},
    ui::Ui,
};

/// Ending, whatever that is now.
pub(crate) fn ending(ui: Ui) -> El {
    el("div").class("ending").switch(
        move || ui.state.read(|s| s.is_waiting()),
        move |waiting| {
            let (label, question) = if waiting {
                ("end.leave", "end.leave_question")
            } else {
                ("end.conclude", "end.conclude_question")
            };
            Some(confirm(ui, "close", label, question, move || ui.act(|chat| chat.close())))
        },
    )
}

/// Another tab writes; this one reads along.
pub(crate) fn elsewhere(ui: Ui) -> El {
    let here = button("button", "write-here", &ui.say("composer.write_here"), move || {
        ui.act(|chat| chat.write_here());
    });
    el("div")
        .class("composer")
        .part("elsewhere-tab")
        .with(line("p", "", &ui.say("composer.elsewhere")))
        .with(el("div").class("actions").with(here))
}

/// A button, and the question it asks before it does anything. Its parts are named after `part`.
pub(crate) fn confirm(
    ui: Ui,
    part: &'static str,
    label: &'static str,
    question: &'static str,
    on_confirm: impl Fn() + 'static,
) -> El {
    let asking = RwSignal::new(false);
    let on_confirm: Rc<dyn Fn()> = Rc::new(on_confirm);
    el("div").switch(
        move || asking.get(),
        move |asked| {
            if !asked {
                return Some(button("button quiet", part, &ui.say(label), move || asking.set(true)));
            }
            let (id, on_confirm) = ([part, "-question"].concat(), Rc::clone(&on_confirm));
            let yes = button("button danger", &[part, "-confirm"].concat(), &ui.say(label), move || {
                asking.set(false);
                on_confirm();
            });
            let no =
                button("button quiet", &[part, "-cancel"].concat(), &ui.say("panel.cancel"), move || {
                    asking.set(false);
                });
            let ask = el("div").class("ask").attr("role", "alertdialog").attr("aria-labelledby", &id);
            let words = line("p", "", &ui.say(question)).attr("id", &id);
            Some(ask.takes_focus().with(words).with(el("div").class("actions").with(yes).with(no)))
        },
    )
}
