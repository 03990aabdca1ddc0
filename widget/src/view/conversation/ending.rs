// SPDX-License-Identifier: EUPL-1.2
//! The button that ends the conversation or leaves the queue, and the notice in place of the composer while another tab writes.

use std::rc::Rc;

use leptos::prelude::*;

use crate::{
    once::once,
    ui::{Ui, act},
    view::{
        button::Button,
        confirm::Confirm,
        pieces::{Block, Paragraph},
        switch::Switch,
    },
};

/// The button for the current phase: leave the queue, or end the conversation.
#[component]
pub(crate) fn Ending() -> impl IntoView {
    let ui = Ui::current();
    let confirm = move |label, question| {
        let on_confirm = Rc::new(move || ui.act(|chat| chat.close()));
        view! { <Confirm part="close" label question on_confirm/> }
    };
    once(view! {
        <Block class="ending">
            <Switch on=move || ui.state.read(|s| s.is_waiting()) let:waiting>
                {if waiting {
                    confirm("end.leave", "end.leave_question")
                } else {
                    confirm("end.conclude", "end.conclude_question")
                }}
            </Switch>
        </Block>
    })
}

/// The notice that another tab writes, with a button to take over.
#[component]
pub(crate) fn OtherTab() -> impl IntoView {
    let ui = Ui::current();
    once(view! {
        <Block class="composer" part="elsewhere-tab">
            <Paragraph text=ui.text("composer.elsewhere")/>
            <Block class="actions">
                <Button
                    class="button"
                    part="write-here"
                    label=ui.text("composer.write_here")
                    on_press=|| act(|chat| chat.take_over_writing())
                />
            </Block>
        </Block>
    })
}
