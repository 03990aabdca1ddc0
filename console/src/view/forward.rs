// SPDX-License-Identifier: EUPL-1.2
//! What an office must do: a form that is filled in as far as is known, then everything as the office will read it. Only from
//! there it is sent.

use infocig_client::{cases::heading as case_heading, dates};
use infocig_protocol::{
    case::BenefitKind,
    desk::{ProvinceName, Topic},
    entry::{Author, Entry},
    id::CaseId,
    segnalazione::SegnalazioneDraft,
};
use leptos::{html, prelude::*};

use super::{Intents, closing::Level, dialog::Modal, handing::Cancel, person::Fact};
use crate::{
    host::{self, Place},
    speech::Speech,
    state::{
        Conversation, DeskState, Dialog,
        forwarding::{self, Field, Wrong},
        topics::Choice,
    },
    text,
};

/// The form and everything it reads.
#[derive(Clone, Copy)]
struct Form {
    conversation: StoredValue<Conversation>,
    draft: Memo<SegnalazioneDraft>,
    tree: Memo<Vec<Topic>>,
    wrong: Memo<Vec<Wrong>>,
    /// Somebody wanted to go on with what is wrong.
    tried: RwSignal<bool>,
    intents: Intents,
    speech: Speech,
}

impl Form {
    fn change(self, change: impl FnOnce(&mut SegnalazioneDraft)) {
        let mut draft = self.draft.get_untracked();
        change(&mut draft);
        self.conversation.with_value(|conversation| self.intents.write_forward(conversation, draft));
    }

    /// What is wrong with a field, once that is worth saying.
    fn said(self, field: Field) -> Signal<Option<String>> {
        Signal::derive(move || {
            let wrong = self.wrong.with(|all| all.iter().find(|wrong| wrong.field() == field).copied())?;
            let at_once = matches!(wrong, Wrong::DescriptionTooLong(_) | Wrong::TooManyMessages(_));
            (at_once || self.tried.get()).then(|| text::forward_wrong(&self.speech.words(), wrong))
        })
    }
}

/// A segnalazione, written and looked at before it goes.
#[component]
pub(crate) fn Forward(conversation: Conversation) -> impl IntoView {
    let forwarding = conversation.forwarding.clone();
    let Some(begun) = forwarding.with_untracked(|one| one.draft.clone()) else { return ().into_any() };
    let speech = expect_context::<Speech>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let place = expect_context::<Place>();
    let refused = {
        let forwarding = forwarding.clone();
        Memo::new(move |_| forwarding.with(|one| one.refused))
    };
    let draft = Memo::new(move |before: Option<&SegnalazioneDraft>| {
        let written = forwarding.with(|one| one.draft.clone());
        written.or_else(|| before.cloned()).unwrap_or_else(|| begun.clone())
    });
    let tree = Memo::new(move |_| {
        state.welcome.with(|welcome| welcome.as_ref().map_or_else(Vec::new, |one| one.topics.clone()))
    });
    let wrong = Memo::new(move |_| draft.with(|draft| tree.with(|tree| forwarding::wrong(draft, tree))));
    let tried = RwSignal::new(refused.with_untracked(Option::is_some));
    let (which, name) = (Dialog::Forward(conversation.id.clone()), conversation.person.name.clone());
    let form =
        Form { conversation: StoredValue::new(conversation), draft, tree, wrong, tried, intents, speech };
    let looks = RwSignal::new(false);
    let go_on = Callback::new(move |()| {
        let first = wrong.with_untracked(|wrong| wrong.first().copied());
        tried.set(first.is_some());
        match first {
            Some(wrong) => {
                let _always_there = place.focus(&part(wrong.field()));
            }
            None => looks.set(true),
        }
    });
    let go_back = Callback::new(move |()| {
        looks.set(false);
        request_animation_frame(move || {
            let _always_there = place.focus("forward-description");
        });
    });
    let reason = move || {
        let words = speech.say(text::not_forwarded(refused.get()?));
        Some(view! { <p class="notice" role="alert" data-part="forward-refused">{words}</p> })
    };
    view! {
        <Modal which part="forward-dialog" heading=speech.fill("forward.whom", &[("name", &name)])>
            {reason}
            <Show
                when=move || looks.get()
                fallback=move || view! { <Fields form go_on/> }
            >
                <Preview form go_back/>
            </Show>
        </Modal>
    }
    .into_any()
}

