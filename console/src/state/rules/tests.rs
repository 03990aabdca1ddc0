// SPDX-License-Identifier: EUPL-1.2
//! Edits of a draft keep what nobody touched, forms name what is missing, versions stand as their state and instant say, and what
//! was typed survives a reload.

use infocig_client::dates::Day;
use infocig_protocol::{
    id::AdvisorId,
    person::Category,
    policy::{ClosingReason, PolicyAuthor, PolicyHistory, PolicyState, PolicyVersion},
    time::Timestamp,
};
use leptos::prelude::*;
use serde_json::Value;

use super::*;
use crate::state::DeskState;

const SHIPPED: &str = include_str!("../../../../edge/policy.json");

#[test]
fn a_closure_by_form_adds_its_lines_and_leaves_every_other_character() {
    let form = strike();

    let once = form.added_to(SHIPPED).unwrap();
    let twice = ClosureForm { from: "2026-12-24".into(), to: "2026-12-31".into(), ..form }.added_to(&once);
    let twice = twice.unwrap();

    let expected = SHIPPED.replace(
        r#""closures": [],"#,
        r#""closures": [
    {
      "from": "2026-12-04",
      "to": "2026-12-05",
      "categories": ["lavoratore"],
      "provinces": ["058", "063"],
      "reason": { "it": "Sciopero \"generale\".", "de": "Streik." },
      "source": "Circolare 12"
    }
  ],"#,
    );
    assert_eq!(once, expected);
    let written = closures(&twice).unwrap();
    assert_eq!(
        written.iter().map(|one| (one.from.as_str(), one.to.as_str())).collect::<Vec<_>>(),
        [("2026-12-04", "2026-12-05"), ("2026-12-24", "2027-01-01")]
    );
    assert_eq!(
        (&*written[0].reason, &written[0].categories[..], &written[0].provinces[..]),
        ("Sciopero \"generale\".", &[Category::Lavoratore][..], &["058".to_string(), "063".into()][..])
    );
    assert_eq!(without_closure(&twice, 1).unwrap(), once);
    assert_eq!(without_closure(&once, 0).unwrap(), SHIPPED);
    let rest = without_closure(&twice, 0).unwrap();
    assert_eq!(closures(&rest).unwrap()[0].from, "2026-12-24");
}

