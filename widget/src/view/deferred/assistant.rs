// SPDX-License-Identifier: EUPL-1.2
//! The automatic assistant: a form for a question, and answers. Everything it shows is named a program's, in words
//! (Regulation (EU) 2024/1689, art. 50(1)); the way to a person is beside it.

use std::{rc::Rc, time::Duration};

use infocig_protocol::{assistant::Passage, limits::MAX_QUESTION_CHARS};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::{
    actions::Chat,
    effects::after,
    once::{all, nothing, once, optional},
    state::{AskingError, AskingProgress},
    text::deferred::assistant as words,
    ui::{Ui, act},
    view::{
        button::Button,
        checked_form::{CheckedForm, FormLook, Text},
        checked_text::TextForm,
        confirm::Confirm,
        linked_text::LinkedText,
        listens::{listens, on},
        notice::Back,
        pieces::{Block, Heading, Paragraph},
        surface::into_sight,
        switch::{ShowWhen, Switch},
    },
};

/// The form of a question.
static QUESTION: TextForm = TextForm {
    text: |ui| ui.state.read(|s| s.assistant.text.clone()),
    edit: |ui, text| ui.act(|chat| chat.edit_assistant(text)),
    send: |ui, text| {
        ui.act(|chat| {
            chat.edit_assistant(text);
            chat.ask_assistant();
        });
    },
    // Finds the same error again and puts it into the state.
    refuse: |ui, _error| ui.act(Chat::ask_assistant),
    field: "#assistant-question",
    max_chars: MAX_QUESTION_CHARS,
};

static LOOK: FormLook = FormLook {
    part: "assistant-form",
    heading: "",
    help: Text { id: "assistant-help", key: "assistant.program" },
    label: "assistant.label",
    field: "assistant-question",
    field_part: "assistant-question",
    rows: "2",
    is_wrong: |ui| failed(ui).is_some_and(words::is_of_text),
    is_sending: |ui| progress(ui) == AskingProgress::Asking,
    error_part: "assistant-error",
    error: |ui| failed(ui).map(words::error),
    submit_class: "button",
    submit_part: "assistant-ask",
    submit: |ui| if progress(ui) == AskingProgress::Asking { "assistant.asking" } else { "assistant.ask" },
};

fn progress(ui: Ui) -> AskingProgress {
    ui.state.read(|s| s.assistant.progress)
}

fn failed(ui: Ui) -> Option<AskingError> {
    match progress(ui) {
        AskingProgress::Failed(why) => Some(why),
        AskingProgress::Editing | AskingProgress::Asking => None,
    }
}

/// The assistant alone in the panel, for a person who is in no conversation: the way to a person, the newest answer, the form.
#[component]
pub(crate) fn Assistant() -> impl IntoView {
    let ui = Ui::current();
    let newest = move || ui.state.read(|s| s.assistant.asked.last().map(|(question, _)| question.id.clone()));
    let answer = move || {
        let newest = ui.state.peek(|s| s.assistant.asked.last().cloned());
        newest.map(|(question, answer)| {
            view! {
                <Answer question=question.text answer/>
                <Block class="actions">
                    <Button
                        class="button"
                        part="assistant-yes"
                        label=ui.text("assistant.helped")
                        on_press=|| act(|chat| chat.leave_assistant())
                    />
                    <Button
                        class="button"
                        part="assistant-no"
                        label=ui.text("assistant.not_helped")
                        on_press=|| act(|chat| chat.launch())
                    />
                </Block>
            }
        })
    };
    once(view! {
        <Block class="inside" part="assistant">
            <Block class="aside">
                <Heading focused=true text=ui.text("assistant.name")/>
                <Block class="actions">
                    <Button
                        class="button primary"
                        part="assistant-person"
                        label=ui.text("launcher.open")
                        on_press=|| act(|chat| chat.launch())
                    />
                    <Back/>
                </Block>
            </Block>
            <Block class="aside" role="status">
                <Switch on=newest let:_newest>{optional(answer())}</Switch>
            </Block>
            <AssistantForm/>
        </Block>
    })
}

/// The form of a question. Beside a conversation the answers are in its log.
#[component]
pub(crate) fn AssistantForm() -> impl IntoView {
    once(view! {
        <CheckedForm
            look=&LOOK
            form=&QUESTION
            before=nothing()
            beside_error=nothing()
            beside_submit=nothing()
        />
    })
}

/// A question and its answer: what was said and the best text open, further texts folded.
#[component]
pub(crate) fn Answer(question: String, answer: Vec<Passage>) -> impl IntoView {
    let ui = Ui::current();
    let is_unknown = answer.is_empty();
    let asked = ui.fill("assistant.asked", &[("question", &*question)]);
    let awaited =
        ui.state.peek(|s| s.assistant.awaited.as_ref().is_some_and(|awaited| awaited.text == question));
    let served = Rc::new(move || ui.act(|chat| chat.self_served()));
    // In no conversation there is nobody to report it to.
    let opened = on("click", move |event| {
        let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if pressed.is_some_and(|pressed| pressed.closest("a").is_ok_and(|link| link.is_some())) {
            ui.act(|chat| chat.source_opened());
        }
    });
    let best = answer.iter().position(|passage| passage.entry.is_some());
    let passage = |(number, passage): (usize, Passage)| {
        let Passage { title, text, language, .. } = passage;
        let text = view! { <div lang=language.as_str()><LinkedText text/></div> };
        if best.is_none_or(|best| number <= best) {
            return once(text);
        }
        once(view! { <details><summary lang=language.as_str()>{title}</summary>{text}</details> })
    };
    let unknown =
        is_unknown.then(|| view! { <Paragraph part="assistant-unknown" text=ui.text("assistant.unknown")/> });
    once(view! {
        <article class="case" data-part="assistant-answer" data-author="assistant" use:comes_into_sight=awaited use:listens=opened>
            <p class="meta"><span class="author">{ui.text("assistant.name")}</span></p>
            <Paragraph class="meta" text=asked/>
            {all(answer.into_iter().enumerate().map(passage))}
            {optional(unknown)}
            <ShowWhen holds=move || !is_unknown && ui.state.read(|s| s.waits_with(&question))>
                <Confirm
                    part="assistant-served"
                    label="assistant.helped"
                    question="cases.self_served_question"
                    on_confirm=served.clone()
                />
            </ShowWhen>
        </article>
    })
}

/// A directive: scrolls to the beginning of the answer that the person waits for. The log follows its end, where a long answer
/// ends; and on a small screen it is below what is unfolded.
fn comes_into_sight(answer: Element, awaited: bool) {
    if !awaited {
        return;
    }
    let state = Ui::current().state;
    after(ONCE_FOLLOWED, move || {
        state.change(|s| s.assistant.awaited = None);
        if let Ok(Some(log)) = answer.closest(".log") {
            let answer: &HtmlElement = answer.unchecked_ref();
            log.set_scroll_top(answer.offset_top() - MARGIN);
            into_sight(&log);
        }
    });
}

/// After so long the log has followed the answer to its end.
const ONCE_FOLLOWED: Duration = Duration::from_millis(150);
/// Above the answer, in pixels.
const MARGIN: i32 = 12;
