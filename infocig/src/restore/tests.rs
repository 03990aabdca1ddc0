// SPDX-License-Identifier: EUPL-1.2
//! Backup and restoration of folders whose databases SQLite is writing, as the runtime does.

use std::time::{Duration, SystemTime};

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::backup::{Done, back_up};

#[test]
fn everything_committed_before_the_backup_is_in_it_while_the_writers_go_on() {
    let scene = Scene::new();
    let writer = scene.database("info-cig-register", OBJECT, &["a", "b"]);
    assert!(scene.size("info-cig-register", OBJECT) <= 4096, "all rows are in the write-ahead log");

    scene.back_up();
    writer.execute(concat!("INSERT", " INTO word VALUES ('later')"), ()).unwrap();

    let restored = scene.restore(None).unwrap();
    assert_eq!(restored.databases, 2);
    assert_eq!(scene.words("info-cig-register", OBJECT), ["a", "b"]);
}

#[test]
fn the_schedule_of_alarms_is_made_again_from_the_alarm_each_object_has() {
    let scene = Scene::new();
    scene.database("info-cig-register", OBJECT, &["a"]);
    scene.back_up();
    scene.restore(None).unwrap();

    let path = scene.restored().join("objects/info-cig-register").join(ALARMS);
    let schedule = Connection::open(path).unwrap();
    let read = concat!("SELECT", " actor_id, scheduled_time FROM _cf_ALARM");
    let alarm = schedule.query_row(read, (), |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)));
    assert_eq!(alarm.unwrap(), (OBJECT.to_owned(), 7_000_000));
}

#[test]
fn what_did_not_change_is_not_written_again_and_what_did_is() {
    let scene = Scene::new();
    let (one, _other) = (
        scene.database("info-cig-register", OBJECT, &["a"]),
        scene.database("info-cig-linea-inps", OBJECT, &["b"]),
    );
    assert_eq!((scene.back_up().databases, scene.back_up().written), (4, 0));

    one.execute(concat!("INSERT", " INTO word VALUES ('c')"), ()).unwrap();
    let third = scene.back_up();

    assert_eq!((third.databases, third.written), (4, 1));
    scene.restore(None).unwrap();
    assert_eq!(scene.words("info-cig-register", OBJECT), ["a", "c"]);
}

#[test]
fn an_earlier_backup_can_be_named_and_an_unknown_one_is_refused_with_the_newest() {
    let scene = Scene::new();
    let writer = scene.database("info-cig-register", OBJECT, &["a"]);
    let first = scene.back_up().name;
    writer.execute(concat!("INSERT", " INTO word VALUES ('c')"), ()).unwrap();
    scene.back_up();

    let refused = scene.restore(Some("yesterday")).unwrap_err().to_string();
    assert!(refused.contains("has no backup yesterday") && refused.contains(&first), "{refused}");
    scene.restore(Some(&first)).unwrap();
    assert_eq!(scene.words("info-cig-register", OBJECT), ["a"]);
}

#[test]
fn old_backups_are_forgotten_with_what_only_they_had() {
    let scene = Scene::new();
    let writer = scene.database("info-cig-register", OBJECT, &["a"]);
    for word in ["c", "d", "e"] {
        scene.back_up();
        writer.execute(concat!("INSERT", " INTO word VALUES (?1)"), [word]).unwrap();
    }
    let archive = Archive::new(&scene.archive(), Key::read(&scene.key()).unwrap());
    assert_eq!(archive.forget_all_but(2).unwrap(), 1);
    assert_eq!((archive.names().unwrap().len(), scene.sealed("contents")), (2, 3));
    scene.restore(None).unwrap();
    assert_eq!(scene.words("info-cig-register", OBJECT), ["a", "c", "d"]);
}

#[test]
fn a_folder_that_is_not_empty_is_refused_and_stays_as_it_is() {
    let scene = Scene::new();
    scene.database("info-cig-register", OBJECT, &["a"]);
    scene.back_up();
    fs::create_dir_all(scene.restored()).unwrap();
    fs::write(scene.restored().join("mine"), "x").unwrap();

    let refused = scene.restore(None).unwrap_err().to_string();

    assert!(refused.contains("is not empty: name a new folder"), "{refused}");
    assert_eq!(fs::read_dir(scene.restored()).unwrap().count(), 1);
}

