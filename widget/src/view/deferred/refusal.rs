// SPDX-License-Identifier: EUPL-1.2
//! The notice for a person who cannot enter: the reason, the time of opening, other channels.

use infocig_protocol::http::{Admission, Channel};
use leptos::prelude::*;

use super::written_request::WrittenRequestForm;
use crate::{
    once::{all, once},
    state::ChatState,
    ui::{Ui, act},
    view::{
        button::Button,
        notice::{AskAssistant, Back},
        pieces::{Block, Paragraph},
        switch::ShowWhen,
    },
};

/// The refusal of the service. If the service opens while the notice is shown, a button to enter is added.
#[component]
pub(crate) fn Refusal(admission: Admission) -> impl IntoView {
    let ui = Ui::current();
    let Admission { message, channels, source, .. } = admission;
    once(view! {
        <Block>
            <Block class="notice" role="alert" part="refusal">
                <Paragraph class="reason" text=message/>
                <Paragraph text=ui.text("panel.elsewhere")/>
                <Channels channels/>
                <Paragraph class="source" text=ui.fill("panel.source", &[("source", &*source)])/>
            </Block>
            <ShowWhen holds=move || ui.state.read(|s| s.may_write_request())>
                <WrittenRequestForm/>
            </ShowWhen>
            <Block class="actions notice">
                <ShowWhen holds=move || ui.state.read(|s| s.opened_since_refusal())>
                    <Block class="actions">
                        <Paragraph role="status" text=ui.text("panel.now_open")/>
                        <Button
                            class="button primary"
                            part="retry"
                            label=ui.text("launcher.open")
                            on_press=|| act(|chat| chat.enter())
                        />
                    </Block>
                </ShowWhen>
                <ShowWhen holds=move || ui.state.read(ChatState::has_assistant)>
                    <AskAssistant/>
                </ShowWhen>
                <Back/>
            </Block>
        </Block>
    })
}

/// Other channels.
#[component]
pub(crate) fn Channels(channels: Vec<Channel>) -> impl IntoView {
    let channel = |Channel { name, href, how, .. }| {
        let name = match href {
            Some(href) => once(view! { <a href=href>{name}</a> }),
            None => once(view! { <strong>{name}</strong> }),
        };
        view! { <li>{name}<span>{how}</span></li> }
    };
    once(view! { <ul>{all(channels.into_iter().map(channel))}</ul> })
}
