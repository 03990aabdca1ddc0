// SPDX-License-Identifier: EUPL-1.2
//! What a person can say of their question while they wait.

use infocig_protocol::{
    case::{BenefitKind, Payment, Question},
    limits::MAX_PROTOCOL_CHARS,
};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{ChatHandle, button, focus_panel};
use crate::{
    state::{ChatState, Wrong},
    text::{self, case as words},
};

/// The form. Everything in it may be left out; what was written is there again when the form is.
#[component]
pub(crate) fn QuestionForm(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let (unfolded, mut before) = state.written_question();
    let wrong = RwSignal::new(None::<Wrong>);
    let kinds = BenefitKind::ALL.map(|kind| {
        view! { <option value=kind.as_str() prop:selected=before.about == Some(kind)>{kind.name()}</option> }
    });
    let payments = [Payment::Direct, Payment::Employer].map(|payment| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="payment"
                    data-part=format!("question-payment-{}", if payment == Payment::Direct { "direct" } else { "employer" })
                    prop:checked=before.payment == Some(payment)
                    on:change=move |_| state.write_question(|_, question| question.payment = Some(payment))
                />
                {words::payment(payment)}
            </label>
        }
    });
    let mut field = move |name: &'static str, kind, label, help, is_wrong: fn(Wrong) -> bool, part: Part| {
        let written = part(&mut before).take().unwrap_or_default();
        let error = move || wrong.get().filter(|wrong| is_wrong(*wrong));
        view! {
            <p class="field">
                <label for=name>{label}</label>
                <input
                    id=name
                    type=kind
                    data-part=name
                    maxlength=MAX_PROTOCOL_CHARS.to_string()
                    autocomplete="off"
                    aria-describedby=format!("{name}-help")
                    aria-invalid=move || error().is_some().to_string()
                    prop:value=written
                    on:input=move |event| {
                        let written = event_target_value(&event).trim().to_string();
                        state.write_question(|_, question| *part(question) = (!written.is_empty()).then_some(written));
                    }
                />
                <span id=format!("{name}-help") class:error=move || error().is_some()>
                    {move || error().map_or(help, words::wrong)}
                </span>
            </p>
        }
        .into_any()
    };
    let send = move |event: &web_sys::Event| {
        let (_, said) = state.written_question();
        let needs = Wrong::of(&said);
        wrong.set(needs);
        if needs.is_none() {
            focus_panel(event);
            chat.with_value(|c| c.question(said));
        } else if let Some(form) = form.get_untracked() {
            request_animation_frame(move || {
                if let Ok(Some(field)) = form.query_selector("[aria-invalid=true]") {
                    let _focused = field.unchecked_into::<HtmlElement>().focus();
                }
            });
        }
    };
    view! {
        <details
            class="folded"
            data-part="question"
            prop:open=unfolded
            on:toggle=move |event| {
                let open = event_target::<Element>(&event).has_attribute("open");
                state.write_question(|unfolded, _| *unfolded = open);
            }
        >
        <summary data-part="question-toggle" id="question-title">{words::QUESTION}</summary>
        <form
            aria-labelledby="question-title"
            novalidate
            node_ref=form
            on:submit=move |event| {
                event.prevent_default();
                send(&event);
            }
        >
            <p class="field">
                <label for="question-kind">{words::KIND}</label>
                <select
                    id="question-kind"
                    data-part="question-kind"
                    on:change=move |event| {
                        let word = event_target_value(&event);
                        let kind = BenefitKind::ALL.into_iter().find(|kind| kind.as_str() == word);
                        state.write_question(|_, question| question.about = kind);
                    }
                >
                    <option value="">{words::CHOOSE}</option>
                    {kinds}
                </select>
            </p>
            <div class="pair">
            {field("question-from", "month", words::FROM, words::MONTH_HELP, |w| w == Wrong::From, |q| &mut q.from)}
            {field("question-to", "month", words::TO, words::MONTH_HELP, |w| matches!(w, Wrong::To | Wrong::Order), |q| &mut q.to)}
            </div>
            <fieldset>
                <legend>{words::PAYMENT}</legend>
                {payments}
            </fieldset>
            {field("question-protocol", "text", words::PROTOCOL, words::PROTOCOL_HELP, |w| w == Wrong::Protocol, |q| &mut q.protocol)}
            {move || (wrong.get() == Some(Wrong::Nothing)).then(|| view! {
                <p class="error" role="alert">{words::wrong(Wrong::Nothing)}</p>
            })}
            <div class="actions">
                <button type="submit" class="button primary" data-part="question-send">{text::SEND}</button>
                {button("button quiet", "question-skip", words::SKIP, move |event| {
                    focus_panel(event);
                    chat.with_value(|c| c.skip_question());
                })}
            </div>
        </form>
        </details>
    }
}

/// A part of a question that is written.
type Part = fn(&mut Question) -> &mut Option<String>;
