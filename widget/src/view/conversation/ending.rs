// SPDX-License-Identifier: EUPL-1.2
//! Ending the conversation, or leaving the queue; and what stands in the composer's place where another tab writes.

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

/// Ending, whatever that is now.
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

/// Another tab writes; this one reads along.
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
