// SPDX-License-Identifier: EUPL-1.2
//! `docs/tour.md` follows a message through the code. Every step is a link whose text names an item and whose target is the
//! file that defines it: ``[`Session::post`](../client/src/session.rs)``. A link that leads nowhere fails here, and so does one of
//! the documents for administrations, whose claims rest on the tests they link.
//!
//! The rule: the target, relative to the document, is a file of the repository. In a Rust file the last segment of the
//! text is defined there, as a function, a type, a trait, a constant, a static, a module or a macro; a segment before
//! it that begins with a capital letter is defined there too, or has an `impl` there.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail like tests do")]

use std::fs;
use std::path::{Component, Path, PathBuf};

const TOUR: &str = "docs/tour.md";

/// Documents that link tests and code as the tour does, and how many such links each has at least.
const CLAIMS: [(&str, usize); 7] = [
    ("docs/accessibility-declaration.md", 10),
    ("docs/conformity.md", 60),
    ("docs/faults.md", 15),
    ("docs/gdpr.md", 30),
    ("docs/incidents.md", 10),
    ("docs/integrators.md", 10),
    ("README.it.md", 0),
];

#[test]
fn every_step_of_the_tour_is_where_its_link_leads() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let tour = fs::read_to_string(root.join(TOUR)).unwrap();

    let broken = broken_links(&tour, Path::new(TOUR), |path| fs::read_to_string(root.join(path)).ok());

    assert!(broken.is_empty(), "{TOUR} has links that lead nowhere:\n{}", broken.join("\n"));
    assert!(links(&tour).filter(|(_, link)| is_rust(link.target)).count() >= 2, "the tour has no steps");
}

#[test]
fn what_administrations_are_told_rests_on_tests_and_code_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for (document, least) in CLAIMS {
        let text = fs::read_to_string(root.join(document)).unwrap();

        // A folder is there too, for the links of a README.
        let read = |path: &Path| {
            let path = root.join(path);
            if path.is_dir() {
                Some(String::new())
            } else {
                fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            }
        };
        let broken = broken_links(&text, Path::new(document), read);

        assert!(broken.is_empty(), "{document} has links that lead nowhere:\n{}", broken.join("\n"));
        let found = links(&text).filter(|(_, link)| is_rust(link.target)).count();
        assert!(found >= least, "{document} has {found} links to Rust");
    }
}

#[test]
fn a_link_to_an_item_of_its_file_is_right() {
    for text in [
        "`Session::post`",
        "`post`",
        "`Session`",
        "`Session::new`",
        "`Ready`",
        "`LIMIT`",
        "`names!`",
        "`wire::read`",
        "`send`",
        "`Driver::start`",
    ] {
        check(text, "../client/src/session.rs", &[]);
    }
}

#[test]
fn a_link_to_something_else_is_found() {
    for (text, missing) in [
        ("`Session::pos`", "pos"),
        ("`ost`", "ost"),
        ("`posted`", "posted"),
        ("`Line::post`", "Line"),
        ("`said`", "said"),
    ] {
        let expected = format!("docs/tour.md:1: `{missing}` is not defined in client/src/session.rs");
        check(text, "../client/src/session.rs", &[expected]);
    }
    for text in ["the session", "`post` and `new`", "`post` first"] {
        let expected = "docs/tour.md:1: the text of a link to Rust is one name in backticks";
        check(text, "../client/src/session.rs", &[expected.to_owned()]);
    }
    check("`post`", "../client/src/gone.rs", &["docs/tour.md:1: there is no client/src/gone.rs".to_owned()]);
    check(
        "`post`",
        "../../outside.rs",
        &["docs/tour.md:1: ../../outside.rs leaves the repository".to_owned()],
    );
}

#[test]
fn other_links_need_a_file_or_lead_elsewhere() {
    check("a page", "https://example.org/post.rs", &[]);
    check("below", "#later", &[]);
    check("the frames", "PROTOCOL.md", &[]);
    check("the frames", "PROTOCOL.md#frames", &[]);
    check("the frames", "FRAMES.md", &["docs/tour.md:1: there is no docs/FRAMES.md".to_owned()]);
}

#[test]
fn every_link_of_a_line_counts_and_code_is_no_link() {
    let tour = "First [`post`](../a.rs), then [`gone`](../a.rs).\n\n    [`x`](../b.rs)\n```\n[`x`](../b.rs)\n```\n[`y`](../b.rs)\n";
    let read = |path: &Path| (path == Path::new("a.rs")).then(|| "fn post() {}".to_owned());

    let broken = broken_links(tour, Path::new(TOUR), read);

    assert_eq!(broken, ["docs/tour.md:1: `gone` is not defined in a.rs", "docs/tour.md:7: there is no b.rs"]);
}

