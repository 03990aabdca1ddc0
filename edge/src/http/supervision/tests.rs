// SPDX-License-Identifier: EUPL-1.2
//! Requests of supervisors and of those who are none, well-formed and not.

use super::*;
use infocig_domain::staff::StaffRole;
use infocig_protocol::id::DeskId;

#[test]
fn an_advisor_asks_for_nothing_but_their_own_figures() {
    let giulia = holder(false);
    let refused = |query: &str| report(&giulia, true, &of(query)).unwrap_err().code;
    assert_eq!(refused("from=2026-11-01&to=2026-11-30"), Code::NotSupervisor);
    assert_eq!(refused("from=2026-11-01&to=2026-11-30&by=province"), Code::NotSupervisor);
    assert_eq!(search(&giulia, true, &of("")).unwrap_err().code, Code::NotSupervisor);
    assert_eq!(comments(&giulia, &of("")).unwrap_err().code, Code::NotSupervisor);
    assert_eq!(audit(&giulia, &of("")).unwrap_err().code, Code::NotSupervisor);
    assert_eq!(reader(&giulia, Right::HandleComments).unwrap_err().code, Code::NotSupervisor);
    for per_advisor in [true, false] {
        let (query, _) =
            report(&giulia, per_advisor, &of("from=2026-11-01&to=2026-11-30&by=advisor")).unwrap();
        assert_eq!(query.advisor, giulia.advisor, "their own row alone");
    }
    let nobody = DeskHolder { advisor: None, ..holder(true) };
    assert_eq!(
        report(&nobody, true, &of("from=2026-11-01&to=2026-11-30")).unwrap_err().code,
        Code::NotSupervisor
    );
    assert_eq!(search(&nobody, true, &of("")).unwrap_err().code, Code::NotSupervisor);
}

#[test]
fn a_supervisor_sees_single_advisors_only_where_the_policy_says_so() {
    let by_advisor = of("from=2026-11-01&to=2026-11-30&by=advisor");
    assert_eq!(report(&holder(true), false, &by_advisor).unwrap_err().code, Code::NotPerAdvisor);
    assert_eq!(report(&holder(true), true, &by_advisor).unwrap().0.advisor, None);
    let of_giulia = of("advisor=giulia");
    assert_eq!(search(&holder(true), false, &of_giulia).unwrap_err().code, Code::NotPerAdvisor);
    assert_eq!(search(&holder(true), true, &of_giulia).unwrap().query.advisor, holder(true).advisor);
    assert!(search(&holder(true), false, &of("outcome=online")).is_ok());
}

#[test]
fn the_audit_trail_is_asked_for_by_day_actor_act_and_conversation() {
    let read = |query: &str| {
        audit(&holder(true), &of(query)).map(|(query, _)| query).map_err(|refusal| refusal.code)
    };
    let query = read(
        "from=2026-10-25&to=2026-10-25&actor=ada&act=exported&number=7F3A-91C2-0B5D-3&cursor=5.7&limit=9",
    );
    let query = query.unwrap();
    let hours = (query.to.unwrap().as_millis() - query.from.unwrap().as_millis()) / 3_600_000;
    assert_eq!((hours, query.act, query.limit), (25, Some(AuditedKind::Exported), 9));
    assert_eq!(query.number, Some(("7f3a91c20b5d".into(), 3)));
    assert_eq!(query.after, Some(AuditPlace { at: Timestamp::from_millis(5), row: 7 }));
    for wrong in
        ["act=x", "actor=a b", "cursor=x", "cursor=1.0f-1", "cursor=-1.1", "number=7F3A", "limit=201"]
    {
        assert_eq!(read(wrong).err(), Some(Code::RequestInvalid), "{wrong}");
    }
    assert_eq!(read("queue=other").err(), Some(Code::NotSupervisor));
}

