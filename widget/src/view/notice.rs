// SPDX-License-Identifier: EUPL-1.2
//! The notice of a failure, and buttons that notices share.

use leptos::prelude::*;

use super::{
    button::Button,
    pieces::{Block, Paragraph},
};
use crate::{
    once::once,
    state::ServiceError,
    text,
    ui::{Ui, act},
};

/// A button that shows the assistant.
#[component]
pub(crate) fn AskAssistant() -> impl IntoView {
    let ui = Ui::current();
    once(view! {
        <Button
            class="button"
            part="assistant-open"
            label=ui.text("launcher.assistant")
            on_press=|| act(|chat| chat.open_assistant())
        />
    })
}

/// A failure of the portal or the service, with a button to retry.
#[component]
pub(crate) fn ServiceFailure(error: ServiceError) -> impl IntoView {
    let ui = Ui::current();
    once(view! {
        <Block class="notice" role="alert" part="error">
            <Paragraph class="reason" text=ui.text(text::service_error(error))/>
            <Block class="actions">
                <Button
                    class="button primary"
                    part="retry"
                    label=ui.text("panel.retry")
                    on_press=|| act(|chat| chat.retry())
                />
                <Back/>
            </Block>
        </Block>
    })
}

/// A button that closes the panel.
#[component]
pub(crate) fn Back() -> impl IntoView {
    let ui = Ui::current();
    once(view! {
        <Button
            class="button quiet"
            part="back"
            label=ui.text("panel.back")
            on_press=|| act(|chat| chat.minimise())
        />
    })
}
