// SPDX-License-Identifier: EUPL-1.2
//! The log: messages with author and time, pending messages, events of the conversation.
//!
//! Entries never change, so the log only grows at its two ends, and elements on the page are not touched again. It is no live
//! region: the announcer (`announce`) announces new entries.

mod deliveries;
mod end;
mod entry;
mod groups;

use std::{cell::RefCell, rc::Rc};

use infocig_client::link::LinkState;
use infocig_protocol::entry::{Author, Entry, EntryBody, Phase};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use self::{deliveries::show_deliveries, end::End, entry::Message, groups::Groups};
use crate::{
    effects::{after_layout, on_change},
    once::{all, element, once},
    state::OlderEntriesState,
    ui::{Ui, act},
    view::{
        button::Button,
        listens::{listens, on},
        live_text::{live, live_text},
        pieces::{Block, flag},
        switch::{ShowWhen, Switch},
    },
};

/// The log of a conversation. While its end is in sight it scrolls along with new entries; otherwise the position stays.
#[component]
pub(crate) fn Log() -> impl IntoView {
    let ui = Ui::current();
    let state = ui.state;
    let below = RwSignal::new(false);
    let entries = element(view! { <div class="entries"></div> });
    let list = entries.element();
    let log = element(view! {
        <div
            class="log"
            role="log"
            aria-live="off"
            aria-label=ui.text("log.name")
            tabindex="0"
            data-part="log"
        >
            <ShowWhen holds=move || state.read(|s| s.older_entries != OlderEntriesState::None && s.link == LinkState::Live)>
                <OlderEntries/>
            </ShowWhen>
            {entries}
            <Pending/>
        </div>
    });
    if let (Some(log), Some(list)) = (log.element(), list) {
        keep_to_its_end(ui, log.unchecked_into(), list.clone().unchecked_into(), below);
        show_deliveries(ui, list.unchecked_into());
    }
    let node = log.element();
    let to_end = move || {
        if let Some(log) = &node {
            end::scroll_to_end(log);
        }
    };
    once(view! {
        <Block class="log-frame">
            {log}
            <ShowWhen holds=move || below.get()>
                <Button
                    class="button to-end"
                    part="to-end"
                    label=ui.text("log.to_end")
                    on_press=to_end.clone()
                />
            </ShowWhen>
            <p class="typing" data-part="typing" use:live_text=live(move || typing(ui))></p>
        </Block>
    })
}

/// The button that loads earlier entries.
#[component]
fn OlderEntries() -> impl IntoView {
    let ui = Ui::current();
    let coming = move || ui.state.read(|s| s.older_entries == OlderEntriesState::Loading);
    let label = move || ui.text(if coming() { "panel.coming" } else { "log.older_entries" });
    let load_older_entries = on("click", |_| act(|chat| chat.load_older_entries()));
    once(view! {
        <button
            class="button quiet older-entries"
            type="button"
            data-part="older-entries"
            disabled=move || flag(coming())
            use:listens=load_older_entries
            use:live_text=live(label)
        ></button>
    })
}

/// The messages that the server has not acknowledged.
#[component]
fn Pending() -> impl IntoView {
    let ui = Ui::current();
    once(view! {
        <Switch on=move || (ui.state.read(|s| s.pending.clone()), delivery(ui)) let:shown>
            <Block class="entries">
                {all(shown.0.into_iter().map(|pending| view! {
                    <Message
                        class="message mine"
                        part="pending"
                        name=ui.text("log.you")
                        text=pending.text
                        delivery=ui.text(shown.1)
                    />
                }))}
            </Block>
        </Switch>
    })
}

fn delivery(ui: Ui) -> &'static str {
    ui.state.read(|s| {
        if s.is_closed() {
            "log.not_sent"
        } else if s.link == LinkState::Live {
            "log.sending"
        } else {
            "log.sent_later"
        }
    })
}

fn typing(ui: Ui) -> String {
    let advisor = ui.state.read(|s| match &s.phase {
        Some(Phase::Active { advisor, .. }) if s.advisor_typing => Some(advisor.clone()),
        _ => None,
    });
    advisor.map_or_else(String::new, |advisor| ui.fill("log.typing", &[("advisor", &advisor)]))
}

/// Adds new entries to the page and keeps the scroll position of the reader.
fn keep_to_its_end(ui: Ui, log: HtmlElement, entries: HtmlElement, below: RwSignal<bool>) {
    let state = ui.state;
    let end = End::of(log.clone(), below);
    end.stay_when_resized([&log, &entries]);
    let groups = Rc::new(RefCell::new(Groups::of(entries)));
    let owner = Owner::current();
    let ends =
        move || state.read(|s| (s.entries.first().map(|first| first.seq), s.last_seq(), s.pending.len()));
    on_change(ends, move || {
        let before = groups.borrow().ends();
        let begins = before.is_none();
        let from_end = log.scroll_height() - log.scroll_top();
        let put = || state.peek(|s| groups.borrow_mut().show(ui, &s.entries));
        // The signals of an entry belong to the log: those of this run would be disposed before the next one.
        match &owner {
            Some(owner) => owner.with(put),
            None => put(),
        }
        let after = groups.borrow().ends();
        let came_first = before.zip(after).is_some_and(|(before, after)| after.0 < before.0);
        let own = state.peek(|s| s.entries.last().is_some_and(is_own) || !s.pending.is_empty());
        let (log, end) = (log.clone(), Rc::clone(&end));
        if came_first {
            after_layout(move || log.set_scroll_top(log.scroll_height() - from_end));
        } else if begins || own || end.is_read() {
            let unread = begins.then(|| log.query_selector("[data-part=new]").ok().flatten()).flatten();
            after_layout(move || match unread {
                Some(unread) => end.leave_for(&unread),
                None => end.follow(),
            });
        } else if before != after {
            below.set(true);
        }
    });
}

fn is_own(entry: &Entry) -> bool {
    matches!(entry.body, EntryBody::Message { author: Author::Citizen, .. })
}