#[component]
fn Fields(form: Form, go_on: Callback<()>) -> impl IntoView {
    let Form { conversation, draft, tree, wrong, tried, intents, speech } = form;
    let state = expect_context::<DeskState>();
    let choice = Signal::derive(move || draft.with(|draft| tree.with(|tree| Choice::of(&draft.topic, tree))));
    let levels = [0, 1, 2].map(|level| {
        let choose = Callback::new(move |id: String| {
            let mut chosen = choice.get_untracked();
            tree.with_untracked(|tree| chosen.choose(tree, level, &id));
            form.change(|draft| draft.topic = chosen.path());
        });
        view! { <Level part="forward-topic" level choice choose wrong=form.said(Field::Topic(level))/> }
    });
    let office_hint = move || {
        let office = draft.with(|draft| draft.office.clone());
        conversation
            .with_value(|conversation| text::office_hint(&speech.words(), &office, &conversation.person))
    };
    let offices = state.provinces().into_iter().map(|province| {
        let ProvinceName { code, name } = province;
        let of = code.clone();
        let chosen = move || draft.with(|draft| draft.office == of);
        view! { <option value=code prop:selected=chosen>{name}</option> }
    });
    let office_wrong = form.said(Field::Office);
    let count = Memo::new(move |_| draft.with(|draft| draft.description.trim().chars().count()));
    let too_long = form.said(Field::Description);
    let kinds = BenefitKind::ALL.map(|kind| {
        let chosen = move || draft.with(|draft| draft.kind == Some(kind));
        view! { <option value=kind.as_str() prop:selected=chosen>{kind.name()}</option> }
    });
    let choose_kind = move |event| {
        let word = event_target_value(&event);
        form.change(|draft| {
            draft.kind = BenefitKind::ALL.into_iter().find(|kind| kind.as_str() == word);
        });
    };
    let discard = move |_| {
        tried.set(false);
        conversation.with_value(|conversation| intents.discard_forward(conversation));
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        go_on.run(());
    };
    view! {
        <form class="form" novalidate=true on:submit=submit>
            <p class="quiet">{speech.say("forward.hint")}</p>
            <ForWhom conversation/>
            <WhichCase form/>
            <div class="levels">
                <div class="level">
                    <label class="label" for="forward-kind">{speech.say("field.kind")}</label>
                    <select
                        class="field"
                        id="forward-kind"
                        data-part="forward-kind"
                        prop:value=move || draft.with(|draft| draft.kind.map_or("", BenefitKind::as_str))
                        on:change=choose_kind
                    >
                        <option value="" prop:selected=move || draft.with(|draft| draft.kind.is_none())>
                            {text::kind(&speech.words(), None)}
                        </option>
                        {kinds}
                    </select>
                </div>
                <Written
                    form
                    field=Field::Protocol
                    label=speech.say("field.protocol")
                    value=|draft| draft.protocol.clone().unwrap_or_default()
                    write=|draft, text| draft.protocol = (!text.is_empty()).then_some(text)
                />
                <Written
                    form
                    field=Field::Ticket
                    label=speech.say("field.ticket")
                    value=|draft| draft.ticket.clone().unwrap_or_default()
                    write=|draft, text| draft.ticket = (!text.is_empty()).then_some(text)
                />
            </div>
            <div class="level">
                <label class="label" for="forward-office">{speech.say("forward.office")}</label>
                <select
                    class="field"
                    id="forward-office"
                    data-part="forward-office"
                    aria-describedby="forward-office-hint forward-office-wrong"
                    aria-invalid=move || office_wrong.with(Option::is_some).then_some("true")
                    on:change=move |event| {
                        let code = event_target_value(&event);
                        form.change(|draft| draft.office = code);
                    }
                >
                    {offices.collect_view()}
                </select>
                <p class="quiet" id="forward-office-hint">{office_hint}</p>
                <p class="troubled" id="forward-office-wrong">{move || office_wrong.get()}</p>
            </div>
            <fieldset class="topic-levels">
                <legend class="label">{speech.say("forward.topic")}</legend>
                <div class="levels">{levels}</div>
            </fieldset>
            <div class="level">
                <label class="label" for="forward-description">{speech.say("forward.description")}</label>
                <textarea
                    class="field"
                    id="forward-description"
                    data-part="forward-description"
                    rows="5"
                    aria-required="true"
                    aria-describedby="forward-description-length forward-description-wrong"
                    aria-invalid=move || too_long.with(Option::is_some).then_some("true")
                    prop:value=move || draft.with(|draft| draft.description.clone())
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        form.change(|draft| draft.description = text);
                    }
                ></textarea>
                <p class="quiet" id="forward-description-length">{move || text::description_length(&speech.words(), count.get())}</p>
                <p class="troubled" id="forward-description-wrong">{move || too_long.get()}</p>
            </div>
            <Messages form/>
            <p class="troubled" role="status">
                {move || (tried.get() && wrong.with(|wrong| !wrong.is_empty())).then(|| speech.say("forward.fix"))}
            </p>
            <div class="buttons">
                <button type="submit" class="button primary" data-part="forward-preview-open">{speech.say("forward.preview")}</button>
                <Cancel/>
                <button type="button" class="button" data-part="forward-discard" on:click=discard>
                    {speech.say("forward.discard")}
                </button>
            </div>
        </form>
    }
}

