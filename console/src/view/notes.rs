// SPDX-License-Identifier: EUPL-1.2
//! The panel of internal notes. They look unlike messages, so that nobody writes one into the wrong field.

use infocig_client::dates;
use infocig_protocol::desk::{Note, NoteDraft};
use leptos::prelude::*;

use crate::{
    i18n::I18n,
    intents::Intents,
    state::{Connection, Conversation, DeskState},
    text,
};

#[component]
pub(crate) fn Notes(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let Conversation { notes, note_draft, .. } = conversation.clone();
    let live = move || state.session.connection.get() == Connection::Live;
    let may_write = {
        let conversation = conversation.clone();
        Memo::new(move |_| !conversation.is_released() && !conversation.is_observed())
    };
    let stored = notes.clone();
    let outgoing = notes.clone();
    let none = move || notes.with(|notes| notes.count() == 0);
    let (for_writing, for_length, for_value) = (conversation.clone(), note_draft.clone(), note_draft);
    let too_long = Memo::new(move |_| {
        for_length.with(|draft| text::note_too_long(&i18n.words(), draft.trim().chars().count()))
    });
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if state.session.connection.get_untracked() == Connection::Live {
            intents.send_note(&conversation);
        }
    };
    let writing = StoredValue::new((for_writing, for_value, add));
    view! {
        <section class="notes" data-part="notes" aria-labelledby="notes-heading">
            <h3 class="notes-heading" id="notes-heading">
                {i18n.text("notes.title")} <span class="notes-audience">{i18n.text("notes.for")}</span>
            </h3>
            <p class="quiet">{i18n.text("notes.hint")}</p>
            <ol class="note-list">
                <For each=move || stored.with(|notes| notes.stored.clone()) key=|note| note.id.clone() let:note>
                    <StoredNote note/>
                </For>
                <For each=move || outgoing.with(|notes| notes.outgoing.clone()) key=|note| note.id.clone() let:note>
                    <OutgoingNote note/>
                </For>
            </ol>
            <Show when=none>
                <p class="quiet">{i18n.text("notes.none")}</p>
            </Show>
            <Show when=move || may_write.get()>
                {move || {
                    let (conversation, draft, add) = writing.get_value();
                    view! {
                        <form class="note-form" on:submit=add>
                            <label class="label" for="note-text">{i18n.text("notes.label")}</label>
                            <textarea
                                class="field"
                                id="note-text"
                                data-part="note-text"
                                rows="2"
                                aria-describedby="note-length"
                                aria-invalid=move || too_long.with(Option::is_some).then_some("true")
                                prop:value=move || draft.get()
                                on:input=move |event| intents.write_note(&conversation, event_target_value(&event))
                            ></textarea>
                            <p class="error" id="note-length" role="status">{move || too_long.get()}</p>
                            <button
                                type="submit"
                                class="button note-button"
                                data-part="note-send"
                                aria-disabled=move || (!live()).to_string()
                            >
                                {i18n.text("notes.send")}
                            </button>
                        </form>
                    }
                }}
            </Show>
        </section>
    }
}

/// A note that the desk has stored.
#[component]
pub(super) fn StoredNote(note: Note) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let whisper = note.whisper.then(|| {
        view! { <p><span class="notes-audience" data-part="whisper-mark">{i18n.text("notes.whisper")}</span></p> }
    });
    view! {
        <li class="note" data-part="note">
            {whisper}
            <p class="byline"><span class="author">{note.advisor}</span>" "<time>{dates::clock(note.at)}</time></p>
            <p class="text" dir="auto">{note.text}</p>
        </li>
    }
}

#[component]
fn OutgoingNote(note: NoteDraft) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    view! {
        <li class="note pending-note">
            <p class="byline">{i18n.text("notes.coming")}</p>
            <p class="text" dir="auto">{note.text}</p>
        </li>
    }
}
