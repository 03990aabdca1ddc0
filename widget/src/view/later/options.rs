// SPDX-License-Identifier: EUPL-1.2
//! What a person can choose for themself, and where the page leads from here.

use infocig_client::words::own_name;
use infocig_protocol::language::Language;
use leptos::prelude::window;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};

use crate::{
    config::Links,
    dom::{El, button, el, line},
    settings::Announce,
    ui::Ui,
};

/// The options.
pub(crate) fn options(ui: Ui) -> El {
    let links = ui.chat().map(|chat| chat.links()).unwrap_or_default();
    el("section")
        .class("aside")
        .part("options")
        .attr("aria-labelledby", "options-title")
        .with(line("h3", "", &ui.say("menu.title")).attr("id", "options-title").takes_focus())
        .with(language(ui))
        .when(
            move || ui.state.read(|s| s.language_failed),
            move || line("p", "error", &ui.say("menu.failed")).attr("role", "alert").part("language-failed"),
        )
        .with(announcements(ui))
        .with(pages(ui, &links))
        .with(button("button", "options-close", &ui.say("menu.close"), move || {
            ui.state.change(|s| s.options = false);
        }))
}

fn language(ui: Ui) -> El {
    let now = ui.state.peek(|s| s.language);
    let choices = Language::ALL.into_iter().map(|language| {
        let option = line("option", "", own_name(language)).attr("value", language.as_str());
        let option = option.attr("lang", language.as_str());
        if language == now { option.attr("selected", "") } else { option }
    });
    let select = el("select").attr("id", "language").part("language").with_all(choices);
    let node: HtmlSelectElement = select.node().clone().unchecked_into();
    let select = select.on("change", move |_| {
        if let Some(language) = Language::of_tag(&node.value()) {
            ui.speak(language);
        }
    });
    el("p")
        .class("field")
        .with(line("label", "", &ui.say("menu.language")).attr("for", "language"))
        .with(select)
}

fn announcements(ui: Ui) -> El {
    let chosen = ui.state.peek(|s| s.settings);
    let choices = Announce::ALL.into_iter().map(|one| {
        let (key, part) = match one {
            Announce::All => ("menu.announce_all", "announce-all"),
            Announce::Advisor => ("menu.announce_advisor", "announce-advisor"),
            Announce::None => ("menu.announce_none", "announce-none"),
        };
        let input = el("input").attr("type", "radio").attr("name", "announce").part(part);
        let input = if chosen.announce == one { input.attr("checked", "") } else { input };
        let input =
            input.on("change", move |_| ui.act(|chat| chat.choose(|settings| settings.announce = one)));
        el("label").class("choice").with(input).with(line("span", "", &ui.say(key)))
    });
    let sound = el("input").attr("type", "checkbox").part("sound");
    let sound = if chosen.sound { sound.attr("checked", "") } else { sound };
    let node: HtmlInputElement = sound.node().clone().unchecked_into();
    let sound = sound.on("change", move |_| {
        let on = node.checked();
        ui.act(|chat| chat.choose(|settings| settings.sound = on));
        if on {
            super::sound::chime();
        }
    });
    el("fieldset")
        .with(line("legend", "", &ui.say("menu.announce")))
        .with_all(choices)
        .with(el("label").class("choice").with(sound).with(line("span", "", &ui.say("menu.sound"))))
}

/// Where the page leads from here, as far as it says.
fn pages(ui: Ui, links: &Links) -> El {
    let page = |key, url: &Option<String>| {
        url.as_deref().map(|url| {
            let unseen = line("span", "unseen", &[" (", &*ui.say("log.new_tab"), ")"].concat());
            let link = line("a", "", &ui.say(key)).attr("href", url).attr("target", "_blank");
            el("li").with(link.attr("rel", "noopener").with(unseen))
        })
    };
    let pages = [
        page("menu.privacy", &links.privacy),
        page("menu.accessibility", &links.accessibility),
        page("menu.feedback", &links.feedback),
        page("menu.source", &links.source),
    ];
    let list = el("ul").class("links").with_all(pages.into_iter().flatten());
    match links.window.clone() {
        Some(url) => {
            el("div").with(list).with(button("button", "window", &ui.say("menu.window"), move || {
                // The same conversation goes on there; here it is put away.
                let size = "popup,width=480,height=720";
                if let Ok(Some(_opened)) =
                    window().open_with_url_and_target_and_features(&url, "info-cig", size)
                {
                    ui.act(|chat| chat.minimise());
                }
            }))
        }
        None => list,
    }
}
