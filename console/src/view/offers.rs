// SPDX-License-Identifier: EUPL-1.2
//! What is offered, and what could not be had, over everything else, with the time that is left in words. Screen readers hear it once, elsewhere.

use leptos::prelude::*;

use super::{Intents, notes::Stored as Noted};
use crate::{
    host::{self, Place},
    state::{
        Connection, DeskState, NotTaken, minutes_waiting,
        offer::{Offer, seconds_left},
    },
    text,
};

/// Every offer, the one that lapses first first.
#[component]
pub(crate) fn Offers() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let any = Memo::new(move |_| {
        state.offers.with(|offers| !offers.is_empty()) || state.taking.with(|taking| !taking.is_empty())
    });
    let opening = move || {
        let offered = state.offers.get();
        let under_way = state.taking.get();
        under_way
            .into_iter()
            .filter(|(id, _)| !offered.iter().any(|offer| offer.conversation == *id))
            .map(|(_, taking)| view! { <p class="opening">{text::opening(&taking.name)}</p> })
            .collect_view()
    };
    let refused = move || state.not_taken.get().map(|not_taken| view! { <CouldNotTake not_taken/> });
    view! {
        {refused}
        <Show when=move || any.get()>
            <section class="offers" aria-label=text::OFFERS>
                <For
                    each=move || state.offers.get()
                    key=|offer| (offer.conversation.clone(), offer.until)
                    let:offer
                >
                    <Card offer/>
                </For>
                {opening}
            </section>
        </Show>
    }
}

#[component]
fn Card(offer: Offer) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let place = expect_context::<Place>();
    let id = offer.conversation.clone();
    let until = offer.until;
    let left = Memo::new(move |_| seconds_left(until, state.now.get()));
    let accepting = {
        let id = id.clone();
        Memo::new(move |_| state.taking.with(|taking| taking.contains_key(&id)))
    };
    let unavailable = move || accepting.get() || state.connection.get() != Connection::Live;
    let minutes = Memo::new(move |_| minutes_waiting(offer.arrived, state.now.get()));
    let waits = {
        let from = offer.from.clone();
        move || text::offer_waits(&from, minutes.get())
    };
    let noted = {
        let id = id.clone();
        Memo::new(move |_| {
            state.offer_notes.with(|all| all.get(&id).map_or_else(Vec::new, |of| of.stored.clone()))
        })
    };
    let notes = move || {
        noted.with(|notes| {
            (!notes.is_empty()).then(|| {
                let lines = notes.iter().map(|note| view! { <Noted note=note.clone()/> }).collect_view();
                view! {
                    <div class="notes offer-notes" data-part="offer-notes">
                        <p class="notes-heading">
                            {text::offer_notes(notes.len())} <span class="notes-for">{text::NOTES_FOR}</span>
                        </p>
                        <ol class="note-list">{lines}</ol>
                    </div>
                }
            })
        })
    };
    let acting_for = offer
        .person
        .acting_for
        .as_ref()
        .map(|company| view! { <p>{text::ACTING_FOR}": "{text::acting_for(company)}</p> });
    let about = text::about(&offer.person)
        .map(|about| view! { <p class="offer-about" data-part="offer-about">{about}</p> });
    let label = format!("{}: {}", text::ACCEPT, offer.person.name);
    let why = text::why_offered(&offer);
    let (name, capacity) = (offer.person.name.clone(), text::capacity(&offer.person));
    let kind = text::offer_kind(&offer.from);
    let (accepts, declines) = (offer.clone(), offer);
    let decline = move |_| {
        if untrack(unavailable) {
            return;
        }
        // The button goes away with its card.
        if place.is_focused("decline") && !place.focus("composer") {
            let _hidden_while_talking = place.focus("queue");
        }
        intents.decline(&declines);
    };
    view! {
        <article class="offer" data-part="offer" data-conversation=id.to_string()>
            <div class="offer-who">
                <p class="offer-kind">{kind}</p>
                <h2 class="heading">{name}</h2>
                <p>{capacity}</p>
                {acting_for}
                {about}
                <p class="wait" data-part="offer-waits">{waits}</p>
                <p class="why">{why}</p>
                {notes}
            </div>
            <div class="offer-do">
                <p class="countdown" role="timer" aria-live="off" class:soon=move || left.get() <= 10>
                    {move || text::time_to_accept(left.get())}
                </p>
                <div class="buttons">
                    <button
                        type="button"
                        class="button primary"
                        data-part="accept"
                        aria-label=label
                        aria-keyshortcuts="F8"
                        aria-disabled=move || unavailable().to_string()
                        on:click=move |_| intents.accept(&accepts)
                    >
                        {move || if accepting.get() { text::ACCEPTING } else { text::ACCEPT }}
                        <kbd aria-hidden="true">"F8"</kbd>
                    </button>
                    <button
                        type="button"
                        class="button"
                        data-part="decline"
                        aria-disabled=move || unavailable().to_string()
                        on:click=decline
                    >
                        {text::DECLINE}
                    </button>
                </div>
            </div>
        </article>
    }
}

#[component]
fn CouldNotTake(not_taken: NotTaken) -> impl IntoView {
    let line = NodeRef::<leptos::html::P>::new();
    // The button that had the focus may have gone away with its row.
    line.on_load(|line| host::adopt_focus(&line));
    view! {
        <p class="notice" role="alert" tabindex="-1" data-part="not-taken" node_ref=line>
            {text::not_taken(&not_taken)}
        </p>
    }
}