#[test]
fn another_key_is_refused_and_leaves_nothing_behind() {
    let scene = Scene::new();
    scene.database("info-cig-register", OBJECT, &["a"]);
    scene.back_up();
    fs::write(scene.key(), "1".repeat(64)).unwrap();

    let refused = scene.restore(None).unwrap_err().to_string();

    assert!(refused.contains("was sealed with another key"), "{refused}");
    assert!(!scene.restored().join("objects").exists());
}

#[test]
fn a_damaged_archive_is_refused_before_any_database_is_in_its_place() {
    let scene = Scene::new();
    scene.database("info-cig-linea-inps", OBJECT, &["a"]);
    scene.database("info-cig-register", OBJECT, &["b"]);
    scene.back_up();
    // The content that is read last.
    for folder in fs::read_dir(scene.archive().join("contents")).unwrap().flatten() {
        for file in fs::read_dir(folder.path()).unwrap().flatten() {
            let mut sealed = fs::read(file.path()).unwrap();
            let last = sealed.len() - 1;
            sealed[last] ^= 1;
            fs::write(file.path(), sealed).unwrap();
        }
    }

    let refused = scene.restore(None).unwrap_err().to_string();

    assert!(refused.contains("is damaged or was changed"), "{refused}");
    assert!(
        !scene.restored().join("objects").exists() && !scene.restored().join("objects.unfinished").exists()
    );
}

#[test]
fn an_interrupted_backup_is_none() {
    let scene = Scene::new();
    scene.database("info-cig-register", OBJECT, &["a"]);
    let archive = Archive::new(&scene.archive(), Key::read(&scene.key()).unwrap());
    archive.keep(b"a content without a manifest").unwrap();

    let refused = scene.restore(None).unwrap_err().to_string();

    assert!(refused.contains("has no backup"), "{refused}");
}

#[test]
fn a_folder_without_databases_is_refused() {
    let scene = Scene::new();
    fs::create_dir_all(scene.data().join("objects")).unwrap();
    let archive = Archive::new(&scene.archive(), Key::read(&scene.key()).unwrap());
    let refused = back_up(&scene.data(), &archive, now()).unwrap_err().to_string();
    assert!(refused.contains("has no databases"), "{refused}");
    fs::rename(scene.data().join("objects"), scene.data().join("cluster")).unwrap();
    let refused = back_up(&scene.data(), &archive, now()).unwrap_err().to_string();
    assert!(refused.contains("node of a cluster"), "{refused}");
}

#[test]
fn a_manifest_leads_to_no_place_outside_the_folder() {
    for bad in ["../a/b", "a/../b", "/a/b", "a", "a/b/c", "a/.b", "", "a/"] {
        assert!(inside(Path::new("/data"), bad).is_err(), "{bad}");
    }
    assert!(inside(Path::new("/data"), "info-cig-desk/0a.sqlite").is_ok());
}

#[test]
fn no_word_of_a_database_can_be_read_in_the_archive() {
    let scene = Scene::new();
    scene.database("info-cig-register", OBJECT, &["una parola sola"]);
    scene.back_up();
    for kind in ["contents", "manifests"] {
        for file in walk(&scene.archive().join(kind)) {
            let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
            assert!(!text.contains("parola") && !text.contains(OBJECT), "{}", file.display());
        }
    }
}

/// A folder of data, a key, and an archive.
struct Scene {
    folder: TempDir,
}

