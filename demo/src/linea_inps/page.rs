// SPDX-License-Identifier: EUPL-1.2
//! The values of the page of Linea INPS: the segnalazioni it received, and the failure modes of both systems.

use infocig_protocol::case::BenefitKind;
use minijinja::{Value as PageValue, context};
use serde_json::Value;

use super::LineaInps;
use crate::{
    failure::{Mode, Setting},
    people::PEOPLE,
};

/// The values of the page, newest segnalazione first. `error` is shown above them.
pub(crate) fn values(linea: &LineaInps, cases: Setting, error: Option<&str>) -> PageValue {
    let received: Vec<PageValue> = linea.register().list().iter().rev().map(row).collect();
    context! {
        error,
        audit => linea.caller_auth.requires_evidence(),
        switches => [
            switch("linea-inps", "Linea INPS", linea.failure.setting()),
            switch("cases", "il registro delle pratiche", cases),
        ],
        received,
    }
}

/// `path` is the prefix of the system's addresses.
fn switch(path: &str, name: &str, setting: Setting) -> PageValue {
    let modes: Vec<PageValue> = Mode::ALL
        .into_iter()
        .map(|mode| {
            context! { name => mode.as_str(), label => mode.label(), chosen => mode == setting.mode }
        })
        .collect();
    context! {
        path,
        name,
        modes,
        seconds => setting.seconds.map(|seconds| seconds.to_string()).unwrap_or_default(),
    }
}

/// One row of the table, from an element of `Register::list`.
fn row(segnalazione: &Value) -> PageValue {
    let body = &segnalazione["body"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let office = text(&body["office"]);
    let person = &body["person"];
    let place =
        if person["province"] == body["office"] { text(&person["province_name"]) } else { String::new() };
    let place = if place.is_empty() { province_name(&office).unwrap_or_default().to_owned() } else { place };
    let kind = serde_json::from_value::<BenefitKind>(body["kind"].clone()).map(BenefitKind::name);
    let topic: Vec<&str> = body["topic"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let messages: Vec<PageValue> = body["messages"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|message| {
            let author = text(&message["author"]);
            context! {
                author => if author == "citizen" { text(&person["name"]) } else { author },
                at => italian_date(&text(&message["at"])),
                text => text(&message["text"]),
            }
        })
        .collect();
    let state = text(&segnalazione["state"]);
    context! {
        number => text(&segnalazione["number"]),
        at => text(&body["at"]),
        date => italian_date(&text(&body["at"])),
        office => if place.is_empty() { office } else { format!("{place} ({office})") },
        person => text(&person["name"]),
        represented => text(&person["acting_for"]["name"]),
        forwarded_by => text(&body["advisor"]["name"]),
        topic => topic.join(" › "),
        kind => kind.unwrap_or_default(),
        case => text(&body["case"]),
        protocol => text(&body["protocol"]),
        ticket => text(&body["ticket"]),
        description => text(&body["description"]),
        messages,
        state => match state.as_str() {
            "accepted" => "Presa in carico",
            "in_progress" => "In lavorazione",
            _ => "Risposta data",
        },
        answer => text(&segnalazione["answer"]),
        can_begin => state == "accepted",
        can_answer => state != "answered",
        deliveries => segnalazione["deliveries"].as_u64(),
        refused => segnalazione["refused"].as_u64(),
        updates => segnalazione["updates"].as_u64(),
    }
}

/// The name of a province in which one of the invented people or companies is.
fn province_name(code: &str) -> Option<&'static str> {
    let residences = PEOPLE.iter().map(|person| person.residence);
    let offices = PEOPLE.iter().flat_map(|person| person.companies).map(|company| company.province);
    residences.chain(offices).find(|province| province.code == code).map(|province| province.name)
}

/// `23/11/2026, 14:20 UTC`, or the text unchanged if it is no instant in UTC.
fn italian_date(at: &str) -> String {
    let parts = (at.get(..4), at.get(5..7), at.get(8..10), at.get(11..16));
    match parts {
        (Some(year), Some(month), Some(day), Some(time)) if at.ends_with('Z') => {
            format!("{day}/{month}/{year}, {time} UTC")
        }
        _ => at.to_owned(),
    }
}
