// SPDX-License-Identifier: EUPL-1.2
//! What a person can say of their question while they wait.

use infocig_protocol::case::{BenefitKind, Payment, Question};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement};

use crate::{
    dom::{El, button, el, focus, line, soon},
    state::Wrong,
    text::case as words,
    ui::Ui,
};

/// A field of the form.
struct Field {
    name: &'static str,
    kind: &'static str,
    label: &'static str,
    help: &'static str,
    is_wrong: fn(Wrong) -> bool,
    part: fn(&mut Question) -> &mut Option<String>,
}

const FROM: Field = Field {
    name: "question-from",
    kind: "month",
    label: "question.from_month",
    help: "question.month_help",
    is_wrong: |wrong| matches!(wrong, Wrong::From),
    part: |question| &mut question.from,
};
const TO: Field = Field {
    name: "question-to",
    kind: "month",
    label: "question.to_month",
    help: "question.month_help",
    is_wrong: |wrong| matches!(wrong, Wrong::To | Wrong::Order),
    part: |question| &mut question.to,
};
const PROTOCOL: Field = Field {
    name: "question-protocol",
    kind: "text",
    label: "question.protocol",
    help: "question.protocol_help",
    is_wrong: |wrong| matches!(wrong, Wrong::Protocol),
    part: |question| &mut question.protocol,
};

/// The form. Everything in it may be left out; what was written is there again when the form is.
pub(crate) fn question(ui: Ui) -> El {
    let state = ui.state;
    let (_, before) = state.read(|s| s.written_question());
    let wrong = RwSignal::new(None::<Wrong>);
    let form = el("form").part("question").attr("aria-labelledby", "question-toggle").attr("novalidate", "");
    let node = form.node().clone();
    let send = move || {
        let (_, said) = state.read(|s| s.written_question());
        let needs = Wrong::of(&said);
        wrong.set(needs);
        if needs.is_none() {
            ui.act(|chat| chat.question(said));
            return;
        }
        let form = node.clone();
        soon(move || {
            if let Ok(Some(field)) = form.query_selector("[aria-invalid=true]") {
                focus(field.unchecked_ref::<HtmlElement>());
            }
        });
    };
    let submit = line("button", "button primary", &ui.say("question.send"))
        .attr("type", "submit")
        .part("question-send");
    let skip = button("button quiet", "question-skip", &ui.say("question.skip"), move || {
        ui.act(|chat| chat.skip_question());
    });
    form.on("submit", move |event| {
        event.prevent_default();
        send();
    })
    .with(kind(ui, before.about))
    .with(el("div").class("pair").with(field(ui, &FROM, &before, wrong)).with(field(ui, &TO, &before, wrong)))
    .with(payment(ui, before.payment))
    .with(field(ui, &PROTOCOL, &before, wrong))
    .when(
        move || wrong.get() == Some(Wrong::Nothing),
        move || line("p", "error", &ui.say(words::wrong(Wrong::Nothing))).attr("role", "alert"),
    )
    .with(el("div").class("actions").with(submit).with(skip))
}

fn kind(ui: Ui, before: Option<BenefitKind>) -> El {
    let options = BenefitKind::ALL.into_iter().map(|kind| {
        let option = line("option", "", kind.name()).attr("value", kind.as_str());
        if before == Some(kind) { option.attr("selected", "") } else { option }
    });
    let select = el("select")
        .attr("id", "question-kind")
        .part("question-kind")
        .with(line("option", "", &ui.say("question.choose")).attr("value", ""))
        .with_all(options);
    let node: HtmlSelectElement = select.node().clone().unchecked_into();
    el("p")
        .class("field")
        .with(line("label", "", &ui.say("question.kind")).attr("for", "question-kind"))
        .with(select.on("change", move |_| {
            let word = node.value();
            let kind = BenefitKind::ALL.into_iter().find(|kind| kind.as_str() == word);
            ui.state.change(|s| s.write_question(|_, question| question.about = kind));
        }))
}

fn payment(ui: Ui, before: Option<Payment>) -> El {
    let choices =
        [(Payment::Direct, "question-payment-direct"), (Payment::Employer, "question-payment-employer")];
    let choices = choices.into_iter().map(|(payment, part)| {
        let input = el("input").attr("type", "radio").attr("name", "payment").part(part);
        let input = if before == Some(payment) { input.attr("checked", "") } else { input };
        let input = input.on("change", move |_| {
            ui.state.change(|s| s.write_question(|_, question| question.payment = Some(payment)));
        });
        el("label").class("choice").with(input).with(line("span", "", &ui.say(words::payment(payment))))
    });
    el("fieldset").with(line("legend", "", &ui.say("question.payment"))).with_all(choices)
}

fn field(ui: Ui, field: &'static Field, before: &Question, wrong: RwSignal<Option<Wrong>>) -> El {
    let Field { name, kind, label, help, is_wrong, part } = field;
    let (is_wrong, part) = (*is_wrong, *part);
    let error = move || wrong.get().filter(|wrong| is_wrong(*wrong));
    let help_id = [name, "-help"].concat();
    let input = el("input")
        .attr("id", name)
        .attr("type", kind)
        .part(name)
        .attr("autocomplete", "off")
        .attr("aria-describedby", &help_id)
        .shows("aria-invalid", move || Some(if error().is_some() { "true" } else { "false" }));
    let node: HtmlInputElement = input.node().clone().unchecked_into();
    // A browser that has a picker of months says itself how one is written; another makes the field one of text.
    let has_picker = *kind == "month" && node.type_() == *kind;
    node.set_value(part(&mut before.clone()).as_deref().unwrap_or_default());
    let input = input.on("input", move |_| {
        let written = node.value().trim().to_string();
        ui.state.change(|s| {
            s.write_question(|_, question| *part(question) = (!written.is_empty()).then_some(written));
        });
    });
    let said =
        el("span").attr("id", &help_id).shows("class", move || error().map(|_| "error")).reads(move || {
            match error() {
                Some(wrong) => ui.say(words::wrong(wrong)),
                None if has_picker => String::new(),
                None => ui.say(help),
            }
        });
    el("p").class("field").with(line("label", "", &ui.say(label)).attr("for", name)).with(input).with(said)
}