/// For whom it is: what the advisor cannot change.
#[component]
fn ForWhom(conversation: StoredValue<Conversation>) -> impl IntoView {
    let speech = expect_context::<Speech>();
    let person = conversation.with_value(|conversation| conversation.person.clone());
    let company = person.acting_for.clone().map(|company| {
        let matricola =
            company.matricola.map(|value| view! { <Fact label=speech.say("field.matricola") value/> });
        view! {
            <Fact label=speech.say("person.acting_for") value=company.name/>
            {matricola}
        }
    });
    view! {
        <dl class="person" data-part="forward-for" aria-label=speech.say("forward.for")>
            <Fact label=speech.say("forward.person") value=person.name.clone()/>
            <Fact label=speech.say("person.category") value=speech.say(text::category(person.category))/>
            {company}
            <Fact label=speech.say("person.province") value=text::province(&speech.words(), &person)/>
        </dl>
    }
}

/// The case it is about, as far as the registry has told.
#[component]
fn WhichCase(form: Form) -> impl IntoView {
    let speech = expect_context::<Speech>();
    let state = expect_context::<DeskState>();
    let draft = form.draft;
    let cases = form.conversation.with_value(|conversation| conversation.cases.clone());
    let cases = Memo::new(move |_| cases.get());
    let chosen = Memo::new(move |_| draft.with(|draft| draft.case.clone()));
    let chosen_word =
        move || chosen.with(|chosen| chosen.as_ref().map_or_else(String::new, CaseId::to_string));
    let options = move || {
        cases.with(|cases| {
            cases
                .listed()
                .iter()
                .map(|case| {
                    let (id, words) = (case.id.clone(), case_heading(&speech.words(), case));
                    let value = id.to_string();
                    let is = move || chosen.with(|chosen| chosen.as_ref() == Some(&id));
                    view! { <option value=value prop:selected=is>{words}</option> }
                })
                .collect_view()
        })
    };
    // One that was chosen before the page was loaded anew.
    let unknown = move || {
        let id = chosen.get().filter(|id| cases.with(|cases| cases.find(id).is_none()))?;
        let value = id.to_string();
        Some(view! { <option value=value prop:selected=true>{speech.say("forward.unknown_case")}</option> })
    };
    let choose = move |event| {
        let word = event_target_value(&event);
        let case = cases
            .with_untracked(|cases| cases.listed().iter().find(|case| case.id.as_str() == word).cloned());
        form.change(|draft| forwarding::choose_case(draft, case.as_ref()));
    };
    let hint = move || {
        cases.with(|cases| {
            speech.say(match (cases.coming, cases.trouble, cases.listed()) {
                (true, _, []) => "cases.coming",
                (_, Some(_), []) => "forward.cases_trouble",
                (_, _, []) => "cases.none",
                _ => "forward.case_hint",
            })
        })
    };
    view! {
        <Show when=move || state.has_cases.get()>
            <div class="level">
                <label class="label" for="forward-case">{speech.say("forward.case")}</label>
                <select
                    class="field"
                    id="forward-case"
                    data-part="forward-case"
                    aria-describedby="forward-case-hint"
                    prop:value=chosen_word
                    on:change=choose
                >
                    <option value="" prop:selected=move || chosen.with(Option::is_none)>
                        {speech.say("forward.no_case")}
                    </option>
                    {unknown}
                    {options}
                </select>
                <p class="quiet" id="forward-case-hint" role="status">{hint}</p>
            </div>
        </Show>
    }
}

/// A field of one line.
#[component]
fn Written(
    form: Form,
    field: Field,
    label: String,
    value: fn(&SegnalazioneDraft) -> String,
    write: fn(&mut SegnalazioneDraft, String),
    #[prop(optional, into)] hint: Option<Signal<String>>,
) -> impl IntoView {
    let id = part(field);
    let (hint_id, wrong_id) = (format!("{id}-hint"), format!("{id}-wrong"));
    let wrong = form.said(field);
    view! {
        <div class="level">
            <label class="label" for=id.clone()>{label}</label>
            <input
                class="field"
                type="text"
                autocomplete="off"
                id=id.clone()
                data-part=id
                aria-describedby=format!("{hint_id} {wrong_id}")
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                prop:value=move || form.draft.with(value)
                on:input=move |event| {
                    let text = event_target_value(&event);
                    form.change(|draft| write(draft, text));
                }
            />
            <p class="quiet hint" id=hint_id>{move || hint.map(|hint| hint.get())}</p>
            <p class="troubled" id=wrong_id>{move || wrong.get()}</p>
        </div>
    }
}

