// SPDX-License-Identifier: EUPL-1.2
//! Ranges of days, answers that come late, comments one at a time, and searches page by page.

use infocig_client::dates::Day;
use infocig_protocol::{
    entry::Outcome,
    figures::Figures,
    id::QueueId,
    language::Language,
    person::Category,
    rating::Answer,
    report::{AuditedKind, Comments, FoundConversation, PersonComment},
};

use super::*;
use crate::state::{
    DeskState,
    samples::{assigned, at, held, id},
};

#[test]
fn a_period_is_a_range_of_days_that_ends_today() {
    let days = |period| {
        let days = PeriodChoice { period, ..PeriodChoice::default() }.days(day("2026-11-25")).unwrap();
        (days.from.iso(), days.to.iso())
    };
    let range = |from: &str, to: &str| (from.to_string(), to.to_string());
    assert_eq!(days(Period::Today), range("2026-11-25", "2026-11-25"));
    assert_eq!(days(Period::ThisWeek), range("2026-11-23", "2026-11-25"));
    assert_eq!(days(Period::ThisMonth), range("2026-11-01", "2026-11-25"));
    assert_eq!(days(Period::LastMonth), range("2026-10-01", "2026-10-31"));
}

#[test]
fn a_range_begins_with_the_days_before_it_and_says_why_it_is_none() {
    let mut choice = PeriodChoice { period: Period::LastMonth, ..PeriodChoice::default() };
    choice.choose(Period::Range, day("2026-11-25"));
    assert_eq!((choice.from.as_str(), choice.to.as_str()), ("2026-10-01", "2026-10-31"));

    let mut of = |from: &str, to: &str| {
        (choice.from, choice.to) = (from.into(), to.into());
        choice.days(day("2026-11-25")).map(Days::number)
    };
    assert_eq!(of("2026-10-19", "2026-10-25"), Ok(7));
    assert_eq!(of("2026-10-25", "2026-10-25"), Ok(1));
    assert_eq!(of("", "2026-10-25"), Err(RangeError::Missing));
    assert_eq!(of("2026-10-26", "2026-10-25"), Err(RangeError::Backwards));
    assert_eq!(of("2006-10-26", "2026-10-25"), Ok(7_305));
    assert_eq!(of("2006-10-25", "2026-10-25"), Err(RangeError::TooLong));
}

#[test]
fn the_range_before_has_as_many_days_and_the_file_is_named_after_its_report() {
    let query = ReportQuery {
        days: Days { from: day("2026-10-19"), to: day("2026-10-25") },
        by: Dimension::EntryPoint,
        queue: String::new(),
    };
    assert_eq!(query.file_name(), "info-cig-entry-point-2026-10-19-2026-10-25.csv");
    let before = query.before().parameters();
    let values: Vec<_> = before.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(values, ["from=2026-10-12", "to=2026-10-18", "by=entry-point"]);
    let of_one = ReportQuery { queue: "aziende".into(), ..query };
    assert_eq!(of_one.file_name(), "info-cig-aziende-entry-point-2026-10-19-2026-10-25.csv");
    assert_eq!(of_one.parameters().last(), Some(&("queue", "aziende".to_string())));
}

#[test]
fn the_answer_to_the_newest_request_counts_and_stays_while_the_next_is_loading() {
    let mut loading = Loading::default();
    let (first, second) = (loading.begin(), loading.begin());
    loading.answered(second, Ok(2));
    loading.answered(first, Ok(1));
    assert_eq!((loading.answer, loading.loading), (Some(2), false));

    let third = loading.begin();
    assert_eq!((loading.answer, loading.loading), (Some(2), true));
    loading.answered(third, Err(RequestError::Unanswered));
    assert_eq!((loading.answer, loading.error), (Some(2), Some(RequestError::Unanswered)));
}

