// SPDX-License-Identifier: EUPL-1.2
//! The components: the queue and the advisor's conversations beside the one on screen.
//!
//! They read [`DeskState`](crate::state::DeskState), take texts from [`I18n`](crate::i18n::I18n) and call
//! [`Intents`](crate::intents::Intents); none touches a socket or writes a signal in an effect. Another language makes all of
//! them anew: drafts, open panels and the selected conversation are state, and stay.

#![expect(unreachable_pub, reason = "the component macro makes what it writes public")]

mod alerts;
mod call;
mod case;
mod cases;
mod closing;
mod composer;
mod conversation;
mod conversation_list;
mod data_protection;
mod dialog;
mod forward;
mod header;
mod history;
mod hold;
mod language;
mod log;
mod notes;
mod offers;
mod own_replies;
mod person;
mod presence;
mod proposal;
mod queue;
mod replies;
mod reports;
mod rules;
mod shortcuts;
mod sign_in;
mod suggestions;
mod supervision;
mod transfer;
mod wallboard;
mod warning;

use infocig_client::dates::Moment;
use infocig_protocol::{id::ConversationId, language::Language, time::Timestamp};
use leptos::prelude::*;

use self::{
    alerts::AlertChoices,
    closing::Closing,
    conversation::OnScreen,
    conversation_list::ConversationList,
    forward::Forward,
    header::Header,
    hold::HoldDialog,
    offers::Offers,
    presence::{Colleagues, PresenceSwitch},
    queue::Queue,
    reports::{OpenPage, PageButtons},
    shortcuts::Shortcuts,
    sign_in::SignIn,
    supervision::{
        Supervision,
        acts::{End, Reassign, TakeOver, Whisper},
        blocks::{BlockDialog, LiftDialog},
        panel::LivePanel,
    },
    transfer::{Invite, Transfer},
    wallboard::Wallboard,
    warning::WarnDialog,
};
use crate::{
    dom::Parts,
    i18n::I18n,
    state::{Conversation, DeskState, Dialog, SignInState, screen::Area},
    text,
};

/// The order in which the advisor's conversations show.
#[derive(Clone, Copy)]
struct Order(Memo<Vec<ConversationId>>);

/// The day in Italy at an instant, in the current language.
fn day(i18n: I18n, at: Timestamp) -> String {
    Moment::in_italy(at).day.text(&i18n.words())
}

/// The day and the time of day in Italy at an instant, in the current language.
fn moment(i18n: I18n, at: Timestamp) -> String {
    Moment::in_italy(at).text(&i18n.words())
}

/// The console in the current language.
#[component]
pub(crate) fn App() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let i18n = expect_context::<I18n>();
    let parts = expect_context::<Parts>();
    let order = Memo::new(move |before: Option<&Vec<ConversationId>>| {
        state.in_order(before.map_or(&[], Vec::as_slice))
    });
    provide_context(Order(order));
    shortcuts::listen();
    let language = Memo::new(move |_| i18n.current().language());
    Effect::new(move |before: Option<Language>| {
        let spoken = language.get();
        if before.is_some_and(|before| before != spoken) {
            // The select that had the focus was replaced by another one.
            request_animation_frame(move || {
                let _hidden_before_sign_in = parts.focus("language");
            });
        }
        spoken
    });
    view! {
        // Keyed by the language: another one replaces every node.
        <For each=move || [language.get()] key=|language| *language let:language>
            <Page language/>
        </For>
    }
}

/// All of the console. Before an advisor has signed in only the page's own content shows.
#[component]
fn Page(language: Language) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let i18n = expect_context::<I18n>();
    let lang = language.as_str();
    let has_signed_in = Memo::new(move |_| {
        matches!(state.session.sign_in.get(), SignInState::SignedIn | SignInState::Expired)
    });
    let has_page = Memo::new(move |_| state.reports.page.with(Option::is_some));
    let area = Memo::new(move |_| state.screen.area.get());
    let answers = Memo::new(move |_| state.session.rights.with(|rights| rights.answers));
    let talks =
        Memo::new(move |_| area.get() == Area::Conversations && state.screen.selected.with(Option::is_some));
    let wallboard = Memo::new(move |_| state.panel.wallboard.get());
    let parts = expect_context::<Parts>();
    Effect::new(move || {
        if state.screen.selected.with(Option::is_some) {
            // After the next layout: before it the page may be too short to scroll.
            request_animation_frame(move || request_animation_frame(move || parts.to_the_top()));
        }
    });
    let announced = move || {
        state
            .screen
            .announcement
            .with(|news| news.as_ref().map(|news| text::announcement(&i18n.words(), news)))
    };
    view! {
        <SignIn lang/>
        <Show when=move || has_signed_in.get()>
            // Labels change by themselves, and a browser's translator would keep the old ones. Messages allow translation.
            <div
                class="console"
                lang=lang
                translate="no"
                class:has-conversation=move || talks.get() && !has_page.get()
                class:has-page=move || has_page.get()
            >
                <Show when=move || !wallboard.get() fallback=|| view! { <Wallboard/> }>
                    <div class="top">
                        <Header/>
                        <Show when=move || answers.get()>
                            <PresenceSwitch/>
                        </Show>
                        <Areas/>
                    </div>
                    <Offers/>
                    <OpenPage/>
                    <Show when=move || area.get() == Area::Conversations && answers.get()>
                        <div class="columns">
                            <div class="lists">
                                <ConversationList/>
                                <Queue/>
                                <Colleagues/>
                            </div>
                            <OnScreen/>
                        </div>
                    </Show>
                    <Show when=move || area.get() == Area::Supervision>
                        <LivePanel/>
                        <Supervision/>
                    </Show>
                </Show>
                <p class="visually-hidden" role="status">{announced}</p>
                <Dialogs/>
            </div>
        </Show>
    }
}