#[test]
fn looks_that_are_about_single_people_are_kept_without_the_name_of_whom_was_looked_for() {
    let kept = |query: &str, holder: &DeskHolder| {
        let query = of(&format!("from=2026-11-01&to=2026-11-30&{query}"));
        let (report, form) = report(holder, true, &query).unwrap();
        audited_report(holder, &report, form)
    };
    assert_eq!(kept("by=province", &holder(true)), Some(AuditedKind::ReadReport));
    assert_eq!(kept("by=advisor", &holder(true)), Some(AuditedKind::ReadAdvisors));
    assert_eq!(kept("by=hour&format=csv", &holder(true)), Some(AuditedKind::Exported));
    assert_eq!(kept("format=csv&table=series", &holder(true)), Some(AuditedKind::Exported));
    assert_eq!(kept("by=advisor&format=csv", &holder(false)), None, "their own");

    let asked = asked(&of("protocol=INPS.1&person=abc&from=2026-11-01&issuer=i&cursor=5.x&topic=a/b/c"));
    let asked: Vec<_> = asked.iter().map(|one| (one.name.as_str(), one.value.as_deref())).collect();
    let expected =
        [("from", Some("2026-11-01")), ("person", None), ("protocol", None), ("topic", Some("a/b/c"))];
    assert_eq!(asked, expected);
}

#[test]
fn a_supervisor_of_one_queue_asks_nothing_of_another() {
    let days = "from=2026-11-01&to=2026-11-30";
    for (queue, expected) in
        [("info-cig", None), ("other", Some(Code::NotSupervisor)), ("", Some(Code::NotSupervisor))]
    {
        let asked = of(&format!("{days}&queue={queue}"));
        assert_eq!(report(&holder(true), true, &asked).err().map(|refusal| refusal.code), expected);
        assert_eq!(search(&holder(true), true, &asked).err().map(|refusal| refusal.code), expected);
        assert_eq!(comments(&holder(true), &asked).err().map(|refusal| refusal.code), expected);
        assert_eq!(audit(&holder(true), &asked).err().map(|refusal| refusal.code), expected);
    }
}

#[test]
fn a_supervisor_of_several_queues_asks_about_one_of_them_or_all() {
    let [a, b] = ["lavoratori", "aziende"].map(|queue| QueueId::parse(queue).unwrap());
    let both = DeskHolder { queues: vec![a.clone(), b.clone()], ..holder(true) };
    let asked = |query: &str| {
        let query = of(&format!("from=2026-11-01&to=2026-11-30{query}"));
        let report = report(&both, true, &query).map(|(report, _)| report.queues);
        let search = search(&both, true, &query).map(|search| search.query.queues);
        assert_eq!(report, search);
        assert_eq!(comments(&both, &query).map(|comments| comments.queues), search);
        search.map_err(|refusal| refusal.code)
    };
    assert_eq!(asked(""), Ok(vec![a, b.clone()]));
    assert_eq!(asked("&queue=aziende"), Ok(vec![b]));
    assert_eq!(asked("&queue=consulenti"), Err(Code::NotSupervisor));
}

#[test]
fn the_audit_trail_hides_looks_of_others_from_a_supervisor_who_has_not_every_queue() {
    let reads = |of_every_queue, role: StaffRole| {
        let holder = DeskHolder { of_every_queue, roles: role.into(), ..holder(true) };
        audit(&holder, &of("")).unwrap().0.within.map(|within| (within.reader, within.desk))
    };
    let DeskHolder { advisor: me, desk, .. } = holder(true);
    let me = me.unwrap();
    assert_eq!(reads(true, StaffRole::Supervisor), Some((me.clone(), Some(desk))));
    assert_eq!(reads(false, StaffRole::Supervisor), Some((me, None)));
    assert_eq!(reads(false, StaffRole::Auditor), None);
    assert_eq!(reads(false, StaffRole::DataProtectionOfficer), None);
}

