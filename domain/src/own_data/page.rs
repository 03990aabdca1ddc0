// SPDX-License-Identifier: EUPL-1.2
//! The page: what the document says, in words, with tables that have captions and a log that reads as a transcript does.

use infocig_protocol::{language::Language, rating::Answer, report::AuditedKind, time::Timestamp};
use maud::{Markup, PreEscaped, html};

use super::{Look, OwnConversation, OwnData, texts::Texts};
use crate::{
    html::{lines, plain},
    transcript::{self, entry_item, fill, rfc3339},
};

pub(super) fn write(data: &OwnData, language: Language) -> String {
    let texts = Texts::of(language);
    let words = transcript::Texts::of(language);
    let moment = |at: Timestamp| words.moment(at);
    let page = html! {
        (PreEscaped("<!doctype html>\n"))
        html lang=(language.as_str()) {
            "\n"
            meta charset="utf-8"; "\n"
            meta name="viewport" content="width=device-width, initial-scale=1"; "\n"
            title { (texts.title) } "\n"
            style { (PreEscaped(STYLES)) } "\n"
            main {
                "\n"
                h1 { (texts.title) } "\n"
                p { (fill(texts.as_of, &[&moment(data.as_of)])) } "\n"
                p { (texts.for_programs) } "\n"
                @if data.next.is_some() { p { b { (texts.more) } } "\n" }
                @if let Some(newest) = data.conversations.first() { (who(newest, language)) }
                @if let Some(until) = data.blocked_until {
                    p { (fill(texts.blocked_until, &[&moment(until)])) } "\n"
                }
                @if let Some(decision) = &data.decision {
                    h2 { (texts.decision) } "\n"
                    p { (plain(&decision.sentence)) } "\n"
                    p { (fill(texts.source, &[&plain(&decision.source)])) } "\n"
                }
                h2 { (texts.conversations) } "\n"
                @if data.conversations.is_empty() { p { (texts.none) } "\n" }
                @for one in &data.conversations { (conversation(one, language)) }
                (looks(&data.looks, language))
                (kept(data, texts))
            } "\n"
        } "\n"
    };
    page.into_string()
}

/// Who the person is for the service, according to their newest conversation.
fn who(newest: &OwnConversation, language: Language) -> Markup {
    let OwnConversation { person, subject, .. } = newest;
    let (texts, words) = (Texts::of(language), transcript::Texts::of(language));
    let mut rows = vec![(words.who(), person.name.clone())];
    rows.extend(person.acting_for.as_ref().map(|other| (words.acting_for(), other.name.clone())));
    rows.push((texts.capacity, subject.category.as_str().into()));
    rows.push((texts.province, person.province_name.clone()));
    rows.push((texts.known_as, format!("{} ({})", subject.subject, subject.issuer)));
    rows.extend(subject.actor.iter().map(|actor| (texts.known_as, format!("{actor} ({})", subject.issuer))));
    rows.extend(subject.matricola.iter().map(|company| (texts.company, company.clone())));
    html! {
        table {
            caption { (texts.who) }
            thead { tr { th scope="col" { (texts.named) } th scope="col" { (texts.value) } } }
            tbody {
                @for (name, value) in rows { tr { th scope="row" { (name) } td { (plain(&value)) } } "\n" }
            }
        } "\n"
    }
}

fn conversation(one: &OwnConversation, language: Language) -> Markup {
    let texts = Texts::of(language);
    let words = transcript::Texts::of(language);
    let entries: Vec<_> = one.entries().map(|entry| words.entry_text(&entry, &one.person.name)).collect();
    let days = entries.iter().map(|entry| words.date(entry.at));
    let days_before = std::iter::once(String::new()).chain(days.clone());
    let waited = one.record.as_ref().map(|record| (record.waited_ms.max(0) / 60_000).to_string());
    let segnalazioni = one.segnalazioni.iter().map(|one| words.status_of(one.number.as_deref(), &one.state));
    html! {
        section {
            h3 { (fill(texts.conversation, &[&one.conversation.number()])) } "\n"
            dl {
                @if let Some(minutes) = waited {
                    div { dt { (texts.waited) } dd { (fill(texts.minutes, &[&minutes])) } } "\n"
                }
                @if let Some(rating) = &one.rating {
                    div { dt { (texts.rating) } dd { (answer(rating.answer, texts)) } } "\n"
                    @if let Some(comment) = &rating.comment {
                        div { dt { (texts.comment) } dd { (lines(comment)) } } "\n"
                    }
                }
                @for state in segnalazioni { div { dt { "Linea INPS" } dd { (plain(&state)) } } "\n" }
            }
            h4 { (texts.log) } "\n"
            ol {
                @for ((entry, day), before) in entries.iter().zip(days).zip(days_before) {
                    @if day != before { li class="day" { h5 { (day) } } "\n" }
                    (entry_item(entry))
                }
            } "\n"
        } "\n"
    }
}