#[test]
fn only_a_closure_made_at_once_that_has_not_ended_can_be_opened_again() {
    let with = |from: &str, to: &str, source: &str| {
        let closure = format!(r#"{{ "from": "{from}", "to": "{to}", "reason": "R", "source": "{source}" }}"#);
        SHIPPED.replace(r#""closures": []"#, &format!(r#""closures": [{closure}]"#))
    };
    let now = at("2026-11-23T15:30:00+01:00");
    let at_once = "Chiusura immediata: Anna";
    for (from, to, source, expected) in [
        ("2026-11-23T15:10:20", "2026-11-23T16:30:00", at_once, true),
        ("2026-11-23T15:30:20", "2026-11-23T16:30:00", at_once, true),
        ("2026-11-23T15:31:00", "2026-11-23T16:30:00", at_once, false),
        ("2026-11-23T15:10:20", "2026-11-23T15:29:00", at_once, false),
        ("2026-11-23", "2026-11-24", "Circolare 12", false),
    ] {
        assert_eq!(is_closed_at_once(&with(from, to, source), now), expected, "{to} {source}");
    }
}

#[test]
fn a_list_that_is_missing_is_made_and_a_text_that_is_no_document_stays_as_it_is() {
    let form = strike();
    for (before, valid) in
        [("{}", true), ("{\n  \"version\": 1\n}\n", true), ("{ \"closures\": [", false), ("", false)]
    {
        let after = form.added_to(before);
        assert_eq!(after.is_some(), valid, "{before}");
        if let Some(after) = after {
            assert_eq!(closures(&after).unwrap().len(), 1, "{after}");
        }
    }
    assert_eq!(closures("nothing"), None);
    assert_eq!(closures("{}"), Some(Vec::new()));
    assert_eq!(without_closure("{}", 0), None);
}

#[test]
fn the_fields_of_a_closure_that_are_missing_or_wrong_are_named() {
    assert_eq!(
        ClosureForm::default().errors(),
        [ClosureError::Day, ClosureError::Reason, ClosureError::Source]
    );
    let backwards = ClosureForm { to: "2026-12-01".into(), ..strike() };
    assert_eq!(backwards.errors(), [ClosureError::Backwards]);
    assert_eq!(backwards.added_to(SHIPPED), None);
    assert_eq!(strike().errors(), []);
}

#[test]
fn quick_replies_are_added_changed_and_taken_away_in_their_place() {
    let list = LISTS[4];
    let [name, text, queues] = list.fields else { panic!("three fields") };
    let before = list.rows(SHIPPED).unwrap();
    let mut new = RowDraft::default();
    new.write(name, " Saluto finale ");
    new.write_texts(text, &FiveTexts { it: "Grazie, {nome}.".into(), ..FiveTexts::default() });

    let added = list.put(&new, SHIPPED).unwrap();
    let all = list.rows(&added).unwrap();
    assert_eq!(all.len(), before.len() + 1);
    let last = all.last().unwrap();
    assert_eq!((&*last.text("id"), &*last.text("name")), ("saluto-finale", "Saluto finale"));
    let again = list.rows(&list.put(&new, &added).unwrap()).unwrap();
    assert_eq!(again.last().unwrap().text("id"), "saluto-finale-2", "an id is that of one reply");

    let mut second = before[1].clone();
    second
        .write_texts(text, &FiveTexts { it: "Altro.".into(), de: "Anderes.".into(), ..FiveTexts::default() });
    second.write_words(queues, &["info-cig".into()]);
    let all = list.rows(&list.put(&second, SHIPPED).unwrap()).unwrap();
    assert_eq!((all[1].text("id"), all[1].texts("text").de), (before[1].text("id"), "Anderes.".into()));
    assert_eq!((&all[0], &all[2..]), (&before[0], &before[2..]));
    assert_eq!(super::queues(SHIPPED), ["info-cig"]);

    assert_eq!(list.without(&added, before.len()).unwrap(), SHIPPED);
    let rest = list.rows(&list.without(SHIPPED, 0).unwrap()).unwrap();
    assert_eq!(rest[0].text("id"), before[1].text("id"));
    assert_eq!(list.put(&RowDraft::default(), SHIPPED), None);
}

#[test]
fn edits_in_a_document_of_any_layout_are_those_of_its_values() {
    let documents = [
        r#"{"desk":{"replies":[]},"closures":[]}"#,
        r#"{ "a" : "x\"],[{", "closures" : [ {"from":"2026-01-01","to":"2026-01-02","reason":"}","source":"s"} , {"from":"2026-02-01"} ] , "desk" : { "replies" : [ {"id":"a","name":"A","text":"{nome}"} ] } }"#,
        "{\r\n\t\"closures\":\r\n[\r\n],\r\n\"desk\": {\"replies\":[1, [2], {}]}}",
    ];
    let element: Value = serde_json::from_str(r#"{"from":"2026-12-04"}"#).unwrap();
    for document in documents {
        for path in [&["closures"][..], &["desk", "replies"]] {
            let place = format!("/{}", path.join("/"));
            let mut wanted: Value = serde_json::from_str(document).unwrap();
            let list = |value: &mut Value| value.pointer_mut(&place).unwrap().as_array_mut().unwrap().clone();
            let before = list(&mut wanted);
            let added = document::added(document, path, r#"{"from":"2026-12-04"}"#).unwrap();
            let mut added_value: Value = serde_json::from_str(&added).unwrap();
            let mut grown = before.clone();
            grown.push(element.clone());
            assert_eq!(list(&mut added_value), grown, "{added}");
            for index in 0..grown.len() {
                let removed = document::removed(&added, path, index).unwrap();
                let mut left = grown.clone();
                left.remove(index);
                let mut value: Value = serde_json::from_str(&removed).unwrap();
                assert_eq!(list(&mut value), left, "{removed}");
                let replaced = document::replaced(&added, path, index, "7").unwrap();
                let mut value: Value = serde_json::from_str(&replaced).unwrap();
                assert_eq!(list(&mut value)[index], 7, "{replaced}");
            }
        }
    }
}

#[test]
fn the_caret_goes_to_the_line_and_column_of_a_fault() {
    let text = "{\n  \"è\": \"😀\",\n  \"to\": 3\n}";
    assert_eq!(caret(text, 1, 1), 0);
    assert_eq!(caret(text, 2, 1), 2);
    assert_eq!(caret(text, 2, 14), 12);
    assert_eq!(caret(text, 2, 99), 14, "the end of the line");
    assert_eq!(caret(text, 3, 3), 17);
    assert_eq!(caret(text, 9, 1), 26, "the end of the text");
    assert_eq!(caret("", 1, 1), 0);
}

#[test]
fn the_end_that_is_proposed_is_a_half_hour_of_today_that_is_still_to_come() {
    let end = |clock: &str| closing::default_end(at(clock));
    assert_eq!(end("2026-11-23T15:00:00+01:00"), "15:30");
    assert_eq!(end("2026-11-23T15:15:00+01:00"), "15:30");
    assert_eq!(end("2026-11-23T15:15:01+01:00"), "16:00");
    assert_eq!(end("2026-07-01T15:50:00+02:00"), "16:30");
    assert_eq!(end("2026-11-23T23:40:00+01:00"), "23:59");

    let form = ClosingForm { until: "16:30".into(), ..ClosingForm::default() };
    assert_eq!(form.until(at("2026-11-23T16:29:00+01:00")).as_deref(), Some("2026-11-23T16:30:00+01:00"));
    assert_eq!(form.until(at("2026-11-23T16:30:00+01:00")), None);
    assert_eq!(form.reason, ClosingReason::Maintenance);
}

#[test]
fn a_banner_needs_an_italian_text_and_an_instant_that_is_one() {
    let mut form = BannerForm::default();
    assert_eq!(form.banner(), None);
    form.texts.en = "Notice".into();
    assert_eq!(form.banner(), None);
    form.texts.it = " Avviso ".into();
    form.until = "2026-11-23T16:10".into();
    let banner = form.banner().unwrap();
    assert_eq!(banner.until.as_deref(), Some("2026-11-23T16:10:00+01:00"));
    let text = banner.text.unwrap();
    assert_eq!((&*text.it, text.de, text.en.as_deref()), ("Avviso", None, Some("Notice")));
}

#[test]
fn versions_stand_as_their_state_and_instant_say_and_a_second_person_approves() {
    let now = at("2026-11-23T15:00:00+01:00");
    let later = now.plus_millis(1_000);
    let mut overview = Overview::default();
    let number = overview.pages.begin();
    let mut proposed = version(5, PolicyState::Proposed, None);
    proposed.author = Some(author("anna"));
    let versions = vec![
        proposed,
        version(4, PolicyState::Published, Some(later)),
        version(3, PolicyState::Withdrawn, Some(later)),
        version(2, PolicyState::Published, Some(now)),
        version(1, PolicyState::Published, Some(Timestamp::from_millis(0))),
    ];
    overview.answered(number, None, Ok(history(versions)));

    let standings = overview.versions.iter().map(|one| overview.standing(one, now));
    assert_eq!(
        standings.collect::<Vec<_>>(),
        [
            Standing::Proposed(None),
            Standing::Scheduled(later),
            Standing::Withdrawn,
            Standing::InForce,
            Standing::Past
        ]
    );
    assert_eq!((overview.newest(), overview.current().map(|one| one.number)), (Some(4), Some(2)));
    let own = |id: &str| {
        let me = AdvisorId::parse(id).ok();
        let waiting = overview.waiting(me.as_ref(), now);
        waiting.iter().map(|one| (one.version.number, one.own)).collect::<Vec<_>>()
    };
    assert_eq!(own("anna"), [(4, false), (5, true)]);
    assert_eq!(own("bruno"), [(4, false), (5, false)]);
}

#[test]
fn a_newer_first_page_keeps_the_older_versions_that_were_read() {
    let published = |number| version(number, PolicyState::Published, Some(Timestamp::from_millis(1)));
    let page = |numbers: std::ops::RangeInclusive<u32>, next| PolicyHistory {
        next,
        ..history(numbers.rev().map(published).collect())
    };
    let mut overview = Overview::default();
    let number = overview.pages.begin();
    overview.answered(number, None, Ok(page(51..=100, Some(51))));
    let number = overview.pages.begin();
    overview.answered(number, Some(51), Ok(page(1..=50, None)));
    assert_eq!((overview.versions.len(), overview.next), (100, None));

    let number = overview.pages.begin();
    overview.answered(number, None, Ok(page(52..=101, Some(52))));
    let numbers: Vec<u32> = overview.versions.iter().map(|one| one.number).collect();
    assert_eq!(numbers, (1..=101).rev().filter(|number| *number != 0).collect::<Vec<_>>());
    assert_eq!(overview.next, None, "the end was read before");

    let number = overview.pages.begin();
    overview.answered(number, None, Err(RulesError::Unanswered));
    assert_eq!((overview.failed, overview.versions.len()), (Some(RulesError::Unanswered), 101));
}

#[test]
fn what_was_typed_is_there_after_a_reload_and_a_draft_nobody_changed_is_not_stored() {
    owned(|state| {
        let rules = state.rules;
        rules.open("{}".into(), "{}".into(), 3);
        assert!(rules.draft().is_empty());
        rules.document.set("{ }".into());
        rules.reason.set("Sciopero".into());
        rules.banner.update(|banner| banner.texts.de = "Hinweis".into());
        rules.closure.set(strike());
        rules.rows[3].update(|row| {
            row.write(&LISTS[4].fields[0], "A");
            row.index = Some(4);
        });
        let stored = rules.draft();

        let fresh = DeskState::new().rules;
        fresh.restore(&stored);
        assert_eq!((fresh.document.get(), fresh.base.get()), ("{ }".into(), Some(3)));
        assert_eq!((fresh.reason.get(), fresh.banner.get().texts.de), ("Sciopero".into(), "Hinweis".into()));
        assert_eq!(fresh.closure.get(), strike());
        assert_eq!(fresh.rows[3].get(), rules.rows[3].get());
        assert_eq!(fresh.draft(), stored);
    });
}

#[test]
fn only_the_text_that_was_checked_is_published() {
    owned(|state| {
        let rules = state.rules;
        rules.open("{}".into(), "{}".into(), 3);
        assert!(!rules.is_checked());
        let number = rules.preview.try_update(Loading::begin).unwrap();
        rules.preview.update(|preview| preview.answered(number, Ok(PolicyPreview::default())));
        rules.checked.set(Some("{}".into()));
        assert!(rules.is_checked());
        rules.document.set("{ }".into());
        assert!(!rules.is_checked());
    });
}

#[test]
fn one_act_is_under_way_at_a_time() {
    owned(|state| {
        assert!(state.rules.begin(RulesAct::Close));
        assert!(!state.rules.begin(RulesAct::Reopen));
        state.rules.act.set(Some((RulesAct::Close, ActState::Done { waits: false })));
        assert!(state.rules.begin(RulesAct::Reopen));
    });
}

fn strike() -> ClosureForm {
    let mut texts = FiveTexts::default();
    (texts.it, texts.de) = ("Sciopero \"generale\".".into(), "Streik.".into());
    ClosureForm {
        from: "2026-12-04".into(),
        to: String::new(),
        categories: vec![Category::Lavoratore],
        provinces: vec!["058".into(), "063".into()],
        texts,
        source: "Circolare 12".into(),
        tried: false,
    }
}

fn history(versions: Vec<PolicyVersion>) -> PolicyHistory {
    PolicyHistory {
        in_force: 2,
        four_eyes: true,
        banner: None,
        closure: None,
        versions,
        next: None,
        provinces: Vec::new(),
        answers: Vec::new(),
    }
}

fn version(number: u32, state: PolicyState, from: Option<Timestamp>) -> PolicyVersion {
    PolicyVersion {
        number,
        base: None,
        author: None,
        reason: String::new(),
        made: Timestamp::from_millis(0),
        state,
        from,
        decided_by: None,
        decided: None,
    }
}

fn author(id: &str) -> PolicyAuthor {
    PolicyAuthor { id: AdvisorId::parse(id).unwrap(), name: id.into() }
}

/// The instant of a text as `2026-11-23T15:00:00+01:00`.
fn at(instant: &str) -> Timestamp {
    let days = Day::parse(&instant[..10]).unwrap().days_after(Day::parse("1970-01-01").unwrap());
    let number = |place: std::ops::Range<usize>| instant[place].parse::<i64>().unwrap();
    let minutes = days * 1_440 + (number(11..13) - number(20..22)) * 60 + number(14..16);
    Timestamp::from_millis((minutes * 60 + number(17..19)) * 1_000)
}

fn owned(test: impl FnOnce(DeskState)) {
    Owner::new().with(|| test(DeskState::new()));
}

#[test]
fn an_element_of_a_list_is_changed_and_keeps_what_the_form_does_not_know() {
    let document = r#"{ "holidays": [
    { "name": "Capodanno", "month": 1, "day": 1, "since": 1949, "source": "Legge" },
    { "name": { "it": "Pasqua" }, "days_after_easter": 0, "source": "Legge" }
  ], "other": true }"#;
    let list = LISTS[1];
    let mut row = list.rows(document).unwrap().remove(0);
    assert_eq!((row.text("month"), row.texts("name").it), ("1".into(), "Capodanno".into()));

    let field = |name: &str| list.fields.iter().find(|field| field.name == name).unwrap();
    row.write(field("day"), " 2 ");
    row.write_words(field("provinces"), &["058".into()]);
    let changed = list.put(&row, document).unwrap();

    let first = &serde_json::from_str::<Value>(&changed).unwrap()["holidays"][0];
    let expected = serde_json::json!({
        "name": "Capodanno", "month": 1, "day": 2, "since": 1949, "provinces": ["058"], "source": "Legge"
    });
    assert_eq!(*first, expected);
    assert!(changed.ends_with(
        r#"{ "name": { "it": "Pasqua" }, "days_after_easter": 0, "source": "Legge" }
  ], "other": true }"#
    ));
}