#[track_caller]
fn check(text: &str, target: &str, expected: &[String]) {
    let session = "\
pub struct Session<T> { ready: bool }
enum Ready { Said }
pub(crate) const LIMIT: usize = 1;
macro_rules! names { () => {} }
mod wire { pub fn read() {} }
// fn said() comes later.
impl<T> Session<T> {
    pub fn new() -> Self {}
    pub(crate) async fn post<'a>(&'a self) {}
}
impl fmt::Display for Driver { const fn start() {} }
trait Transport { fn send(&self); }
";
    let read = |path: &Path| match path.to_str() {
        Some("client/src/session.rs") => Some(session.to_owned()),
        Some("docs/PROTOCOL.md") => Some(String::new()),
        _ => None,
    };
    let tour = format!("[{text}]({target})\n");
    assert_eq!(broken_links(&tour, Path::new(TOUR), read), expected, "{tour}");
}

/// The links of `markdown` that lead nowhere, one sentence each. `read` returns the text of a file of the repository, whose
/// path is relative to its root, as is that of the document.
fn broken_links(markdown: &str, document: &Path, read: impl Fn(&Path) -> Option<String>) -> Vec<String> {
    let wrong = |(line, link): (usize, Link<'_>)| {
        let reason = wrong_with(&link, document, &read)?;
        Some(format!("{}:{line}: {reason}", document.display()))
    };
    links(markdown).filter_map(wrong).collect()
}

fn wrong_with(link: &Link<'_>, document: &Path, read: impl Fn(&Path) -> Option<String>) -> Option<String> {
    let target = link.target.split('#').next().unwrap_or_default();
    if target.is_empty() || target.contains("://") {
        return None;
    }
    let Some(path) = resolved(document, target) else {
        return Some(format!("{target} leaves the repository"));
    };
    let Some(source) = read(&path) else { return Some(format!("there is no {}", path.display())) };
    if !is_rust(target) {
        return None;
    }
    let name = link.text.strip_prefix('`').and_then(|text| text.strip_suffix('`'));
    let Some(name) = name.filter(|name| !name.contains('`')) else {
        return Some("the text of a link to Rust is one name in backticks".to_owned());
    };
    let mut segments = name.trim_end_matches("()").trim_end_matches('!').rsplit("::");
    let item = segments.next().unwrap_or_default();
    let owner = segments.next().filter(|owner| owner.starts_with(|c: char| c.is_ascii_uppercase()));
    let missing = if defines(&source, item) {
        owner.filter(|owner| !defines(&source, owner) && !implements(&source, owner))?
    } else {
        item
    };
    Some(format!("`{missing}` is not defined in {}", path.display()))
}

/// A link of a document: `[text](target)`.
struct Link<'d> {
    text: &'d str,
    target: &'d str,
}

/// The links of a document with the numbers of their lines, without those in blocks of code.
fn links(markdown: &str) -> impl Iterator<Item = (usize, Link<'_>)> {
    let mut fenced = false;
    markdown.lines().enumerate().flat_map(move |(index, line)| {
        if line.starts_with("```") {
            fenced = !fenced;
        }
        let line = if fenced || line.starts_with("    ") { "" } else { line };
        line.match_indices("](").filter_map(move |(middle, _)| {
            let (before, after) = (line.get(..middle)?, line.get(middle + 2..)?);
            let text = before.rsplit_once('[')?.1;
            let target = after.split_once(')')?.0;
            Some((index + 1, Link { text, target }))
        })
    })
}

fn is_rust(target: &str) -> bool {
    Path::new(target.split('#').next().unwrap_or_default())
        .extension()
        .is_some_and(|extension| extension == "rs")
}

/// A target relative to the document, as a path relative to the root; `None` above the root.
fn resolved(document: &Path, target: &str) -> Option<PathBuf> {
    let mut path = document.parent().unwrap_or(document).to_owned();
    for component in Path::new(target).components() {
        match component {
            Component::ParentDir => {
                if !path.pop() {
                    return None;
                }
            }
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(path)
}

/// Whether a line of code, which is no comment, defines an item of that name.
fn defines(source: &str, name: &str) -> bool {
    const KINDS: [&str; 10] =
        ["fn", "struct", "enum", "trait", "type", "union", "const", "static", "mod", "macro_rules!"];
    code(source).any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.windows(2).any(|pair| KINDS.contains(&pair[0]) && starts_with_name(pair[1], name))
    })
}

/// Whether the source has an `impl` of that type.
fn implements(source: &str, name: &str) -> bool {
    code(source).any(|line| {
        line.trim_start().starts_with("impl")
            && line
                .match_indices(name)
                .any(|(at, _)| !line[..at].ends_with(is_of_a_name) && starts_with_name(&line[at..], name))
    })
}

fn code(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter(|line| !line.trim_start().starts_with("//"))
}

fn starts_with_name(text: &str, name: &str) -> bool {
    !name.is_empty() && text.strip_prefix(name).is_some_and(|rest| !rest.starts_with(is_of_a_name))
}

fn is_of_a_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}
