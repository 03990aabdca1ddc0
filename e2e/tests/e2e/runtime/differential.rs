// SPDX-License-Identifier: EUPL-1.2
//! Differential test of admission: the function, the availability API, the endpoint that opens conversations and the command
//! line give the same answer.
//!
//! The cases are pseudo-random, the same in every run, and concentrated where rules change: days of the roll-out, holidays, the
//! two clock changes, and the seconds around opening and closing.

use std::{collections::BTreeSet, fs};

use infocig_demo::Person;
use infocig_domain::{
    admission::{Applicant, Load, admit, in_italy},
    calendar::ZONE,
    policy::{HolidayDay, Policy},
    province,
};
use infocig_e2e::{
    artefacts,
    long_form::short_or_long,
    scene::Scene,
    tokens::{Claims, new_id},
    wait,
};
use infocig_protocol::{
    http::{Admission, ConversationOpened},
    person::{Category, Credential, EntryPoint},
    problem::Code,
};
use jiff::{
    Span, Timestamp, ToSpan as _,
    civil::{Date, Time, Weekday, date, time},
};
use proptest::{
    option,
    prelude::{Strategy, any, prop_oneof},
    sample::select,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::Value;
use tokio::process::Command;

#[tokio::test]
async fn the_function_the_api_admission_and_the_command_line_give_the_same_answer() {
    let policy = Policy::parse(&fs::read_to_string(artefacts::policy().unwrap()).unwrap()).unwrap();
    let cases = cases(&policy);
    let asked: Vec<_> = cases.iter().map(|case| (case.clone(), case.ask(&policy))).collect();
    every_reason_is_given(&asked);
    let over_http = short_or_long(sample(&asked), asked.clone());
    let (one, other) = over_http.split_at(over_http.len() / 2);

    tokio::join!(
        the_api_says_the_same(one),
        the_api_says_the_same(other),
        admission_says_the_same(&asked),
        the_command_line_says_the_same(&asked),
    );
}

/// One case in ten, and the first of each answer.
fn sample(asked: &[(Case, Answered)]) -> Vec<(Case, Answered)> {
    let mut told = BTreeSet::new();
    let of_interest = |(number, (_, answered)): &(usize, &(Case, Answered))| {
        told.insert((answered.verdict.clone(), answered.code.clone(), answered.source.clone()))
            || number % 10 == 0
    };
    asked.iter().enumerate().filter(of_interest).map(|(_, asked)| asked.clone()).collect()
}

/// A person at an instant.
#[derive(Clone, Debug)]
struct Case {
    at: Timestamp,
    category: Category,
    province: String,
    credential: Credential,
    entry: Option<EntryPoint>,
}

/// The answer to a case.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answered {
    verdict: String,
    code: String,
    source: String,
    opens: Option<String>,
    closes: Option<String>,
}

impl Case {
    fn ask(&self, policy: &Policy) -> Answered {
        let applicant = Applicant {
            category: self.category,
            province: Some(&self.province),
            credential: Some(self.credential),
            entry: self.entry,
        };
        let decision = admit(policy, &applicant, Load::Bearable, self.at);
        Answered {
            verdict: decision.verdict().as_str().into(),
            code: decision.code().as_str().into(),
            source: decision.source(policy),
            opens: decision.opens.map(in_italy),
            closes: decision.closes.map(in_italy),
        }
    }

    fn entry_word(&self) -> &'static str {
        self.entry.map_or("", EntryPoint::as_str)
    }
}

impl From<Admission> for Answered {
    fn from(told: Admission) -> Self {
        Self {
            verdict: told.verdict.as_str().into(),
            code: told.code.as_str().into(),
            source: told.source,
            opens: told.opens,
            closes: told.closes,
        }
    }
}

/// `GET /v1/availability`, with the clock set anew for each case.
async fn the_api_says_the_same(asked: &[(Case, Answered)]) {
    let scene = Scene::open().await.unwrap();
    for (case, expected) in asked {
        let at = in_italy(case.at);
        let path = format!(
            "/v1/availability?category={}&province={}&credential={}&entry={}",
            case.category.as_str(),
            case.province,
            case.credential.as_str(),
            case.entry_word(),
        );
        // On a busy machine the clock may be a second later.
        let told = wait::until("an answer within the second", async || {
            scene.edge.set_clock(&at).await.unwrap();
            let told: Admission = scene.edge.get(&path).await.unwrap().document(200).unwrap();
            (told.at == at).then_some(told)
        });
        assert_eq!(Answered::from(told.await.unwrap()), *expected, "the API about {case:?}");
    }
}

