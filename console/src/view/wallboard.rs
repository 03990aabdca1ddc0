// SPDX-License-Identifier: EUPL-1.2
//! The panel for a screen on the wall: large numbers, no interaction needed, and no names of people who write.

use infocig_client::dates;
use infocig_protocol::supervision::AlertKind;
use leptos::prelude::*;

use super::supervision::panel::{Alerts, Queues, Tile, alarming, longest_wait, of_panel};
use crate::{
    dom,
    i18n::I18n,
    state::{Connection, DeskState, supervision::panel::Staff},
    text,
};

/// The whole screen.
#[component]
pub(crate) fn Wallboard() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let panel = state.panel.panel;
    let arrived = Memo::new(move |_| panel.with(Option::is_some));
    let live = Memo::new(move |_| state.session.connection.get() == Connection::Live);
    let welcomed = Memo::new(move |_| state.session.welcome.with(Option::is_some));
    let time = of_panel(state.panel, |panel| dates::clock(panel.at));
    let status = move || {
        if !live.get() && arrived.get() {
            i18n.fill("panel.offline", &[("time", &time.get().unwrap_or_default())])
        } else if !live.get() {
            i18n.text(text::connection(state.session.connection.get()))
        } else {
            i18n.fill("panel.updated", &[("time", &time.get().unwrap_or_default())])
        }
    };
    let waits = move || {
        i18n.text(if welcomed.get() && !state.supervises() {
            "wallboard.not_supervisor"
        } else {
            "panel.loading"
        })
    };
    let close = move |_| {
        dom::set_full_screen(false);
        state.panel.wallboard.set(false);
    };
    view! {
        <section class="wallboard" aria-labelledby="wallboard" data-part="wallboard">
            <div class="wallboard-head">
                <h2 class="wallboard-title" id="wallboard">{i18n.text("wallboard.title")}</h2>
                <p class="wallboard-time" class:stale=move || !live.get() data-part="wallboard-status">{status}</p>
                <button type="button" class="button slim" data-part="wallboard-close" on:click=close>
                    {i18n.text("wallboard.close")}
                </button>
            </div>
            <Show when=move || arrived.get() fallback=move || view! { <p class="wallboard-title">{waits}</p> }>
                <Numbers/>
                <Queues/>
                <Alerts plain=true/>
            </Show>
        </section>
    }
}

#[component]
fn Numbers() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let waiting = of_panel(state.panel, |panel| panel.waiting.number);
    let under_way = of_panel(state.panel, |panel| panel.conversations.len());
    let staff = of_panel(state.panel, |panel| Staff::of(&panel.advisors));
    let today = of_panel(state.panel, |panel| {
        let of = &panel.today;
        (of.service_level, of.answered, of.abandoned)
    });
    let number = |of: Memo<Option<u32>>| Signal::derive(move || of.get().unwrap_or_default().to_string());
    view! {
        <dl class="tiles wall-tiles">
            <Tile part="waiting" name="panel.waiting" value=number(waiting) alarming=alarming(state.panel, AlertKind::Waiting)/>
            <Tile part="longest" name="panel.longest" value=longest_wait(state.panel, state.clock) alarming=alarming(state.panel, AlertKind::LongestWait)/>
            <Tile
                part="under-way"
                name="panel.under_way"
                value=Signal::derive(move || under_way.get().unwrap_or_default().to_string())
                alarming=alarming(state.panel, AlertKind::Silent)
            />
            <Tile
                part="available"
                name="panel.available"
                value=Signal::derive(move || staff.get().unwrap_or_default().available.to_string())
                detail=Signal::derive(move || text::free_places(&i18n.words(), staff.get().unwrap_or_default()))
            />
            <Tile
                part="service-level"
                name="panel.service_level"
                value=Signal::derive(move || today.get().map(|(level, ..)| text::percent(level)).unwrap_or_default())
                detail=Signal::derive(move || {
                    let level = today.get().map(|(level, ..)| level).filter(|level| level.of > 0);
                    level.map(|level| text::part_of(&i18n.words(), level)).unwrap_or_default()
                })
            />
            <Tile
                part="answered"
                name="panel.answered"
                value=Signal::derive(move || today.get().map(|(_, answered, _)| answered.to_string()).unwrap_or_default())
                detail=Signal::derive(move || today.get().map(|(_, _, abandoned)| format!("{}: {abandoned}", i18n.text("panel.abandoned"))).unwrap_or_default())
            />
        </dl>
    }
}
