// SPDX-License-Identifier: EUPL-1.2
//! § 4: the log, its cursor, its pages.

use serde_json::{Value, json};

use super::super::clause::{Clause, Played, Verdict, expect, never, now, same, untried};
use super::super::link::{Link, number, numbers};
use super::super::stage::{Answered, Opened, Stage};

pub(super) const CLAUSES: &[Clause] = &[
    now(
        "4",
        "Entries are numbered from 1 without gaps and come in that order, each once, the same for both sides",
        order,
    ),
    now(
        "4",
        "`resume_after` an entry of the log: `after` is that entry, and the entries after it follow",
        cursor,
    ),
    now("4", "`resume_after` beyond the log: as for 0, and `after` is not that number", cursor_ahead),
    now("4", "`page` asks for the entries after or before a number, in order", pages),
    now(
        "4",
        "A page ends with the entry that takes it to 131,072 characters; `after` is where it begins",
        long_log,
    ),
    never("4", "A cursor beyond a restored copy is not one of its log", "needs a restoration of the service"),
];

fn order(stage: &Stage) -> Played {
    let mut scene = stage.answered()?;
    let mut said = 2;
    for turn in 0..6 {
        let id = format!("m-{turn}");
        let (author, other) = if turn % 3 == 0 {
            (&mut scene.advisor, &mut scene.person)
        } else {
            (&mut scene.person, &mut scene.advisor)
        };
        author.say(&id, &format!("Messaggio {turn}"))?;
        other.message_of(&id)?;
        said += 1;
    }
    let all: Vec<u64> = (1..=said).collect();
    // A repeated entry would come before the answer to a heartbeat.
    for (who, link) in [("the person", &mut scene.person), ("the advisor", &mut scene.advisor)] {
        link.pong()?;
        same(&format!("the entries that reached {who}:"), numbers(&link.log), all.clone())?;
    }
    expect(
        scene.person.log == scene.advisor.log,
        "the same entries for both sides",
        json!([scene.person.log, scene.advisor.log]),
    )?;
    scene.same_log(stage)
}

/// A conversation with five messages: six entries.
fn six_entries(stage: &Stage) -> Result<(Opened, Vec<Value>), Verdict> {
    let (opened, mut link) = stage.person()?;
    for n in 1..6 {
        link.say(&format!("m-{n}"), &format!("Messaggio {n}"))?;
    }
    Ok((opened, link.log.clone()))
}

fn cursor(stage: &Stage) -> Played {
    let (opened, log) = six_entries(stage)?;
    for at in [1, 4, 6] {
        let mut link = stage.link_after(&opened, at)?;
        link.pong()?;
        let welcome = (number(&link.welcome["after"]), number(&link.welcome["last_seq"]));
        same("`after` and `last_seq`", welcome, (at, 6))?;
        same(
            "the entries that follow:",
            link.log.clone(),
            log.iter().filter(|entry| number(&entry["seq"]) > at).cloned().collect(),
        )?;
    }
    Ok(())
}

fn cursor_ahead(stage: &Stage) -> Played {
    let (opened, log) = six_entries(stage)?;
    for ahead in [7, 1_000_000] {
        let mut link = stage.link_after(&opened, ahead)?;
        link.pong()?;
        expect(
            number(&link.welcome["after"]) != ahead,
            format_args!("`after` that is not {ahead}"),
            &link.welcome,
        )?;
        same("the entries that follow:", numbers(&link.log), numbers(&log))?;
    }
    Ok(())
}

fn pages(stage: &Stage) -> Played {
    let (opened, log) = six_entries(stage)?;
    let mut link = stage.link_after(&opened, 6)?;
    for (ask, expected) in [
        (json!({ "after": 0 }), 1..=6),
        (json!({ "after": 4 }), 5..=6),
        (json!({ "before": 3 }), 1..=2),
        (json!({ "before": 7 }), 1..=6),
    ] {
        let page = link.page(&ask)?;
        same(&format!("the page {ask}:"), numbers(&page), expected.clone().collect())?;
        expect(page.iter().all(|entry| log.contains(entry)), "the entries as they were before", json!(page))?;
    }
    Ok(())
}

/// Thirty-six messages of 4,000 characters: more than a page.
fn long_log(stage: &Stage) -> Played {
    let mut scene = stage.answered()?;
    let Answered { opened, person, advisor, .. } = &mut scene;
    let text =
        "Lorem ipsum dolor sit amet, consectetur. ".repeat(100).chars().take(4_000).collect::<String>();
    for n in 0..18 {
        for (side, other) in [(&mut *person, "p"), (&mut *advisor, "a")] {
            let id = format!("{other}-{n}");
            side.post(&id, &text)?;
            let stored = side.message_of(&id);
            stored.map_err(|verdict| patient(verdict, side))?;
        }
    }
    person.message_of("a-17")?;
    let all = person.log.clone();
    let last = u64::try_from(all.len()).unwrap_or(0);
    let mut link = stage.link(opened)?;
    let after = number(&link.welcome["after"]);
    expect(after > 0 && after < last, format_args!("`after` between 0 and {last}"), &link.welcome)?;
    let page = link.log.clone();
    same("the newest page:", numbers(&page), (after + 1..=last).collect())?;
    let length = |entries: &[Value]| {
        entries.iter().map(|entry| entry["body"].to_string().chars().count()).sum::<usize>()
    };
    let (whole, without) = (length(&page), length(page.get(1..).unwrap_or_default()));
    let sizes = format_args!("{whole} characters, {without} without its first entry").to_string();
    expect(
        page.len() <= 200 && whole >= 131_072 && without < 131_072,
        "a page that ends at 131,072 characters",
        sizes,
    )?;
    let earlier = link.page(&json!({ "before": after + 1 }))?;
    same("the page before:", numbers(&earlier), (1..=after).collect())?;
    let first = stage.link_after(opened, 1)?;
    same("`after` where the page ends before the log does:", number(&first.welcome["after"]), 1)?;
    let end = numbers(&first.log).last().copied().unwrap_or(0);
    let mut first = first;
    let rest = first.page(&json!({ "after": end }))?;
    let seen: Vec<u64> = numbers(&first.log);
    expect(
        end < last && !rest.is_empty(),
        "a page that is not the whole log, and the next one",
        json!(seen),
    )?;
    same("both pages together:", seen, (2..=last).collect())
}

/// A policy that lets people write less is no fault of the service.
fn patient(verdict: Verdict, link: &mut Link) -> Verdict {
    match link.frame("refused") {
        Ok(refusal) if refusal["code"] == "too-fast" => {
            untried("the policy lets nobody write eighteen messages at once")
        }
        Ok(_) | Err(_) => verdict,
    }
}