#[test]
fn rows_are_sorted_by_how_many_there_are_and_hours_by_the_hour() {
    let values = |by| {
        let report = report(by, &[("00", 1), ("01", 3), ("02", 3)]);
        let pair = ReportPair { now: report.clone(), before: report };
        assert_eq!(pair.figures_before("02").map(|figures| figures.entered), Some(3));
        assert!(!pair.is_empty());
        pair.rows().iter().map(|row| row.value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(values(Dimension::Hour), ["00", "01", "02"]);
    assert_eq!(values(Dimension::Province), ["01", "02", "00"]);
}

#[test]
fn a_refusal_of_figures_of_advisors_is_remembered() {
    Owner::new().with(|| {
        let state = ReportsState::new();
        let number = state.report.try_update(Loading::begin).unwrap();
        state.report_answered(number, Err(RequestError::Refused(Code::NotPerAdvisor)));
        assert!(state.advisors_withheld.get_untracked());
        assert!(state.report.with_untracked(|report| report.error.is_some()));
        state.clear();
        assert!(!state.advisors_withheld.get_untracked());
    });
}

#[test]
fn a_conversation_that_is_selected_takes_the_place_of_the_page_and_nothing_is_read_under_one() {
    Owner::new().with(|| {
        let state = DeskState::new();
        state.apply_assigned(vec![assigned(1, held())]);
        state.select(&id(1));
        state.reports.page.set(Some(Page::Report));
        assert_eq!(state.in_sight(), None);
        state.select(&id(1));
        assert!(state.reports.desk_shows());
    });
}

#[test]
fn comments_are_read_one_at_a_time_over_pages() {
    let mut view = CommentsView::default();
    let number = view.begin(CommentFilter { unhandled: true, rating: Some(Answer::No) });
    assert_eq!(words(view.parameters()), "handled=false&rating=no");
    view.answered(number, Ok(page(&[1, 2], Some("c"))));
    assert_eq!((view.place(), view.has_previous()), ((1, 2, true), false));

    assert!(view.advance(), "the page that follows is due");
    let number = view.begin_next().unwrap();
    assert_eq!((view.begin_next(), view.advance()), (None, true), "it is on its way");
    assert_eq!(words(view.parameters()), "handled=false&rating=no&cursor=c");
    view.answered(number, Ok(page(&[3], None)));
    assert!(!view.advance());
    assert_eq!((view.current().unwrap().conversation.clone(), view.has_next()), (id(3), false));
    view.previous();
    assert_eq!(view.place(), (2, 3, false));

    let late = view.pages.begin();
    let number = view.begin(CommentFilter { unhandled: false, rating: None });
    view.answered(late, Ok(page(&[1], None)));
    assert_eq!(view.current(), None, "the answer to the filter before");
    view.answered(number, Ok(page(&[4], None)));
    assert_eq!(view.current().unwrap().conversation, id(4));
}

#[test]
fn a_comment_is_marked_once_and_stays_on_screen() {
    let mut view = CommentsView::default();
    let number = view.begin(CommentFilter::default());
    view.answered(number, Ok(page(&[1], None)));
    assert_eq!((view.mark(), view.mark(), view.marking()), (Some(id(1)), None, Marking::Loading));
    view.marked(&id(1), Err(RequestError::Unanswered), at(5));
    assert_eq!(view.marking(), Marking::Failed(RequestError::Unanswered));

    assert_eq!(view.mark(), Some(id(1)), "again");
    view.marked(&id(1), Ok(()), at(5));
    assert_eq!((view.marking(), view.mark()), (Marking::No, None));
    assert_eq!(view.current().unwrap().handled, Some(at(5)));
}

#[test]
fn a_search_asks_for_what_is_filled_in_and_goes_on_with_the_same() {
    let mut view = SearchView::default();
    view.form = SearchForm {
        number_of: NumberOf::Protocol,
        number: " INPS.1 ".into(),
        outcome: Some(Outcome::Online),
        ..SearchForm::default()
    };
    let number = view.begin().unwrap();
    assert_eq!(words(view.parameters()), "protocol=INPS.1&outcome=online");
    view.answered(number, Ok((vec![found(1)], Some("n".into()))));
    view.form.number = "other".into();
    let number = view.begin_next().unwrap();
    assert_eq!(words(view.parameters()), "protocol=INPS.1&outcome=online&cursor=n");
    view.answered(number, Ok((vec![found(2)], None)));
    assert_eq!((view.found.len(), view.has_next(), view.begin_next()), (2, false, None));

    (view.form.from, view.form.to) = ("2026-10-02".into(), "2026-10-01".into());
    assert_eq!(view.begin(), None, "from after to");
}

#[test]
fn the_audit_trail_asks_for_what_is_filled_in() {
    let mut view = AuditView::default();
    view.form = AuditForm {
        from: "2026-10-01".into(),
        actor: " ada ".into(),
        act: Some(AuditedKind::Exported),
        ..AuditForm::default()
    };
    assert!(view.begin().is_some());
    assert_eq!(words(view.parameters()), "from=2026-10-01&actor=ada&act=exported");
    view.form.to = "2026-09-30".into();
    assert_eq!(view.begin(), None, "from after to");
}

fn words(query: Query) -> String {
    query.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn report(by: Dimension, rows: &[(&str, u64)]) -> Report {
    let figures = |entered| Figures { entered, ..Figures::default() };
    Report {
        queues: vec![QueueId::parse("cig").unwrap()],
        from: "2026-10-19".into(),
        to: "2026-10-25".into(),
        by,
        answer_within_seconds: 180,
        short_abandonment_seconds: 10,
        total: figures(rows.iter().map(|(_, entered)| entered).sum()),
        before: figures(0),
        rows: rows
            .iter()
            .map(|(value, entered)| ReportRow { value: (*value).into(), figures: figures(*entered) })
            .collect(),
        series: vec![],
    }
}

fn page(numbers: &[u32], next: Option<&str>) -> Comments {
    let comment = |n: &u32| PersonComment {
        conversation: id(*n),
        number: id(*n).number(),
        commented: at(0),
        text: "testo".into(),
        rating: Some(Answer::No),
        topic: None,
        handled: None,
        handled_by: None,
    };
    Comments { comments: numbers.iter().map(comment).collect(), next: next.map(Into::into) }
}

fn found(n: u32) -> FoundConversation {
    FoundConversation {
        conversation: id(n),
        number: id(n).number(),
        queue: QueueId::parse("cig").unwrap(),
        entered: at(0),
        answered: None,
        ended: None,
        category: Category::Lavoratore,
        province: "058".into(),
        language: Language::It,
        entry_point: None,
        topic: None,
        outcome: None,
        advisor: None,
        rating: None,
        request: false,
    }
}