#[test]
fn a_file_of_the_audit_trail_has_all_rows_that_are_asked_for_and_no_page() {
    let read = |query: &str| audit(&holder(true), &of(query)).map_err(|refusal| refusal.code);
    for (query, expected) in [
        ("format=json", Ok(AuditForm::Json)),
        ("format=csv&bom=true", Ok(AuditForm::Csv { bom: true })),
        ("", Ok(AuditForm::Page)),
        ("format=xml", Err(Code::RequestInvalid)),
    ] {
        assert_eq!(read(query).map(|(_, form)| form), expected, "{query}");
    }
    let (query, _) = read("format=json&cursor=5.7&limit=3").unwrap();
    assert_eq!((query.after, query.limit), (None, MOST_EXPORTED + 1));
    assert!(fits_a_file(20_000).is_ok());
    assert_eq!(fits_a_file(20_001).unwrap_err().code, Code::RequestInvalid);
    let asked = audit_asked(&of("format=csv&from=2026-11-01&actor=ada&cursor=1.1"));
    let asked: Vec<_> = asked.iter().map(|one| (one.name.as_str(), one.value.as_deref())).collect();
    assert_eq!(asked, [("actor", Some("ada")), ("format", Some("csv")), ("from", Some("2026-11-01"))]);
}

#[test]
fn a_range_is_of_days_in_order_and_not_too_long() {
    let read = |query: &str| report(&holder(true), true, &of(query)).map(|(query, _)| query.days());
    assert_eq!(read("from=2026-10-25&to=2026-10-25"), Ok(1));
    assert_eq!(read("from=2026-01-01&to=2026-12-31"), Ok(365));
    assert_eq!(read("from=2006-12-01&to=2026-11-30"), Ok(7_305));
    for wrong in [
        "",
        "from=2026-11-01",
        "to=2026-11-01",
        "from=2026-11-02&to=2026-11-01",
        "from=2026-11-31&to=2026-12-01",
        "from=2026-11-1&to=2026-12-01",
        "from=20261101&to=2026-12-01",
        "from=2026-11-01T10:00:00&to=2026-12-01",
        "from=%2B2026-11-01&to=2026-12-01",
        "from=-2026-11-01&to=2026-12-01",
        "from=0001-01-01&to=9999-12-31",
        "from=2000-01-01&to=2021-01-01",
        "from=2026-11-01&to=2026-11-01&by=name",
        "from=2026-11-01&to=2026-11-01&format=xml",
        "from=2026-11-01&to=2026-11-01&table=series",
        "from=2026-11-01&to=2026-11-01&format=csv&table=x",
        "from=2026-11-01&to=2026-11-01&format=csv&bom=1",
    ] {
        let read = report(&holder(true), true, &of(wrong));
        assert_eq!(read.err().map(|refusal| refusal.code), Some(Code::RequestInvalid), "{wrong}");
    }
}

