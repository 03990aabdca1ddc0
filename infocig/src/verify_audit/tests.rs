// SPDX-License-Identifier: EUPL-1.2
//! A trail in a folder of data that is being written, in a backup and in a file: whole, or altered by somebody.

use infocig_domain::audit::AuditEvent;
use infocig_edge::actors::AuditActor;
use infocig_protocol::{report::AuditedKind, time::Timestamp};
use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::backup::back_up;

#[test]
fn a_whole_trail_says_its_ends_live_and_in_a_backup() {
    let scene = Scene::new();
    let expected = format!("WHOLE: 5 rows, the first 1, the last 5, head {}", scene.hash(5));
    assert_eq!(scene.live().unwrap(), expected);

    let key = scene.folder.path().join("key");
    fs::write(&key, "0".repeat(64)).unwrap();
    let archive = scene.folder.path().join("archive");
    back_up(
        &scene.folder.path().join("data"),
        &Archive::new(&archive, Key::read(&key).unwrap()),
        crate::now(),
    )
    .unwrap();
    let backup = VerifyAudit { from: Some(archive), key: Some(key), ..none() };
    let (after, _, whole) = of_database(backup.saved(backup.from.as_ref().unwrap()).unwrap()).unwrap();
    assert_eq!(sentence(&whole, after.as_ref(), 0), expected);
}

#[test]
fn a_row_that_was_changed_deleted_inserted_or_swapped_is_named() {
    for (change, found) in [
        (
            concat!("UPD", "ATE audit_row SET line = replace(line, 'ada', 'bea') WHERE number = 3"),
            "row 3 was changed",
        ),
        (concat!("UPD", "ATE audit_row SET hash = '0' WHERE number = 3"), "row 3 was changed"),
        (concat!("UPD", "ATE audit_row SET previous = '0' WHERE number = 1"), "row 1 was changed"),
        (
            concat!("DEL", "ETE FROM audit_row WHERE number = 3"),
            "row 3 is missing: row 4 stands in its place",
        ),
        (
            concat!("DEL", "ETE FROM audit_row WHERE number < 3"),
            "row 1 is missing: row 3 stands in its place",
        ),
        (
            concat!(
                "INS",
                "ERT IN",
                "TO audit_row SEL",
                "ECT 6, previous, hash, line FROM audit_row WHERE number = 2"
            ),
            "row 6 was changed",
        ),
        (
            concat!(
                "UPD",
                "ATE audit_row SET number = CASE number WHEN 2 THEN -3 WHEN 3 THEN -2 ELSE number END"
            ),
            "row 2 was changed",
        ),
        (
            concat!(
                "INS",
                "ERT IN",
                "TO audit_cut SEL",
                "ECT 1, number, hash, 0 FROM audit_row WHERE number = 2"
            ),
            "row 1 stands after row 2",
        ),
    ] {
        let scene = Scene::new();
        scene.alter(change);
        // The numbers of two rows are exchanged in two steps: no two are ever the same.
        scene.alter(concat!("UPD", "ATE audit_row SET number = abs(number)"));
        assert_eq!(scene.live().unwrap_err().to_string(), format!("ALTERED: {found}"), "{change}");
    }
}

/// Whoever deletes the oldest rows can write where the rest begins, but no row that says so.
#[test]
fn oldest_rows_that_are_gone_without_the_row_of_a_cut_are_an_alteration() {
    let scene = Scene::new();
    scene.alter(concat!(
        "INS",
        "ERT IN",
        "TO audit_cut SEL",
        "ECT 1, number, hash, 0 FROM audit_row WHERE number = 2"
    ));
    scene.alter(concat!("DEL", "ETE FROM audit_row WHERE number <= 2"));
    let found = "ALTERED: the rows up to 2 are gone, and no row says that they were cut off there";
    assert_eq!(scene.live().unwrap_err().to_string(), found);

    let scene = Scene::new();
    scene.trail().cut_before(at(3), at(9)).unwrap();
    let whole = scene.live().unwrap();
    assert!(whole.starts_with("WHOLE: 4 rows, the first 3, the last 6"), "{whole}");
    assert!(whole.ends_with("; the rows up to 2 were cut off after their time"), "{whole}");
}

