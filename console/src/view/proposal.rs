// SPDX-License-Identifier: EUPL-1.2
//! The form with which an advisor proposes an answer for the automatic assistant, below its suggestions.

use infocig_protocol::limits::{MAX_MESSAGE_CHARS, MAX_QUESTION_CHARS};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    prelude::*,
};

use crate::{
    dom::Parts,
    i18n::I18n,
    intents::Intents,
    state::{
        Conversation,
        proposal::{Progress, ProposalForm},
    },
    text,
};

/// The button that opens the form, and the form.
#[component]
pub(super) fn Proposal(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let parts = expect_context::<Parts>();
    let Conversation { entries, person, proposal, .. } = conversation.clone();
    let is_open = {
        let proposal = proposal.clone();
        Memo::new(move |_| proposal.with(Option::is_some))
    };
    let open = move |_| {
        let form = entries.with_untracked(|entries| ProposalForm::of(entries, &person.name));
        proposal.set(Some(form));
        request_animation_frame(move || {
            let _closed_since = parts.focus("proposal-question");
        });
    };
    let (open, conversation) = (StoredValue::new(open), StoredValue::new(conversation));
    view! {
        <Show
            when=move || is_open.get()
            fallback=move || {
                view! {
                    <button
                        type="button"
                        class="button slim"
                        data-part="proposal-begin"
                        on:click=move |press| open.with_value(|open| open(press))
                    >
                        {i18n.text("proposal.begin")}
                    </button>
                }
            }
        >
            <Form conversation=conversation.get_value()/>
        </Show>
    }
}

#[component]
fn Form(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let parts = expect_context::<Parts>();
    let intents = expect_context::<Intents>();
    let Conversation { proposal, person, .. } = conversation.clone();
    let form = {
        let proposal = proposal.clone();
        Memo::new(move |_| proposal.get().unwrap_or_default())
    };
    let language = person.language.as_str();
    let (write, closed) = (StoredValue::new(proposal.clone()), proposal);
    let change = move |change: &dyn Fn(&mut ProposalForm)| {
        write.with_value(|proposal| proposal.update(|form| form.iter_mut().for_each(change)));
    };
    let close = move || {
        closed.set(None);
        request_animation_frame(move || {
            let _closed_since = parts.focus("proposal-begin");
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        intents.propose_answer(&conversation);
        let (no_question, no_answer) = form.with_untracked(ProposalForm::missing);
        if no_question || no_answer {
            let _always_there =
                parts.focus(if no_question { "proposal-question" } else { "proposal-answer" });
        }
    };
    let keys = {
        let close = close.clone();
        move |key: KeyboardEvent| {
            // The keys of the suggestions are none here.
            key.stop_propagation();
            if key.key() == "Escape" {
                key.prevent_default();
                close();
            }
        }
    };
    let is_sent = Memo::new(move |_| form.with(|form| form.progress == Progress::Sent));
    let status = move || form.with(|form| text::proposal(&i18n.words(), form));
    let failed = move || form.with(|form| matches!(form.progress, Progress::Failed(_)));
    view! {
        <form class="proposal" data-part="proposal" novalidate on:submit=submit on:keydown=keys>
            <h4 class="label">{i18n.text("proposal.title")}</h4>
            <p class="quiet" id="proposal-means">{i18n.text("proposal.means")}</p>
            <Show when=move || !is_sent.get()>
                <label class="label" for="proposal-question">{i18n.text("proposal.question")}</label>
                <textarea
                    class="field"
                    id="proposal-question"
                    data-part="proposal-question"
                    rows="2"
                    maxlength=MAX_QUESTION_CHARS.to_string()
                    lang=language
                    aria-required="true"
                    aria-describedby="proposal-means proposal-status"
                    aria-invalid=move || form.with(|form| form.tried && form.missing().0).then_some("true")
                    prop:value=move || form.with(|form| form.question.clone())
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        change(&|form| form.question.clone_from(&text));
                    }
                ></textarea>
                <label class="label" for="proposal-answer">{i18n.text("proposal.answer")}</label>
                <textarea
                    class="field"
                    id="proposal-answer"
                    data-part="proposal-answer"
                    rows="5"
                    maxlength=MAX_MESSAGE_CHARS.to_string()
                    lang=language
                    aria-required="true"
                    aria-describedby="proposal-means proposal-status"
                    aria-invalid=move || form.with(|form| form.tried && form.missing().1).then_some("true")
                    prop:value=move || form.with(|form| form.answer.clone())
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        change(&|form| form.answer.clone_from(&text));
                    }
                ></textarea>
            </Show>
            <p role="status" class:error=failed id="proposal-status" data-part="proposal-status">{status}</p>
            <div class="buttons">
                <Show when=move || !is_sent.get()>
                    <button
                        type="submit"
                        class="button slim"
                        data-part="proposal-send"
                        aria-disabled=move || {
                            form.with(|form| form.progress == Progress::Sending).to_string()
                        }
                    >
                        {i18n.text("proposal.send")}
                    </button>
                </Show>
                <button type="button" class="button slim" data-part="proposal-close" on:click=move |_| close()>
                    {move || i18n.text(if is_sent.get() { "action.close" } else { "action.cancel" })}
                </button>
            </div>
        </form>
    }
}
