// SPDX-License-Identifier: EUPL-1.2
//! Open offers and failed claims, above everything else, with the time that is left in words. The countdown is not announced:
//! an offer is announced once (`view.rs`).

use leptos::prelude::*;

use super::{notes::StoredNote, queue::InQueue};
use crate::{
    dom::{self, Parts},
    i18n::I18n,
    intents::Intents,
    state::{
        Connection, DeskState, FailedClaim, minutes_waiting,
        offer::{Offer, seconds_left},
    },
    text,
};

/// Every offer, the one that lapses first at the top.
#[component]
pub(crate) fn Offers() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let any = Memo::new(move |_| {
        state.queue.offers.with(|offers| !offers.is_empty())
            || state.queue.claims.with(|claims| !claims.is_empty())
    });
    let opening = move || {
        let offered = state.queue.offers.get();
        let claims = state.queue.claims.get();
        claims
            .into_iter()
            .filter(|(id, _)| !offered.iter().any(|offer| offer.conversation == *id))
            .map(|(_, claims)| view! { <p class="opening">{i18n.fill("offer.opening", &[("name", &claims.name)])}</p> })
            .collect_view()
    };
    let refused =
        move || state.queue.failed_claim.get().map(|failed_claim| view! { <CouldNotTake failed_claim/> });
    view! {
        <div class="offer-area">
        {refused}
        <Show when=move || any.get()>
            <section class="offers" aria-label=i18n.text("offer.title")>
                <For
                    each=move || state.queue.offers.get()
                    key=|offer| (offer.conversation.clone(), offer.until)
                    let:offer
                >
                    <Card offer/>
                </For>
                {opening}
            </section>
        </Show>
        </div>
    }
}

#[component]
fn Card(offer: Offer) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let parts = expect_context::<Parts>();
    let id = offer.conversation.clone();
    let until = offer.until;
    let offer_queue = offer.queue.clone();
    let left = Memo::new(move |_| seconds_left(until, state.clock.now.get()));
    // The shortcut accepts one offer: the one that lapses first.
    let is_next = {
        let id = id.clone();
        Memo::new(move |_| {
            state.queue.offers.with(|offers| offers.first().is_some_and(|first| first.conversation == id))
        })
    };
    let accepting = {
        let id = id.clone();
        Memo::new(move |_| state.queue.claims.with(|claims| claims.contains_key(&id)))
    };
    let unavailable = move || accepting.get() || state.session.connection.get() != Connection::Live;
    let minutes = Memo::new(move |_| minutes_waiting(offer.arrived, state.clock.now.get()));
    let waits = {
        let from = offer.from.clone();
        move || text::offer_waits(&i18n.words(), &from, minutes.get())
    };
    let noted = {
        let id = id.clone();
        Memo::new(move |_| {
            state.queue.offer_notes.with(|all| all.get(&id).map_or_else(Vec::new, |of| of.stored.clone()))
        })
    };
    let notes = move || {
        noted.with(|notes| {
            (!notes.is_empty()).then(|| {
                let lines = notes.iter().map(|note| view! { <StoredNote note=note.clone()/> }).collect_view();
                view! {
                    <div class="notes offer-notes" data-part="offer-notes">
                        <p class="notes-heading">
                            {i18n.words().count("offer.notes", notes.len() as u64)} <span class="notes-audience">{i18n.text("notes.for")}</span>
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
        .map(|company| text::acting_for(&i18n.words(), company))
        .map(|of| view! { <p>{text::labelled(&i18n.words(), &i18n.text("person.acting_for"), &of)}</p> });
    let about = text::about(&i18n.words(), &offer.person)
        .map(|about| view! { <p class="offer-about" data-part="offer-about">{about}</p> });
    let whose = [": ", &*offer.person.name].concat();
    let why = text::why_offered(&i18n.words(), &offer);
    let priority = offer.priority.map(|priority| {
        view! { <p class="quiet" data-part="priority">{text::priority(&i18n.words(), priority)}</p> }
    });
    let (name, capacity) = (offer.person.name.clone(), text::capacity(&i18n.words(), &offer.person));
    let kind = text::offer_kind(&i18n.words(), &offer.from);
    let (accepts, declines) = (offer.clone(), offer);
    let decline = move |_| {
        if untrack(unavailable) {
            return;
        }
        // The focused button is removed with its card.
        if parts.is_focused("decline") && !parts.focus("composer") {
            let _hidden_while_talking = parts.focus("queue");
        }
        intents.decline(&declines);
    };
    view! {
        <article class="offer" data-part="offer" data-conversation=id.to_string()>
            <div class="offer-person">
                <p class="offer-kind">{kind}</p>
                <h2 class="heading">{name}</h2>
                <p>{capacity}</p>
                <InQueue queue=Signal::stored(offer_queue)/>
                {acting_for}
                {about}
                <p class="wait" data-part="offer-waits">{waits}</p>
                <p class="offer-reason">{why}</p>
                {priority}
                {notes}
            </div>
            <div class="offer-actions">
                <p class="countdown" role="timer" aria-live="off" class:soon=move || left.get() <= 10>
                    {move || text::time_to_accept(&i18n.words(), left.get())}
                </p>
                <div class="buttons">
                    <button
                        type="button"
                        class="button primary"
                        data-part="accept"
                        aria-keyshortcuts=move || is_next.get().then_some("F8")
                        aria-disabled=move || unavailable().to_string()
                        on:click=move |_| intents.accept(&accepts)
                    >
                        {move || i18n.text(if accepting.get() { "offer.accepting" } else { "offer.accept" })}
                        <span class="visually-hidden">{whose}</span>
                        {move || is_next.get().then(|| view! { <kbd aria-hidden="true">"F8"</kbd> })}
                    </button>
                    <button
                        type="button"
                        class="button"
                        data-part="decline"
                        aria-disabled=move || unavailable().to_string()
                        on:click=decline
                    >
                        {i18n.text("offer.decline")}
                    </button>
                </div>
            </div>
        </article>
    }
}

#[component]
fn CouldNotTake(failed_claim: FailedClaim) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let line = NodeRef::<leptos::html::P>::new();
    // The focused button may have been removed with its row.
    line.on_load(|line| dom::adopt_focus(&line));
    view! {
        <p class="notice" role="alert" tabindex="-1" data-part="take-error" node_ref=line>
            {text::failed_claim(&i18n.words(), &failed_claim)}
        </p>
    }
}