const OBJECT: &str = "0a0b0c";

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("key"), "0".repeat(64)).unwrap();
        Self { folder }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("key")
    }

    fn archive(&self) -> PathBuf {
        self.folder.path().join("archive")
    }

    fn restored(&self) -> PathBuf {
        self.folder.path().join("restored")
    }

    /// A database that is open and written as workerd does, with a write-ahead log, an alarm, and a schedule that lacks it.
    fn database(&self, class: &str, object: &str, words: &[&str]) -> Connection {
        let folder = self.data().join("objects").join(class);
        fs::create_dir_all(&folder).unwrap();
        let schedule = Connection::open(folder.join(ALARMS)).unwrap();
        let table = concat!(
            "CREATE",
            " TABLE _cf_ALARM (actor_id TEXT PRIMARY KEY, scheduled_time INTEGER, actor_name TEXT)"
        );
        schedule.execute_batch(&format!("{table} WITHOUT ROWID")).unwrap();
        let connection = Connection::open(folder.join(format!("{object}.sqlite"))).unwrap();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.execute_batch(concat!("CREATE", " TABLE word (word TEXT)")).unwrap();
        set_alarm(&Database::open(&folder.join(format!("{object}.sqlite"))).unwrap(), Millis::from_millis(7))
            .unwrap();
        for word in words {
            connection.execute(concat!("INSERT", " INTO word VALUES (?1)"), [word]).unwrap();
        }
        connection
    }

    fn size(&self, class: &str, object: &str) -> u64 {
        fs::metadata(self.data().join("objects").join(class).join(format!("{object}.sqlite"))).unwrap().len()
    }

    /// A backup, begun a moment after the one before.
    fn back_up(&self) -> Done {
        let archive = Archive::new(&self.archive(), Key::read(&self.key()).unwrap());
        let count = u32::try_from(archive.names().unwrap().len()).unwrap();
        back_up(&self.data(), &archive, now() + Duration::from_secs(10) * count).unwrap()
    }

    fn restore(&self, at: Option<&str>) -> Result<Restored, Error> {
        let source = Source { from: self.archive(), key: self.key(), at: at.map(ToOwned::to_owned) };
        restore(&source, None, &self.restored())
    }

    fn words(&self, class: &str, object: &str) -> Vec<String> {
        let path = self.restored().join("objects").join(class).join(format!("{object}.sqlite"));
        let connection = Connection::open(path).unwrap();
        let mut statement = connection.prepare(concat!("SELECT", " word FROM word ORDER BY rowid")).unwrap();
        statement.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    fn sealed(&self, kind: &str) -> usize {
        walk(&self.archive().join(kind)).len()
    }
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() { files.extend(walk(&entry.path())) } else { files.push(entry.path()) }
    }
    files
}

#[test]
fn times_of_files_that_just_changed_prove_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sqlite");
    fs::write(&path, "x").unwrap();
    let written: SystemTime = fs::metadata(&path).unwrap().modified().unwrap();
    assert_eq!(snapshot::state(&path, written + Duration::from_secs(1)), None);
    assert!(snapshot::state(&path, written + Duration::from_secs(2)).is_some());
}

/// A conversation object, a desk and a register as the service has them, each with a word of a conversation.
fn with_words(scene: &Scene) {
    let person = "ab".repeat(32);
    scene.database("info-cig-conversation", &person, &[]);
    scene.database("info-cig-desk", OBJECT, &[]);
    scene.database("info-cig-register", OBJECT, &[]);
    let open = |class: &str, object: &str| {
        let path = scene.data().join("objects").join(class).join(format!("{object}.sqlite"));
        (Connection::open(&path).unwrap(), Database::open(&path).unwrap())
    };
    let nothing = Restoration { taken: Millis::from_millis(0), restored: Millis::from_millis(0) };
    let (conversation, migrated) = open("info-cig-conversation", &person);
    mark_conversations(&migrated, nothing).unwrap();
    let rows = concat!(
        "INSERT",
        " INTO conversation (ordinal, queue, person, subject, segnalazioni, phase, closing) \
         VALUES (3, 'q', 'WORD-card', '', '[]', '{\"closed\":{}}', ''), (4, 'q', 'KEPT-card', '', '[]', '{\"closed\":{}}', '');",
        "INSERT",
        " INTO entry (place, at, body) VALUES ((3 << 32) + 1, 0, 'WORD-entry'), ((4 << 32) + 1, 0, 'KEPT-entry')"
    );
    conversation.execute_batch(rows).unwrap();
    let (desk, migrated) = open("info-cig-desk", OBJECT);
    mark_desk(&migrated, nothing).unwrap();
    let insert = concat!("INSERT", " INTO");
    for (ordinal, word) in [(3, "WORD"), (34, "KEPT")] {
        let rows = format!(
            "{insert} note (conversation, id, body) VALUES ('{person}-{ordinal}', 'n', '{word}-note'); \
             {insert} block (conversation, body) VALUES ('{person}-{ordinal}', '{word}-block');"
        );
        desk.execute_batch(&rows).unwrap();
        for database in [&desk, &conversation] {
            let about = format!("{{\"conversation\":\"{person}-{ordinal}\",\"text\":\"{word}-letter\"}}");
            let letter = format!(
                "{insert} dead_letter (id, destination, notification, attempts, reason, at) \
                 VALUES ({ordinal}, 'register', '{about}', 1, 'refused', 0)"
            );
            database.execute_batch(&letter).unwrap();
        }
    }
}