#[test]
fn a_search_is_by_one_name_at_a_time_and_never_by_a_tax_number() {
    let read = |query: &str| search(&holder(true), true, &of(query)).map_err(|refusal| refusal.code);
    let found = read("number=7f3a-91C2-0B5D-3").unwrap().query;
    assert_eq!((found.begins.as_deref(), found.ordinal), (Some("7f3a91c20b5d"), Some(3)));
    let key = read("issuer=https://portal&person=abc").unwrap().person_key;
    assert_eq!(key.as_deref(), Some(r#"["https://portal","abc","abc","lavoratore",""]"#));
    let key = read("issuer=i&person=co&actor=abc&category=consulente&represented=1234").unwrap().person_key;
    assert_eq!(key.as_deref(), Some(r#"["i","co","abc","consulente","1234"]"#));
    let query = read("from=2026-10-25&to=2026-10-25").unwrap().query;
    let hours = (query.to.unwrap().as_millis() - query.from.unwrap().as_millis()) / 3_600_000;
    assert_eq!(hours, 25, "the day of the clock change");
    for wrong in [
        "number=7F3A",
        "number=7F3A-91C2-0B5D",
        "number=7F3A-91C2-0B5D-0",
        "number=7F3A-91C2-0B5D-x",
        "number=7F3A-91C2-0B5G-1",
        "number=%25-1",
        "number=7F3A-91C2-0B5D-3&segnalazione=1",
        "segnalazione=1&protocol=2",
        "segnalazione=",
        "person=abc",
        "issuer=i",
        "issuer=i&person=RSSMRA85T10A562S",
        "issuer=i&person=TINIT-rssmra85t10a562s",
        "issuer=i&person=abc&actor=RSSMRA85T10A562S",
        "issuer=i&person=abc&category=x",
        "from=2026-11-02&to=2026-11-01",
        "outcome=x",
        "advisor=a b",
        "limit=0",
        "limit=201",
        "limit=x",
        "cursor=",
        "cursor=garbage",
        "cursor=-1.0f-1",
        "cursor=9223372036854775808.x",
        "cursor=1.' OR 1=1",
    ] {
        assert_eq!(read(wrong).err(), Some(Code::RequestInvalid), "{wrong}");
    }
    assert_eq!(comments(&holder(true), &of("rating=x")).unwrap_err().code, Code::RequestInvalid);
    assert_eq!(comments(&holder(true), &of("cursor=x")).unwrap_err().code, Code::RequestInvalid);
}

#[test]
fn every_route_parameter_figure_and_dimension_stands_in_the_contract() {
    const CONTRACT: &str = include_str!("../../../../docs/supervision.openapi.yaml");
    const TABLE: &str = include_str!("../../lib.rs");
    let mut contracted = Vec::new();
    let mut path = "";
    for line in CONTRACT.lines() {
        if let Some(begins) = line.strip_prefix("  /").and_then(|line| line.strip_suffix(':')) {
            path = begins;
        }
        for method in ["get", "post", "put", "delete"] {
            if line == format!("    {method}:") {
                contracted.push(format!("{} /{path}", method.to_uppercase()));
            }
        }
    }
    let in_table = TABLE.lines().filter_map(|line| line.strip_prefix("//! | `"));
    let in_table = in_table.filter_map(|row| row.split(['`', '?']).next());
    let in_table: Vec<_> = in_table.filter(|route| route.contains(" /v1/supervision")).collect();
    assert_eq!(contracted, in_table);
    for route in &contracted {
        let (method, path) = route.split_once(' ').unwrap();
        let path = path.replace("{id}", &format!("{}-1", "0f".repeat(32)));
        assert!(crate::route::parse(method, &path).is_ok(), "{route}");
    }
    let reader = include_str!("../supervision.rs");
    for named in reader.split("get(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(
            CONTRACT.contains(&format!("name: {named},")) || CONTRACT.contains(&format!("name: {named}\n")),
            "{named}"
        );
    }
    let figures = serde_json::to_value(infocig_protocol::figures::Figures::default()).unwrap();
    for member in figures.as_object().unwrap().keys() {
        assert!(CONTRACT.contains(&format!("        {member}: {{")), "{member}");
    }
    let words: Vec<_> = Dimension::ALL.into_iter().map(Dimension::as_str).collect();
    assert!(CONTRACT.contains(&format!("Dimension: {{ enum: [{}] }}", words.join(", "))));
}

#[test]
fn an_auditor_reads_the_audit_trail_and_nothing_else() {
    for role in [StaffRole::Auditor, StaffRole::DataProtectionOfficer] {
        let auditor = DeskHolder { roles: role.into(), ..holder(false) };
        assert!(audit(&auditor, &of("")).is_ok());
        assert_eq!(search(&auditor, true, &of("")).unwrap_err().code, Code::NotSupervisor);
        assert_eq!(comments(&auditor, &of("")).unwrap_err().code, Code::NotSupervisor);
        assert_eq!(
            report(&auditor, true, &of("from=2026-11-01&to=2026-11-30")).unwrap_err().code,
            Code::NotSupervisor
        );
    }
}

fn holder(supervisor: bool) -> DeskHolder {
    DeskHolder {
        desk: DeskId::parse("info-cig").unwrap(),
        of_every_queue: true,
        name: "Nome".into(),
        queues: vec![QueueId::parse("info-cig").unwrap()],
        advisor: Some(AdvisorId::parse("giulia").unwrap()),
        roles: if supervisor { StaffRole::Supervisor } else { StaffRole::Advisor }.into(),
        session: None,
    }
}

fn of(query: &str) -> impl Fn(&str) -> Option<String> + use<> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    move |name| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
}