#[test]
fn a_new_element_needs_its_fields_and_a_clock_is_one() {
    let [list, ..] = LISTS;
    let mut row = RowDraft::default();
    let wrong =
        |row: &RowDraft| list.errors(row).map(|(field, error)| (field.name, error)).collect::<Vec<_>>();
    let missing = ["from", "to", "weekdays", "categories", "source"].map(|name| (name, RowError::Missing));
    assert_eq!(wrong(&row), missing);
    assert_eq!(list.put(&row, SHIPPED), None);

    let field = |name: &str| list.fields.iter().find(|field| field.name == name).unwrap();
    row.write_words(field("weekdays"), &["monday".into()]);
    row.write_words(field("categories"), &["lavoratore".into()]);
    row.write(field("source"), "Circolare 12");
    row.write(field("from"), "09:00");
    for clock in ["9:00", "12:60", "24:01", "alle sei", "25:00", "é9:00"] {
        row.write(field("to"), clock);
        assert_eq!(wrong(&row), [("to", RowError::Wrong)], "{clock}");
    }
    row.write(field("to"), "24:00");
    let added = list.put(&row, SHIPPED).unwrap();
    assert_eq!(list.rows(&added).unwrap().len(), list.rows(SHIPPED).unwrap().len() + 1);
    assert_eq!(list.without(&added, list.rows(SHIPPED).unwrap().len()).unwrap(), SHIPPED);
}