/// The service erases one conversation, and says so in the register.
fn erase_in_the_service(scene: &Scene, at: i64) {
    let person = "ab".repeat(32);
    let open = |class: &str, object: &str| {
        Connection::open(scene.data().join("objects").join(class).join(format!("{object}.sqlite"))).unwrap()
    };
    let delete = concat!(
        "DELETE",
        " FROM conversation WHERE ordinal = 3; ",
        "DELETE",
        " FROM entry WHERE place < 4 << 32"
    );
    open("info-cig-conversation", &person).execute_batch(delete).unwrap();
    open("info-cig-desk", OBJECT)
        .execute_batch(concat!("DELETE", " FROM note WHERE body LIKE 'WORD%'"))
        .unwrap();
    let register = open("info-cig-register", OBJECT);
    let table = concat!(
        "CREATE",
        " TABLE IF NOT EXISTS erased (number INTEGER PRIMARY KEY, at INTEGER, object TEXT, ordinal INTEGER)"
    );
    register.execute_batch(table).unwrap();
    register
        .execute(concat!("INSERT", " INTO erased (at, object, ordinal) VALUES (?1, ?2, 3)"), (at, person))
        .unwrap();
}

fn has(folder: &Path, word: &str) -> bool {
    walk(folder)
        .iter()
        .any(|file| fs::read(file).unwrap().windows(word.len()).any(|bytes| bytes == word.as_bytes()))
}

fn millis(at: SystemTime) -> i64 {
    i64::try_from(at.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

#[test]
fn what_was_erased_is_in_no_backup_of_before_and_everything_else_is() {
    let scene = Scene::new();
    with_words(&scene);
    let first = scene.back_up().name;
    erase_in_the_service(&scene, millis(now() + Duration::from_secs(5)));
    scene.back_up();

    scene.restore(Some(&first)).unwrap();

    for word in ["WORD-card", "WORD-entry", "WORD-note", "WORD-block", "WORD-letter"] {
        assert!(!has(&scene.restored(), word), "{word}");
    }
    for word in ["KEPT-card", "KEPT-entry", "KEPT-note", "KEPT-block", "KEPT-letter"] {
        assert!(has(&scene.restored(), word), "{word}");
    }
    let archive = Archive::new(&scene.archive(), Key::read(&scene.key()).unwrap());
    let named: usize =
        archive.names().unwrap().iter().map(|name| archive.manifest(name).unwrap().files.len()).sum();
    assert!(scene.sealed("contents") <= named, "contents of before are gone");
}

#[test]
fn a_copy_of_the_archive_that_nobody_could_change_is_cleaned_when_it_is_restored() {
    let scene = Scene::new();
    with_words(&scene);
    scene.back_up();
    let copy = scene.folder.path().join("immutable");
    copy_folder(&scene.archive(), &copy);
    erase_in_the_service(&scene, millis(now() + Duration::from_secs(5)));
    scene.back_up();

    let source = Source { from: copy, key: scene.key(), at: None };
    restore(&source, Some(&scene.archive()), &scene.restored()).unwrap();

    assert!(!has(&scene.restored(), "WORD-entry") && !has(&scene.restored(), "WORD-note"));
    assert!(has(&scene.restored(), "KEPT-entry"));
}

fn copy_folder(from: &Path, to: &Path) {
    for file in walk(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&file, target).unwrap();
    }
}