/// `POST /v1/conversations`, with a new person each time: some who may enter, some who may not.
async fn admission_says_the_same(asked: &[(Case, Answered)]) {
    let from_a_portal = || asked.iter().filter(|(case, _)| case.entry.is_some());
    let welcome = |(_, expected): &&(Case, Answered)| expected.verdict == "open";
    let let_in: Vec<_> = from_a_portal().filter(welcome).take(LET_IN).collect();
    let refused: Vec<_> = from_a_portal().filter(|asked| !welcome(asked)).take(REFUSED).collect();
    assert_eq!((let_in.len(), refused.len()), (LET_IN, REFUSED));

    for knocking in [let_in.as_slice(), refused.as_slice()].iter().flat_map(|all| all.chunks(50)) {
        // A new edge from time to time: setting the clock wakes the objects of all earlier people.
        let scene = Scene::open().await.unwrap();
        for (case, expected) in knocking {
            wait::until("an answer within the second", async || {
                let at = in_italy(case.at);
                scene.edge.set_clock(&at).await.unwrap();
                let answer = scene.ask(&claims(&scene, case)).await.unwrap();
                if answer.status == 201 {
                    let clock = scene.edge.get("/test/clock").await.unwrap();
                    let clock: Value = clock.document(200).unwrap();
                    let _entered: ConversationOpened = answer.document(201).unwrap();
                    let in_time = clock["now"] == at.as_str();
                    assert!(!in_time || expected.verdict == "open", "the door opened for {case:?}");
                    return in_time.then_some(());
                }
                let problem = answer.problem().unwrap();
                let code = problem.code;
                let told = problem.admission.expect("a refused entry says why");
                assert_eq!(told.code, code, "{case:?}");
                if told.at != at {
                    return None;
                }
                assert_eq!(Answered::from(told), *expected, "the door about {case:?}");
                Some(())
            })
            .await
            .unwrap();
        }
    }
}

/// The token of a new person, from the portal of the case.
fn claims(scene: &Scene, case: &Case) -> Claims {
    let somebody = match case.category {
        Category::Lavoratore => "worker-roma",
        Category::Titolare | Category::RappresentanteLegale | Category::Consulente => "titolare-milano",
    };
    let person =
        Person { category: case.category, credential: case.credential, ..*Scene::person(somebody).unwrap() };
    Claims::of_person(&person, scene.issuer.origin(), &scene.edge.url())
        .unwrap()
        .with("sub", new_id().unwrap())
        .with("infocig_province", case.province.as_str())
        .with("client_id", case.entry_word())
}

/// `infocig explain --csv`, all cases in one table.
async fn the_command_line_says_the_same(asked: &[(Case, Answered)]) {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("questions.csv");
    let mut questions = csv::Writer::from_path(&table).unwrap();
    questions.write_record(["at", "category", "province", "credential", "entry"]).unwrap();
    for (case, _) in asked {
        let (category, credential) = (case.category.as_str(), case.credential.as_str());
        let at = in_italy(case.at);
        questions
            .write_record([at.as_str(), category, &case.province, credential, case.entry_word()])
            .unwrap();
    }
    questions.flush().unwrap();

    let mut command = Command::new(artefacts::infocig().unwrap());
    command.args(["explain", "--csv"]).arg(&table);
    let output = command.kill_on_drop(true).output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let mut answers = csv::Reader::from_reader(output.stdout.as_slice());
    let answers: Vec<_> = answers.records().map(Result::unwrap).collect();
    assert_eq!(answers.len(), asked.len());
    for ((case, expected), answer) in asked.iter().zip(answers) {
        let column = |index: usize| answer[index].to_owned();
        let known = |text: String| (!text.is_empty()).then_some(text);
        let told = Answered {
            verdict: column(5),
            code: column(6),
            source: column(7),
            opens: known(column(8)),
            closes: known(column(9)),
        };
        assert_eq!(told, *expected, "the command line about {case:?}");
    }
}

/// The cases include every answer that the default policy can give.
fn every_reason_is_given(asked: &[(Case, Answered)]) {
    let given: BTreeSet<&str> = asked.iter().map(|(_, answered)| answered.code.as_str()).collect();
    let reasons = [
        Code::Open,
        Code::OutsideHours,
        Code::Holiday,
        Code::NotForCategory,
        Code::NotInProvince,
        Code::NotFromEntryPoint,
        Code::CredentialTooWeak,
        Code::UnknownProvince,
    ];
    assert_eq!(given, reasons.map(Code::as_str).into());
}