#[test]
fn a_row_that_is_being_written_survives_a_reload() {
    let list = LISTS[2];
    let mut row = list.rows(SHIPPED).unwrap().remove(1);
    row.write(&list.fields[1], "2027-01-01");
    let draft = [row.written(list).unwrap()].into();
    assert_eq!(RowDraft::restored(list, &draft), row);
    assert_eq!(RowDraft::default().written(list), None);
}

#[test]
fn a_number_is_put_where_it_is_and_an_optional_one_comes_and_goes() {
    let number = |name: &str| NUMBERS.iter().find(|number| number.path.ends_with(&[name])).unwrap();
    let (capacity, unstaffed) = (number("capacity"), number("unstaffed_minutes"));
    assert_eq!((&*capacity.read(SHIPPED), &*unstaffed.read(SHIPPED)), ("3", ""));
    assert_eq!(
        capacity.put(SHIPPED, " 4").unwrap(),
        SHIPPED.replacen("\"capacity\": 3", "\"capacity\": 4", 1)
    );
    for text in ["", "molte", "-1", "1,5"] {
        assert_eq!(capacity.put(SHIPPED, text), None, "{text}");
    }
    let with = unstaffed.put(SHIPPED, "10").unwrap();
    assert_eq!(unstaffed.read(&with), "10");
    assert_eq!(unstaffed.put(&with, "").unwrap(), SHIPPED);
    assert_eq!(unstaffed.put(SHIPPED, "").unwrap(), SHIPPED);
    for document in [r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#, r#"{ "a": 1 }"#] {
        let without = document::without(document, &["a"]).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&without).unwrap().get("a"), None, "{without}");
    }
}