/// What was said, as far as the office gets to read it.
#[component]
fn Messages(form: Form) -> impl IntoView {
    let speech = expect_context::<Speech>();
    let entries = form.conversation.with_value(|conversation| conversation.entries.clone());
    let person = form.conversation.with_value(|conversation| conversation.person.name.clone());
    let can = Memo::new(move |_| entries.with(|entries| forwarding::attachable(entries)));
    let none = Memo::new(move |_| can.with(Vec::is_empty));
    let count = Memo::new(move |_| form.draft.with(|draft| draft.attached.len()));
    let wrong = form.said(Field::Messages);
    let all = move |_| {
        let every = can.with_untracked(|can| can.iter().map(|entry| entry.seq).collect());
        form.change(|draft| draft.attached = every);
    };
    let nothing = move |_| form.change(|draft| draft.attached.clear());
    let person = StoredValue::new(person);
    view! {
        <fieldset class="attach" aria-describedby="forward-attached forward-messages-wrong">
            <legend class="label">{speech.say("forward.messages")}</legend>
            <div class="buttons">
                <button type="button" class="button slim" data-part="forward-all" on:click=all>
                    {speech.say("forward.all")}
                </button>
                <button type="button" class="button slim" data-part="forward-none" on:click=nothing>
                    {speech.say("forward.none")}
                </button>
                <p class="quiet" id="forward-attached" role="status">{move || text::attached(&speech.words(), count.get())}</p>
            </div>
            <p class="troubled" id="forward-messages-wrong">{move || wrong.get()}</p>
            <Show when=move || none.get()>
                <p class="quiet">{speech.say("forward.no_messages")}</p>
            </Show>
            <ul class="attachable">
                <For each=move || can.get() key=|entry| entry.seq let:entry>
                    <Message form entry person=person.get_value()/>
                </For>
            </ul>
        </fieldset>
    }
}

#[component]
fn Message(form: Form, entry: Entry, person: String) -> impl IntoView {
    let Said { seq, name, at, text } = Said::of(&entry, &person);
    let goes = Memo::new(move |_| form.draft.with(|draft| draft.attached.contains(&seq)));
    let choose = move |event| {
        let goes = event_target_checked(&event);
        form.change(|draft| forwarding::attach(draft, seq, goes));
    };
    view! {
        <li>
            <label class="option">
                <input
                    type="checkbox"
                    data-part="forward-message"
                    data-seq=seq.to_string()
                    prop:checked=move || goes.get()
                    on:change=choose
                />
                <span class="option-words">
                    <span class="quiet">{name}", "{at}</span>
                    <span class="said" dir="auto">{text}</span>
                </span>
            </label>
        </li>
    }
}