fn cases(policy: &Policy) -> Vec<Case> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &SEED);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let credentials = policy.credentials.accepted.clone();
    let credential = prop_oneof![4 => select(credentials), 1 => select(Credential::ALL.to_vec())];
    let entry = option::weighted(0.8, select(EntryPoint::ALL.to_vec()));
    let category = select(Category::ALL.to_vec());
    let case = (instant(policy), category, province_code(), credential, entry);
    let case = case.prop_map(|(at, category, province, credential, entry)| Case {
        at,
        category,
        province,
        credential,
        entry,
    });
    std::iter::repeat_with(|| case.new_tree(&mut runner).unwrap().current()).take(CASES).collect()
}

/// Instants near those at which an answer may change.
fn instant(policy: &Policy) -> impl Strategy<Value = Timestamp> + use<> {
    let around = |days: Vec<Date>, by: i64| {
        let near = days.into_iter().flat_map(move |day| (-by..=by).map(move |days| day + days.days()));
        select(near.collect::<Vec<_>>())
    };
    let rollout = policy.rollout.iter().map(|row| row.since).collect();
    let day = prop_oneof![
        3 => around(rollout, 4),
        2 => around(holidays(policy), 1),
        1 => around(clock_changes(), 1),
        2 => (0..3650_i64).prop_map(|days| date(2021, 1, 1) + days.days()),
    ];
    let second = |from: Time, to: Time| {
        let seconds = (to - from).get_seconds();
        (0..=seconds).prop_map(move |seconds| from + Span::new().seconds(seconds))
    };
    let edges = EDGES.iter().flat_map(|edge| [-1, 0, 1].map(|by: i64| edge.wrapping_add(by.seconds())));
    let time = prop_oneof![
        4 => select(edges.collect::<Vec<_>>()),
        3 => second(time(15, 0, 0, 0), time(17, 59, 59, 0)),
        1 => second(time(0, 0, 0, 0), time(23, 59, 59, 0)),
        1 => second(time(1, 30, 0, 0), time(3, 30, 0, 0)),
    ];
    (day, time, any::<bool>()).prop_map(|(day, time, later)| {
        // In autumn one hour comes twice; in spring one does not come.
        let civil = ZONE.to_ambiguous_timestamp(day.to_datetime(time));
        if later { civil.later() } else { civil.earlier() }.unwrap()
    })
}

/// Province codes of today, of metropolitan cities, of the past, and unused ones; those of the roll-out more often.
fn province_code() -> impl Strategy<Value = String> {
    let every: Vec<_> = province::all().flat_map(|province| [province.code, province.uts]).collect();
    let code = prop_oneof![
        5 => select(vec!["015", "215", "001", "201", "058", "258", "063", "263"]),
        4 => select(every),
        1 => select(vec!["090", "091", "092", "292", "095", "104", "105", "106", "107"]),
        1 => select(vec!["", "000", "111", "999", "15", "0150", "MI", "Roma", "05a"]),
    ];
    code.prop_map(str::to_owned)
}

fn holidays(policy: &Policy) -> Vec<Date> {
    let fall = |day: HolidayDay| {
        EASTERS.map(|easter| match day {
            HolidayDay::Fixed { month, day } => date(easter.year(), month, day),
            HolidayDay::Easter { days_after } => easter + i64::from(days_after).days(),
        })
    };
    policy.holidays.iter().flat_map(|holiday| fall(holiday.day)).collect()
}

/// The last Sundays of March and October.
fn clock_changes() -> Vec<Date> {
    let changes = EASTERS.iter().flat_map(|easter| [3, 10].map(|month| date(easter.year(), month, 1)));
    changes.map(|first| first.nth_weekday_of_month(-1, Weekday::Sunday).unwrap()).collect()
}

const CASES: usize = 5_200;
const LET_IN: usize = 100;
const REFUSED: usize = 150;
const SEED: [u8; 32] = *b"INFO CIG, Messaggio 1605 of 2023";

/// Times of day at which an answer may change, or a clock.
const EDGES: [Time; 6] = [
    time(15, 0, 0, 0),
    time(17, 50, 0, 0),
    time(18, 0, 0, 0),
    time(0, 0, 0, 0),
    time(2, 0, 0, 0),
    time(3, 0, 0, 0),
];

/// Easter Sundays, from the almanac.
const EASTERS: [Date; 10] = [
    date(2021, 4, 4),
    date(2022, 4, 17),
    date(2023, 4, 9),
    date(2024, 3, 31),
    date(2025, 4, 20),
    date(2026, 4, 5),
    date(2027, 3, 28),
    date(2028, 4, 16),
    date(2029, 4, 1),
    date(2030, 4, 21),
];