#[test]
fn a_topic_is_added_renamed_and_taken_away_and_keeps_its_id() {
    let form = |target, name: &str| TopicForm { target, name: name.into(), tried: false };
    let id = |document: &str, path: &str| {
        let whole: Value = serde_json::from_str(document).unwrap();
        whole.pointer(path).and_then(|topic| topic.as_str().map(str::to_string))
    };

    let renamed = form(TopicTarget::Rename(vec![1, 0]), " Pagamento INPS ").put(SHIPPED).unwrap();
    assert_eq!(id(&renamed, "/desk/topics/1/topics/0/name").unwrap(), "Pagamento INPS");
    assert_eq!(id(&renamed, "/desk/topics/1/topics/0/id").unwrap(), "diretto");
    assert_eq!(renamed.replace("Pagamento INPS", "Pagamento diretto"), SHIPPED);

    let added = form(TopicTarget::Under(vec![1, 0]), "Importo").put(SHIPPED).unwrap();
    assert_eq!(id(&added, "/desk/topics/1/topics/0/topics/3/id").unwrap(), "importo-2");
    assert_eq!(without_topic(&added, &[1, 0, 3]).unwrap(), SHIPPED);

    let top = form(TopicTarget::default(), "Altro").put(SHIPPED).unwrap();
    let unfinished = topics(&top).unwrap().pop().unwrap();
    assert!(unfinished.is_unfinished() && unfinished.may_have_others());
    let finished = form(TopicTarget::Under(unfinished.place), "Dettaglio").put(&top).unwrap();
    let finished = form(TopicTarget::Under(vec![3, 0]), "Voce").put(&finished).unwrap();
    let all = topics(&finished).unwrap();
    assert_eq!(topic_at(&all, &[3, 0, 0]).unwrap().name, "Voce");
    assert_eq!((all[3].under(), topic_at(&all, &[3, 0, 0]).unwrap().is_unfinished()), (2, false));

    assert_eq!(form(TopicTarget::default(), "  ").put(SHIPPED), None);
    assert_eq!(form(TopicTarget::Rename(vec![9]), "Altro").put(SHIPPED), None);
    assert_eq!(topics("{"), None);
}