fn looks(looks: &[Look], language: Language) -> Markup {
    let texts = Texts::of(language);
    let words = transcript::Texts::of(language);
    let roles = |look: &Look| {
        let named: Vec<_> = look.roles.iter().map(|role| texts.role(role)).collect();
        if named.is_empty() { texts.the_service.to_string() } else { named.join(", ") }
    };
    html! {
        h2 { (texts.looks) } "\n"
        @if looks.is_empty() { p { (texts.no_looks) } "\n" }
        @else {
            table {
                caption { (texts.looks) }
                thead {
                    tr {
                        th scope="col" { (texts.when) } th scope="col" { (texts.role) }
                        th scope="col" { (texts.act) } th scope="col" { (words.number()) }
                    }
                }
                tbody {
                    @for look in looks {
                        tr {
                            td { time datetime=(rfc3339(look.at)) { (words.moment(look.at)) } }
                            td { (roles(look)) }
                            td { (act(look.act, texts)) }
                            td { (look.conversation.number()) }
                        } "\n"
                    }
                }
            } "\n"
        }
    }
}

fn kept(data: &OwnData, texts: &Texts) -> Markup {
    html! {
        h2 { (texts.kept) } "\n"
        ul {
            @for kept in &data.kept {
                li {
                    (texts.class(&kept.class)) ": " (fill(texts.days, &[&kept.days.to_string()]))
                    @if let Some(basis) = &kept.basis { " (" (plain(basis)) ")" }
                } "\n"
            }
        } "\n"
        p { (texts.kept_mean) } "\n"
    }
}

const fn answer(answer: Answer, texts: &Texts) -> &'static str {
    match answer {
        Answer::Yes => texts.yes,
        Answer::Partly => texts.partly,
        Answer::No => texts.no,
    }
}

/// An act in a word: the kinds are for auditors, and JSON has them.
const fn act(act: AuditedKind, texts: &Texts) -> &'static str {
    match act {
        AuditedKind::Searched => texts.searched,
        AuditedKind::Observes
        | AuditedKind::ReadComments
        | AuditedKind::ReadTranscript
        | AuditedKind::ReadCases
        | AuditedKind::ReadSegnalazioni
        | AuditedKind::ReadReport
        | AuditedKind::ReadAdvisors
        | AuditedKind::ReadAudit
        | AuditedKind::Exported
        | AuditedKind::ExportedAudit
        | AuditedKind::ExportedPerson
        | AuditedKind::PreviewedErasure => texts.read,
        AuditedKind::Reassigned
        | AuditedKind::Ended
        | AuditedKind::TookOver
        | AuditedKind::Joined
        | AuditedKind::LeftOff
        | AuditedKind::Whispered
        | AuditedKind::Warned
        | AuditedKind::Blocked
        | AuditedKind::Lifted
        | AuditedKind::HandledComment
        | AuditedKind::Accepted
        | AuditedKind::RetriedSegnalazione
        | AuditedKind::SignedIn
        | AuditedKind::SignedOut
        | AuditedKind::SignInRefused
        | AuditedKind::ProposedRules
        | AuditedKind::PublishedRules
        | AuditedKind::RestoredRules
        | AuditedKind::ApprovedRules
        | AuditedKind::WithdrewRules
        | AuditedKind::ClosedService
        | AuditedKind::ReopenedService
        | AuditedKind::PutBannerUp
        | AuditedKind::TookBannerDown
        | AuditedKind::ErasedPerson
        | AuditedKind::HeldPerson
        | AuditedKind::ReleasedPerson
        | AuditedKind::CutAudit => texts.did,
    }
}

/// Within the page: a file that is kept is read without the service.
const STYLES: &str = include_str!("../../../public/edge/transcript.css");