/// Everything as the office will read it.
#[component]
fn Preview(form: Form, go_back: Callback<()>) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let Form { conversation, tree, intents, speech, .. } = form;
    let draft = Memo::new(move |_| {
        let draft = form.draft.get();
        tree.with(|tree| forwarding::ready(&draft, tree)).unwrap_or(draft)
    });
    let heading = NodeRef::<html::H3>::new();
    heading.on_load(|heading| host::focus(&heading));
    let shown = conversation.get_value();
    let writable = {
        let conversation = shown.clone();
        Memo::new(move |_| conversation.is_writable())
    };
    let person = shown.person.clone();
    let question = untrack(|| shown.question()).filter(|question| !question.is_empty());
    let question = question.map(|question| text::question(&speech.words(), &question));
    let log = shown.entries.clone();
    let cases = shown.cases;
    let about = move || {
        let draft = draft.get();
        let case = draft.case.as_ref().map(|id| {
            let known = cases.with(|cases| cases.find(id).map(|case| case_heading(&speech.words(), case)));
            let value = known.map_or_else(|| id.to_string(), |words| format!("{words} ({id})"));
            view! { <Fact label=speech.say("forward.case") value/> }
        });
        let nothing = || speech.say("forward.nothing");
        let topic = tree.with(|tree| text::topic_names(&speech.words(), &draft.topic, tree));
        view! {
            <Fact label=speech.say("person.about") value=topic/>
            <Fact label=speech.say("field.kind") value=text::kind(&speech.words(), draft.kind)/>
            {case}
            <Fact label=speech.say("field.protocol") value=draft.protocol.unwrap_or_else(nothing)/>
            <Fact label=speech.say("field.ticket") value=draft.ticket.unwrap_or_else(nothing)/>
        }
    };
    let provinces = expect_context::<DeskState>().provinces();
    let office = move || draft.with(|draft| text::office(&speech.words(), &draft.office, &provinces));
    let messages = {
        let name = person.name.clone();
        move || {
            let attached = draft.with(|draft| draft.attached.clone());
            log.with(|log| {
                let line = |seq: u64| match log.iter().find(|entry| entry.seq == seq) {
                    Some(entry) => {
                        let Said { name, at, text, .. } = Said::of(entry, &name);
                        view! {
                            <li>
                                <p class="by"><span class="author">{name}</span>" "<time>{at}</time></p>
                                <p class="said" dir="auto">{text}</p>
                            </li>
                        }
                        .into_any()
                    }
                    None => view! { <li class="quiet">{speech.fill("forward.unseen", &[("number", &seq.to_string())])}</li> }.into_any(),
                };
                attached.iter().map(|seq| line(*seq)).collect_view()
            })
        }
    };
    let company = person.acting_for.as_ref().map(|company| {
        view! { <Fact label=speech.say("person.acting_for") value=text::acting_for(&speech.words(), company)/> }
    });
    let send = move |_| {
        let sent = untrack(|| writable.get())
            && conversation.with_value(|conversation| intents.forward(conversation));
        if sent {
            state.dialog.set(None);
        }
    };
    view! {
        <section class="preview" data-part="forward-preview" aria-labelledby="forward-preview-heading">
            <h3 class="past-heading" id="forward-preview-heading" tabindex="-1" node_ref=heading>
                {speech.say("forward.preview_title")}
            </h3>
            <dl class="facts">
                <div class="fact">
                    <dt class="quiet">{speech.say("forward.office")}</dt>
                    <dd>{office}</dd>
                </div>
                <Fact label=speech.say("forward.person") value=person.name.clone()/>
                <Fact label=speech.say("person.category") value=speech.say(text::category(person.category))/>
                {company}
                <Fact label=speech.say("person.province") value=text::province(&speech.words(), &person)/>
                <Fact label=speech.say("person.credential") value=speech.say(text::credential(person.credential))/>
                <Fact label=speech.say("person.language") value=speech.say(text::language(person.language))/>
                <Fact label=speech.say("forward.advisor") value=state.advisor.get_untracked()/>
                {about}
            </dl>
            {question.map(|question| view! { <p>{question}</p> })}
            <h4 class="label">{speech.say("forward.description")}</h4>
            <p class="said" dir="auto">{move || draft.with(|draft| draft.description.clone())}</p>
            <h4 class="label">{speech.say("forward.attached")}</h4>
            <Show when=move || draft.with(|draft| draft.attached.is_empty())>
                <p class="quiet">{text::attached(&speech.words(), 0)}</p>
            </Show>
            <ol class="attached">{messages}</ol>
            <p class="troubled" role="status">{move || (!writable.get()).then(|| speech.say("forward.too_late"))}</p>
            <div class="buttons">
                <button
                    type="button"
                    class="button primary"
                    data-part="forward-send"
                    aria-disabled=move || (!writable.get()).to_string()
                    on:click=send
                >
                    {speech.say("forward.send")}
                </button>
                <button type="button" class="button" data-part="forward-edit" on:click=move |_| go_back.run(())>
                    {speech.say("forward.edit")}
                </button>
                <Cancel/>
            </div>
        </section>
    }
}

/// A message as it is listed.
struct Said {
    seq: u64,
    name: String,
    at: String,
    text: String,
}

impl Said {
    fn of(entry: &Entry, person: &str) -> Self {
        let (name, text) = entry.message().map_or_else(Default::default, |(_, author, text)| {
            let name = match author {
                Author::Citizen => person,
                Author::Advisor { name } => name.as_str(),
            };
            (name.to_string(), text.clone())
        });
        Self { seq: entry.seq, name, at: dates::clock(entry.at), text }
    }
}

/// The name of a field in the page. Of the messages it is the way to take them away again.
fn part(field: Field) -> String {
    match field {
        Field::Protocol => "forward-protocol".to_string(),
        Field::Ticket => "forward-ticket".to_string(),
        Field::Office => "forward-office".to_string(),
        Field::Topic(level) => format!("forward-topic-{}", level + 1),
        Field::Description => "forward-description".to_string(),
        Field::Messages => "forward-none".to_string(),
    }
}