#[test]
fn a_topic_that_is_being_written_survives_a_reload() {
    for target in [TopicTarget::default(), TopicTarget::Under(vec![1]), TopicTarget::Rename(vec![0, 12, 1])] {
        let form = TopicForm { target, name: "Uno; due".into(), tried: false };
        assert_eq!(TopicForm::restored(&[form.written().unwrap()].into()), form);
    }
    assert_eq!(TopicForm::default().written(), None);
    for broken in ["", "under", "rename a;b"] {
        assert_eq!(TopicForm::restored(&[("topic".into(), broken.into())].into()), TopicForm::default());
    }
}

#[test]
fn a_period_has_days_and_a_basis_or_neither() {
    let period = |days: &str, basis: &str| PeriodForm { days: days.into(), basis: basis.into() };
    let [conversations, ..] = &PERIODS;
    let wrong = [
        (period("", "Delibera 12"), PeriodError::Days),
        (period("0", "Delibera 12"), PeriodError::Days),
        (period("65536", "Delibera 12"), PeriodError::Days),
        (period("un anno", ""), PeriodError::Days),
        (period("365", " "), PeriodError::Basis),
    ];
    for (form, error) in wrong {
        assert_eq!((form.error(), conversations.put(SHIPPED, &form)), (Some(error), None), "{form:?}");
    }
    let put = conversations.put(SHIPPED, &period(" 365 ", "Delibera 12")).unwrap();
    assert_eq!(conversations.read(&put), period("365", "Delibera 12"));
    let read = |document: &str| serde_json::from_str::<Value>(document).unwrap()["retention"].clone();
    assert_eq!(read(&put)["conversations"], serde_json::json!({ "days": 365, "basis": "Delibera 12" }));
    assert_eq!(read(&conversations.put(&put, &PeriodForm::default()).unwrap()), read(SHIPPED));
    assert_eq!(conversations.put(SHIPPED, &PeriodForm::default()).unwrap(), SHIPPED);

    let without: Value = serde_json::from_str(SHIPPED).unwrap();
    let mut without = without.as_object().unwrap().clone();
    without.remove("retention");
    let without = Value::Object(without).to_string();
    let decided = put_decided_by(&without, "Delibera 12").unwrap();
    assert_eq!((decided_by(&decided), decided_by(&without)), ("Delibera 12".into(), String::new()));
    assert_eq!((put_decided_by(SHIPPED, " "), put_decided_by("{", "Delibera")), (None, None));
}

#[test]
fn the_notice_is_in_italian_at_least_or_not_at_all() {
    let texts = |it: &str, de: &str| FiveTexts { it: it.into(), de: de.into(), ..FiveTexts::default() };
    let both = texts("Il titolare è l'Istituto. ", "Verantwortlich ist das Institut.");
    let put = put_data_notice(SHIPPED, &both).unwrap();
    assert_eq!((data_notice(&put), data_notice(SHIPPED)), (both, FiveTexts::default()));
    assert_eq!(data_notice(&put_data_notice(&put, &texts("Altro.", "")).unwrap()), texts("Altro.", ""));
    assert_eq!(put_data_notice(&put, &texts(" ", "")).unwrap(), SHIPPED);
    assert_eq!(put_data_notice(SHIPPED, &FiveTexts::default()).unwrap(), SHIPPED);
    assert_eq!(put_data_notice(SHIPPED, &texts("", "Nur deutsch")), None);
    assert_eq!(put_data_notice("{", &texts("Altro.", "")), None);
    assert_eq!(
        data_notice(r#"{ "data_notice": { "text": "Solo italiano." } }"#),
        texts("Solo italiano.", "")
    );
}
