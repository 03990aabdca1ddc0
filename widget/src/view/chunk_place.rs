// SPDX-License-Identifier: EUPL-1.2
//! Views whose code is in a chunk: the view, or a notice while the chunk is loading, or an error with a button to retry.

use leptos::prelude::*;

use super::{
    button::{Button, Press},
    pieces::{Block, Paragraph},
    switch::Switch,
};
use crate::{
    actions::chunks::{ConversationChunk, DeferredChunk},
    lazy_chunk::{AnyChunk, Chunk, LazyChunk, Progress},
    once::{Once, nothing, once},
    ui::Ui,
};

/// A view of the conversation chunk.
#[component]
pub(crate) fn FromConversation(make: fn(ConversationChunk) -> Once) -> impl IntoView {
    place(Ui::current().conversation(), make)
}

/// A view of the deferred chunk.
#[component]
pub(crate) fn FromDeferred(make: fn(DeferredChunk) -> Once) -> impl IntoView {
    place(Ui::current().deferred(), make)
}

/// A view of a chunk, by a closure that may capture values.
pub(crate) fn place<V: Chunk>(chunk: LazyChunk<V>, make: impl Fn(V) -> Once + 'static) -> Once {
    by_progress(chunk.any(), Box::new(move || chunk.get().map(&make)))
}

fn by_progress(chunk: AnyChunk, view: Box<dyn Fn() -> Option<Once>>) -> Once {
    chunk.fetch();
    once(view! {
        <Block class="part">
            <Switch on=move || chunk.progress() let:progress>
                {match progress {
                    Progress::There => view().unwrap_or_else(nothing),
                    Progress::Unasked | Progress::Coming => once(view! { <Coming/> }),
                    Progress::Failed => once(view! { <Missing on_retry=move || chunk.fetch()/> }),
                }}
            </Switch>
        </Block>
    })
}

#[component]
fn Coming() -> impl IntoView {
    let ui = Ui::current();
    once(view! {
        <Paragraph class="presence" role="status" part="part-coming" text=ui.text("panel.coming")/>
    })
}

#[component]
fn Missing(#[prop(into)] on_retry: Press) -> impl IntoView {
    let ui = Ui::current();
    once(view! {
        <Block class="notice" role="alert" part="part-failed">
            <Paragraph text=ui.text("panel.missing")/>
            <Button class="button" part="part-retry" label=ui.text("panel.retry") on_press=on_retry/>
        </Block>
    })
}
