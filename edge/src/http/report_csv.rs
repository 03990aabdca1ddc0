// SPDX-License-Identifier: EUPL-1.2
//! Reports as CSV: a record for each row or point, and at the end of rows the total. Every number of the document has a column
//! named after its member: `wait_n`, `service_level_part`.

use infocig_domain::figures::csv;
use infocig_protocol::{
    figures::{Figures, Percentiles, Share},
    report::Report,
};

/// The rows of a report, and its total.
pub fn rows(report: &Report, bom: bool) -> String {
    let rows = report.rows.iter().map(|row| (row.value.as_str(), &row.figures));
    table(report.by.as_str(), rows.chain([(TOTAL, &report.total)]), bom)
}

/// The series of a report.
pub fn series(report: &Report, bom: bool) -> String {
    table("period", report.series.iter().map(|point| (point.period.as_str(), &point.figures)), bom)
}

fn table<'f>(first: &str, records: impl Iterator<Item = (&'f str, &'f Figures)>, bom: bool) -> String {
    let mut header = vec![first.to_string()];
    header.extend(columns(&Figures::default()).into_iter().map(|(name, _)| name));
    let record = |(value, figures): (&str, &Figures)| {
        let mut record = vec![value.to_string()];
        record.extend(columns(figures).into_iter().map(|(_, number)| number));
        record
    };
    let records: Vec<Vec<String>> = records.map(record).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    csv::write(&header, &records, bom)
}

/// Each number of the figures with the name of its column; of lengths that nobody had, only how many there are.
fn columns(figures: &Figures) -> Vec<(String, String)> {
    let mut columns = Vec::new();
    let mut add = |name: &str, part: &str, number: Option<u64>| {
        let name = if part.is_empty() { name.to_string() } else { format!("{name}_{part}") };
        columns.push((name, number.map_or_else(String::new, |number| number.to_string())));
    };
    for (name, number) in counts(figures) {
        add(name, "", Some(number));
    }
    for (name, Share { part, of }) in shares(figures) {
        add(name, "part", Some(part));
        add(name, "of", Some(of));
    }
    for (name, lengths) in lengths(figures) {
        add(name, "n", Some(lengths.map_or(0, |lengths| lengths.n)));
        add(name, "p50_s", lengths.map(|lengths| lengths.p50_s));
        add(name, "p90_s", lengths.map(|lengths| lengths.p90_s));
        add(name, "longest_s", lengths.map(|lengths| lengths.longest_s));
    }
    columns
}

/// Pairs the names of members with their values.
macro_rules! named {
    ($figures:ident: $($member:ident)+) => { [$((stringify!($member), $figures.$member)),+] };
}

fn counts(figures: &Figures) -> [(&'static str, u64); 23] {
    named!(figures: refused requests entered answered abandoned_short abandoned let_go self_served ended online forwarded transfers returns holds passed_in passed_out calls call_minutes calls_declined calls_unanswered calls_without_microphone calls_failed calls_broken)
}

fn shares(figures: &Figures) -> [(&'static str, Share); 18] {
    named!(figures: service_level service_level_connect abandonment non_response declined settled_online office_answered told_kept told_too_short occupancy said_helped said_partly rated assistant_opened assistant_helped assistant_settled assistant_to_person assistant_came_back)
}

fn lengths(figures: &Figures) -> [(&'static str, Option<Percentiles>); 7] {
    named!(figures: wait abandoned_after first_word handle wrap_up on_hold office)
}

/// The value of the record of the total.
const TOTAL: &str = "total";

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_number_of_the_document_has_a_column() {
        let some = Percentiles { n: 1, p50_s: 2, p90_s: 3, longest_s: 4 };
        let figures = Figures {
            passed_in: 1,
            passed_out: 1,
            calls: 1,
            call_minutes: 1,
            calls_declined: 1,
            calls_unanswered: 1,
            calls_without_microphone: 1,
            calls_failed: 1,
            calls_broken: 1,
            wait: Some(some),
            abandoned_after: Some(some),
            first_word: Some(some),
            handle: Some(some),
            wrap_up: Some(some),
            on_hold: Some(some),
            office: Some(some),
            ..Figures::default()
        };
        let mut names = Vec::new();
        let Value::Object(members) = serde_json::to_value(&figures).unwrap() else { panic!() };
        for (name, value) in members {
            match value {
                Value::Object(parts) => names.extend(parts.keys().map(|part| format!("{name}_{part}"))),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                    names.push(name);
                }
            }
        }
        let mut columns: Vec<String> = columns(&figures).into_iter().map(|(name, _)| name).collect();
        columns.sort();
        names.sort();
        assert_eq!(columns, names);
    }
}
