// SPDX-License-Identifier: EUPL-1.2
//! The form about the question, while the person waits.

use infocig_protocol::case::{BenefitKind, Payment, Question};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::{
    effects::after_layout,
    once::{all, element, once},
    state::QuestionError,
    text::deferred::case as words,
    ui::{Ui, act},
    view::{
        button::Button,
        listens::{listens, on},
        live_text::{live, live_text},
        pieces::{Block, Choice, Fields, Labelled, Paragraph, Submit, truth},
        switch::ShowWhen,
    },
};

/// A text field of the form.
struct Field {
    name: &'static str,
    kind: &'static str,
    label: &'static str,
    help: &'static str,
    is_wrong: fn(QuestionError) -> bool,
    part: fn(&mut Question) -> &mut Option<String>,
}

const FROM: Field = Field {
    name: "question-from",
    kind: "month",
    label: "question.from_month",
    help: "question.month_help",
    is_wrong: |wrong| matches!(wrong, QuestionError::From),
    part: |question| &mut question.from,
};
const TO: Field = Field {
    name: "question-to",
    kind: "month",
    label: "question.to_month",
    help: "question.month_help",
    is_wrong: |wrong| matches!(wrong, QuestionError::To | QuestionError::Order),
    part: |question| &mut question.to,
};
const PROTOCOL: Field = Field {
    name: "question-protocol",
    kind: "text",
    label: "question.protocol",
    help: "question.protocol_help",
    is_wrong: |wrong| matches!(wrong, QuestionError::Protocol),
    part: |question| &mut question.protocol,
};

/// The form. Each field may be empty, but not all of them. Its content is in the state, so that it survives a rebuild of the
/// view.
#[component]
pub(crate) fn QuestionForm() -> impl IntoView {
    let ui = Ui::current();
    let (_, before) = ui.state.peek(|s| s.question_draft());
    let (from, to) = (before.clone(), before.clone());
    let wrong = RwSignal::new(None::<QuestionError>);
    let submit = on("submit", move |event| {
        event.prevent_default();
        let (_, said) = ui.state.peek(|s| s.question_draft());
        let needs = QuestionError::of(&said);
        wrong.set(needs);
        if needs.is_none() {
            ui.act(|chat| chat.submit_question(said));
            return;
        }
        after_layout(move || ui.focus("form [aria-invalid=true]"));
    });
    once(view! {
        <form
            data-part="question"
            aria-labelledby="question-toggle"
            novalidate=true
            use:listens=submit
        >
            <KindField before=before.about/>
            <Block class="pair">
                <TextInput field=&FROM before=from wrong/>
                <TextInput field=&TO before=to wrong/>
            </Block>
            <PaymentField before=before.payment/>
            <TextInput field=&PROTOCOL before wrong/>
            <ShowWhen holds=move || wrong.get() == Some(QuestionError::Empty)>
                <Paragraph class="error" role="alert" text=ui.text(words::question_error(QuestionError::Empty))/>
            </ShowWhen>
            <Block class="actions">
                <Submit
                    class="button primary"
                    part="question-send"
                    label=move || ui.text("question.send")
                />
                <Button
                    class="button quiet"
                    part="question-skip"
                    label=ui.text("question.skip")
                    on_press=|| act(|chat| chat.skip_question())
                />
            </Block>
        </form>
    })
}

#[component]
fn KindField(before: Option<BenefitKind>) -> impl IntoView {
    let ui = Ui::current();
    let choice = |kind: BenefitKind| {
        view! { <option value=kind.as_str() selected=before == Some(kind)>{kind.name()}</option> }
    };
    let choose = on("change", move |event| {
        let word = event_target_value(&event);
        let kind = BenefitKind::ALL.into_iter().find(|kind| kind.as_str() == word);
        ui.state.change(|s| s.edit_question_draft(|_, question| question.about = kind));
    });
    once(view! {
        <Labelled id="question-kind" label=ui.text("question.kind")>
            <select id="question-kind" data-part="question-kind" use:listens=choose>
                <option value="">{ui.text("question.choose")}</option>
                {all(BenefitKind::ALL.into_iter().map(choice))}
            </select>
        </Labelled>
    })
}

#[component]
fn PaymentField(before: Option<Payment>) -> impl IntoView {
    let ui = Ui::current();
    let choice = |(payment, part)| {
        let choose = move |_| {
            ui.state.change(|s| s.edit_question_draft(|_, question| question.payment = Some(payment)));
        };
        view! {
            <Choice
                kind="radio"
                name="payment"
                part
                label=ui.text(words::payment(payment))
                checked=before == Some(payment)
                on_choose=Box::new(choose)
            />
        }
    };
    let choices =
        [(Payment::Direct, "question-payment-direct"), (Payment::Employer, "question-payment-employer")];
    once(view! {
        <Fields legend=ui.text("question.payment")>
            {all(choices.into_iter().map(choice))}
        </Fields>
    })
}

#[component]
fn TextInput(
    field: &'static Field,
    mut before: Question,
    wrong: RwSignal<Option<QuestionError>>,
) -> impl IntoView {
    let ui = Ui::current();
    let Field { name, kind, label, help, is_wrong, part } = field;
    let (is_wrong, part) = (*is_wrong, *part);
    let error = move || wrong.get().filter(|wrong| is_wrong(*wrong));
    let help_id = [name, "-help"].concat();
    let described_by = help_id.clone();
    let input = element(view! {
        <input
            id=*name
            type=*kind
            data-part=*name
            autocomplete="off"
            aria-describedby=described_by
            aria-invalid=move || truth(error().is_some())
            use:listens=on("input", move |event| {
                let written = event_target_value(&event).trim().to_string();
                ui.state.change(|s| {
                    s.edit_question_draft(|_, question| *part(question) = (!written.is_empty()).then_some(written));
                });
            })
        />
    });
    // The format is explained only where the browser has no picker of months and shows a text field.
    let has_picker = input.element().is_some_and(|input| {
        let input: HtmlInputElement = input.unchecked_into();
        input.set_value(part(&mut before).as_deref().unwrap_or_default());
        *kind == "month" && input.type_() == *kind
    });
    let hint = move || match error() {
        Some(wrong) => ui.text(words::question_error(wrong)),
        None if has_picker => String::new(),
        None => ui.text(help),
    };
    once(view! {
        <Labelled id=*name label=ui.text(label)>
            {input}
            <span id=help_id class=move || error().map(|_| "error") use:live_text=live(hint)></span>
        </Labelled>
    })
}