/// The areas of the console, and the pages beside them.
#[component]
fn Areas() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let supervises = Memo::new(move |_| state.supervises());
    let has_page = Memo::new(move |_| state.reports.page.with(Option::is_some));
    let areas = move || {
        [
            (Area::Supervision, "supervision", "area.supervision"),
            (Area::Conversations, "conversations", "area.conversations"),
        ]
        .map(|(area, part, words)| {
            view! {
                <button
                    type="button"
                    class="button"
                    data-part=format!("area-{part}")
                    aria-current=move || (!has_page.get() && state.screen.area.get() == area).then_some("page")
                    on:click=move |_| {
                        state.reports.page.set(None);
                        state.open_area(area);
                    }
                >
                    {i18n.text(words)}
                </button>
            }
        })
    };
    view! {
        <nav class="areas" aria-label=i18n.text("area.label")>
            <Show when=move || supervises.get()>{areas()}</Show>
            <PageButtons/>
        </nav>
    }
}

/// The open dialog, as long as its conversation allows it.
#[component]
fn Dialogs() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let open = Memo::new(move |_| {
        let dialog = state.screen.dialog.get()?;
        let about = match &dialog {
            Dialog::Closing(id) => state.conversation(id).filter(|one| !one.is_released()),
            Dialog::Transfer(id) | Dialog::Invite(id) | Dialog::Hold(id) | Dialog::Warn(id) => {
                state.conversation(id).filter(Conversation::is_writable)
            }
            // The text can still be copied when it is too late to send it.
            Dialog::Forward(id) => state.conversation(id),
            Dialog::Lift(id) => return state.panel.block(id).is_some().then_some((dialog, None)),
            Dialog::TakeOver(id)
            | Dialog::Reassign(id)
            | Dialog::End(id)
            | Dialog::Block(id)
            | Dialog::Whisper(id) => {
                return state.panel.knows(id).then_some((dialog, None));
            }
            Dialog::Alerts | Dialog::Shortcuts => return Some((dialog, None)),
        };
        about.map(|about| (dialog, Some(about)))
    });
    move || match open.get() {
        Some((Dialog::Closing(_), Some(conversation))) => view! { <Closing conversation/> }.into_any(),
        Some((Dialog::Transfer(_), Some(conversation))) => view! { <Transfer conversation/> }.into_any(),
        Some((Dialog::Invite(_), Some(conversation))) => view! { <Invite conversation/> }.into_any(),
        Some((Dialog::Hold(_), Some(conversation))) => view! { <HoldDialog conversation/> }.into_any(),
        Some((Dialog::Warn(_), Some(conversation))) => view! { <WarnDialog conversation/> }.into_any(),
        Some((Dialog::Forward(_), Some(conversation))) => view! { <Forward conversation/> }.into_any(),
        Some((Dialog::TakeOver(id), _)) => view! { <TakeOver id/> }.into_any(),
        Some((Dialog::Reassign(id), _)) => view! { <Reassign id/> }.into_any(),
        Some((Dialog::End(id), _)) => view! { <End id/> }.into_any(),
        Some((Dialog::Whisper(id), _)) => view! { <Whisper id/> }.into_any(),
        Some((Dialog::Block(id), _)) => view! { <BlockDialog id/> }.into_any(),
        Some((Dialog::Lift(id), _)) => view! { <LiftDialog id/> }.into_any(),
        Some((Dialog::Alerts, _)) => view! { <AlertChoices/> }.into_any(),
        Some((Dialog::Shortcuts, _)) => view! { <Shortcuts/> }.into_any(),
        Some((
            Dialog::Closing(_)
            | Dialog::Transfer(_)
            | Dialog::Invite(_)
            | Dialog::Hold(_)
            | Dialog::Warn(_)
            | Dialog::Forward(_),
            None,
        ))
        | None => ().into_any(),
    }
}