/// A chain vouches for itself alone: that it was written anew, or that its newest rows are gone, only a note elsewhere finds.
#[test]
fn a_trail_that_was_written_anew_is_found_by_a_row_that_was_noted_elsewhere() {
    let scene = Scene::new();
    let noted = Anchor { number: 4, hash: scene.hash(4) };
    assert!(scene.compared(&noted).is_ok());
    scene.alter(concat!("DEL", "ETE FROM audit_row WHERE number >= 4"));
    assert!(scene.live().is_ok(), "nothing is wrong with what is left");
    let missing = scene.compared(&noted).unwrap_err().to_string();
    assert_eq!(missing, "ANOTHER ONE: it has no row 4, which was noted");
    scene.trail().append(AuditEvent::new(AuditedKind::Ended, at(9)), at(9)).unwrap();
    assert!(scene.live().is_ok());
    let other = scene.compared(&noted).unwrap_err().to_string();
    assert!(other.starts_with("ANOTHER ONE: row 4 has the hash"), "{other}");
}

#[test]
fn a_file_is_verified_and_another_one_is_no_trail() {
    let scene = Scene::new();
    let (after, rows) = stored_trail(&Database::open(&scene.path()).unwrap()).unwrap();
    let end = Anchor { number: 5, hash: scene.hash(5) };
    let path = scene.folder.path().join("trail.json");
    let verified = |text: &str| {
        fs::write(&path, text).unwrap();
        of_file(&path).map(|(after, _, whole)| sentence(&whole, after.as_ref(), 0))
    };
    let text = file::write(&rows, Some(&after), &end, at(9)).unwrap();
    assert!(verified(&text).unwrap().starts_with("WHOLE: 5 rows"));
    let altered = verified(&text.replace("\"at\":4", "\"at\":5")).unwrap_err();
    assert_eq!((altered.exit_code(), altered.to_string().as_str()), (1, "ALTERED: row 4 was changed"));
    let selection = file::write(&rows[2..4], None, &end, at(9)).unwrap();
    assert!(verified(&selection).unwrap().starts_with("WHOLE EACH: 2 rows of a selection"));
    assert_eq!(verified("{}").unwrap_err().exit_code(), 2);
}

#[test]
fn a_noted_row_is_a_number_and_a_hash() {
    let hash = "AB".repeat(32);
    assert_eq!(noted(&format!("42:{hash}")), Ok(Anchor { number: 42, hash: hash.to_lowercase() }));
    for wrong in ["", "42", "42:ab", &format!("x:{hash}"), &format!("42:{}", "g".repeat(64))] {
        assert!(noted(wrong).is_err(), "{wrong}");
    }
}

fn none() -> VerifyAudit {
    VerifyAudit { file: None, data: None, from: None, key: None, at: None, noted: Vec::new() }
}

/// A folder of data with a trail of five rows.
struct Scene {
    folder: TempDir,
}

impl Scene {
    fn new() -> Self {
        let scene = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(scene.path().parent().unwrap()).unwrap();
        // As workerd writes it: what is young lies in the write-ahead log.
        Connection::open(scene.path()).unwrap().pragma_update(None, "journal_mode", "WAL").unwrap();
        let trail = scene.trail();
        for millis in 1..=5 {
            let event = AuditEvent {
                actor: Some(infocig_protocol::id::AdvisorId::parse("ada").unwrap()),
                ..AuditEvent::new(AuditedKind::Searched, at(millis))
            };
            trail.append(event, at(millis)).unwrap();
        }
        scene
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("data/objects").join(AUDIT).join("0a.sqlite")
    }

    fn trail(&self) -> AuditActor<Database> {
        AuditActor::open(Database::open(&self.path()).unwrap()).unwrap()
    }

    fn alter(&self, statement: &str) {
        Connection::open(self.path()).unwrap().execute_batch(statement).unwrap();
    }

    fn hash(&self, number: u64) -> String {
        let (_, rows) = stored_trail(&Database::open(&self.path()).unwrap()).unwrap();
        rows.into_iter().find(|row| row.number == number).unwrap().hash
    }

    fn live(&self) -> Result<String, Error> {
        let (after, _, whole) = of_database(live(&self.folder.path().join("data"))?)?;
        Ok(sentence(&whole, after.as_ref(), 0))
    }

    fn compared(&self, noted: &Anchor) -> Result<(), Error> {
        let (after, rows, _) = of_database(live(&self.folder.path().join("data"))?)?;
        compare(noted, after.as_ref(), &rows)
    }
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}
