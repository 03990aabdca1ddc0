// SPDX-License-Identifier: EUPL-1.2
//! Intents of the data protection officer. They are requested over HTTP with the ticket of the desk; one that has expired is
//! replaced once, as for the rules.

use infocig_client::{
    http::{self, Failure},
    json::Json,
};
use infocig_protocol::{
    codec::{self, Tree as _},
    data_protection::{AboutPerson, Because, Hold},
    language::Language,
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{
    Console,
    rules::{request_error, with_ticket},
};
use crate::{
    dom,
    intents::DataProtectionIntents,
    state::{
        data_protection::{ProtectionAct, Releasing},
        reports::Loading,
        rules::RulesError,
    },
};

impl DataProtectionIntents for Console {
    fn refresh_protection(&self) {
        self.request_due();
        self.request_records();
    }

    fn export_person(&self, language: Language) {
        let protection = self.state.data_protection;
        let Some(about) = protection.chosen().filter(|_| protection.begin(ProtectionAct::Export)) else {
            return;
        };
        let (me, day) = (self.me.clone(), self.today().iso());
        spawn_local(async move {
            let read = with_ticket(&me, async move |edge, ticket| {
                everything_about(&edge, &ticket, &about, language).await
            });
            let read = read.await;
            let saved = read.and_then(|parts| {
                parts
                    .iter()
                    .enumerate()
                    .try_for_each(|(number, (json, page))| {
                        let name = format!("info-cig-copy-{day}-{}", number + 1);
                        dom::save_json(json, &format!("{name}.json"))?;
                        dom::save_page(page, &format!("{name}.html"))
                    })
                    .ok_or(RulesError::Unanswered)
            });
            if me.upgrade().is_some() {
                protection.acted(ProtectionAct::Export, saved.map(|()| None));
            }
        });
    }

    fn hold_person(&self) {
        let protection = self.state.data_protection;
        let Some(about) = protection.chosen().filter(|_| protection.begin(ProtectionAct::Hold)) else {
            return;
        };
        let me = self.me.clone();
        spawn_local(async move {
            let held = with_ticket(&me, async move |edge, ticket| {
                http::act_on_person::<Hold>(&edge, &ticket, "holds", codec::write(&about)).await
            });
            let held = held.await;
            let Some(console) = me.upgrade() else { return };
            protection.acted(ProtectionAct::Hold, held.map(|_| None));
            console.request_records();
        });
    }

    fn erase_person(&self) {
        let protection = self.state.data_protection;
        let chosen = protection.chosen().filter(|_| protection.confirming.get_untracked());
        let Some(about) = chosen.filter(|_| protection.begin(ProtectionAct::Erase)) else { return };
        let me = self.me.clone();
        spawn_local(async move {
            let erased = with_ticket(&me, async move |edge, ticket| {
                http::act_on_person(&edge, &ticket, "erasures", codec::write(&about)).await
            });
            let erased = erased.await;
            let Some(console) = me.upgrade() else { return };
            protection.acted(ProtectionAct::Erase, erased.map(Some));
            console.request_records();
        });
    }

    fn release_hold(&self) {
        let protection = self.state.data_protection;
        let Some(releasing) = protection.releasing.get_untracked() else { return };
        let reason = releasing.reason.trim().to_owned();
        if reason.is_empty() {
            protection.releasing.set(Some(Releasing { tried: true, ..releasing }));
            return;
        }
        if !protection.begin(ProtectionAct::Release) {
            return;
        }
        let (me, id) = (self.me.clone(), releasing.id);
        spawn_local(async move {
            let released = with_ticket(&me, async move |edge, ticket| {
                let body = codec::write(&Because { reason: reason.clone() });
                http::release_hold(&edge, &ticket, &id, body).await
            });
            let released = released.await;
            let Some(console) = me.upgrade() else { return };
            protection.acted(ProtectionAct::Release, released.map(|()| None));
            console.request_records();
        });
    }

    fn save_proofs(&self) {
        let records = self.state.data_protection.records;
        let proofs =
            records.with_untracked(|records| records.answer.as_ref().map(|(_, proofs)| codec::write(proofs)));
        if let Some(proofs) = proofs {
            let _saved = dom::save_json(&proofs, &format!("info-cig-erasures-{}.json", self.today().iso()));
        }
    }
}

impl Console {
    fn request_due(&self) {
        let due = self.state.data_protection.due;
        let Some(number) = due.try_update(Loading::begin) else { return };
        let me = self.me.clone();
        spawn_local(async move {
            let answer = with_ticket(&me, async move |edge, ticket| {
                http::data_protection(&edge, &ticket, "due").await
            });
            let answer = answer.await;
            if let Some(console) = me.upgrade() {
                console.told_of(answer.as_ref().err());
                due.update(|due| due.answered(number, answer.map_err(request_error)));
            }
        });
    }

    fn request_records(&self) {
        let records = self.state.data_protection.records;
        let Some(number) = records.try_update(Loading::begin) else { return };
        let me = self.me.clone();
        spawn_local(async move {
            let answer = with_ticket(&me, async move |edge, ticket| {
                let holds = http::data_protection(&edge, &ticket, "holds").await?;
                let proofs = http::data_protection(&edge, &ticket, "erasures").await?;
                Ok((holds, proofs))
            });
            let answer = answer.await;
            if let Some(console) = me.upgrade() {
                console.told_of(answer.as_ref().err());
                records.update(|records| records.answered(number, answer.map_err(request_error)));
            }
        });
    }
}

/// The copy of a person in its parts, each for programs and as a page.
async fn everything_about(
    edge: &str,
    ticket: &str,
    about: &AboutPerson,
    language: Language,
) -> Result<Vec<(String, String)>, Failure> {
    let (body, mut parts, mut place) = (codec::write(about), Vec::new(), String::new());
    loop {
        let json = http::export_person(edge, ticket, &format!("format=json{place}"), body.clone()).await?;
        let page = format!("format=html&lang={}{place}", language.as_str());
        let page = http::export_person(edge, ticket, &page, body.clone()).await?;
        let next = Json::parse(&json).and_then(|json| json.member("next").text());
        parts.push((json, page));
        let Some(next) = next else { return Ok(parts) };
        place = format!("&before={next}");
    }
}
