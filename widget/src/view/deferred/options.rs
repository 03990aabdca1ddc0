// SPDX-License-Identifier: EUPL-1.2
//! The settings, and the links of the portal.

use infocig_client::words::own_name;
use infocig_protocol::language::Language;
use leptos::prelude::*;

use super::sound::chime;
use crate::{
    config::Links,
    once::{all, once},
    settings::Announce,
    ui::Ui,
    view::{
        button::Button,
        listens::{listens, on},
        pieces::{Aside, Block, Choice, Fields, Heading, Labelled, Paragraph},
        switch::ShowWhen,
    },
};

/// The settings and links in the panel.
#[component]
pub(crate) fn Options() -> impl IntoView {
    let ui = Ui::current();
    once(view! {
        <Aside part="options" labelled_by="options-title">
            <Heading id="options-title" focused=true text=ui.text("menu.title")/>
            <LanguageField/>
            <ShowWhen holds=move || ui.state.read(|s| s.language_failed)>
                <Paragraph
                    class="error"
                    role="alert"
                    part="language-failed"
                    text=ui.text("menu.failed")
                />
            </ShowWhen>
            <Announcements/>
            <Pages/>
            <Button
                class="button"
                part="options-close"
                label=ui.text("menu.close")
                on_press=move || ui.state.change(|s| s.options = false)
            />
        </Aside>
    })
}

#[component]
fn LanguageField() -> impl IntoView {
    let ui = Ui::current();
    let now = ui.state.peek(|s| s.language);
    let choice = |language: Language| {
        let tag = language.as_str();
        view! { <option value=tag lang=tag selected=language == now>{own_name(language)}</option> }
    };
    let choose = on("change", move |event| {
        if let Some(language) = Language::of_tag(&event_target_value(&event)) {
            ui.speak(language);
        }
    });
    once(view! {
        <Labelled id="language" label=ui.text("menu.language")>
            <select id="language" data-part="language" use:listens=choose>
                {all(Language::ALL.into_iter().map(choice))}
            </select>
        </Labelled>
    })
}

#[component]
fn Announcements() -> impl IntoView {
    let ui = Ui::current();
    let chosen = ui.state.peek(|s| s.settings);
    let choice = move |one| {
        let (key, part) = match one {
            Announce::All => ("menu.announce_all", "announce-all"),
            Announce::Advisor => ("menu.announce_advisor", "announce-advisor"),
            Announce::None => ("menu.announce_none", "announce-none"),
        };
        let choose = move |_| ui.act(|chat| chat.change_settings(|settings| settings.announce = one));
        view! {
            <Choice
                kind="radio"
                name="announce"
                part
                label=ui.text(key)
                checked=chosen.announce == one
                on_choose=Box::new(choose)
            />
        }
    };
    let choose_sound = move |on| {
        ui.act(|chat| chat.change_settings(|settings| settings.sound = on));
        if on {
            chime();
        }
    };
    once(view! {
        <Fields legend=ui.text("menu.announce")>
            {all(Announce::ALL.into_iter().map(choice))}
            <Choice
                kind="checkbox"
                part="sound"
                label=ui.text("menu.sound")
                checked=chosen.sound
                on_choose=Box::new(choose_sound)
            />
        </Fields>
    })
}

/// The links that the page configured.
#[component]
fn Pages() -> impl IntoView {
    let ui = Ui::current();
    let links = ui.chat().map(|chat| chat.links()).unwrap_or_default();
    let Links { privacy, accessibility, feedback, source, window: own_window } = links;
    let page = |(key, url): (_, Option<String>)| {
        let new_tab = [" (", &*ui.text("log.new_tab"), ")"].concat();
        url.map(|url| {
            view! {
                <li>
                    <a href=url target="_blank" rel="noopener">
                        {ui.text(key)}<span class="unseen">{new_tab}</span>
                    </a>
                </li>
            }
        })
    };
    let pages = [
        ("menu.privacy", privacy),
        ("menu.accessibility", accessibility),
        ("menu.feedback", feedback),
        ("menu.source", source),
    ];
    let list = view! { <ul class="links">{all(pages.into_iter().filter_map(page))}</ul> };
    let Some(url) = own_window else { return once(list) };
    let open = move || {
        // The conversation continues in the new page, so the panel is closed here.
        let size = "popup,width=480,height=720";
        if let Ok(Some(_opened)) = window().open_with_url_and_target_and_features(&url, "info-cig", size) {
            ui.act(|chat| chat.minimise());
        }
    };
    once(view! {
        <Block>
            {list}
            <Button class="button" part="window" label=ui.text("menu.window") on_press=open/>
        </Block>
    })
}
