// SPDX-License-Identifier: EUPL-1.2
//! Tables as CSV (RFC 4180): commas, CRLF after every record, quotes where a cell needs them.
//!
//! Spreadsheets run a cell that begins like a formula, so such a cell gets an apostrophe in front (OWASP, *CSV injection*). A
//! plain number keeps its sign.

/// A table with its header. `bom` puts a byte order mark before it, by which spreadsheets recognise UTF-8.
pub fn write(header: &[&str], rows: &[Vec<String>], bom: bool) -> String {
    let mut out = String::from(if bom { "\u{feff}" } else { "" });
    record(header.iter().copied(), &mut out);
    for row in rows {
        record(row.iter().map(String::as_str), &mut out);
    }
    out
}

/// A cell that no spreadsheet runs: what [`write`] writes, quotes aside.
pub fn neutralised(cell: &str) -> String {
    if begins_like_a_formula(cell) && !is_plain_number(cell) { format!("'{cell}") } else { cell.into() }
}

fn record<'c>(cells: impl Iterator<Item = &'c str>, out: &mut String) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(',');
        }
        let cell = neutralised(cell);
        // An empty cell is quoted: a record of one empty cell would otherwise be an empty line, which readers skip. A semicolon
        // separates cells where the decimal sign is a comma.
        if cell.is_empty() || cell.contains([',', ';', '"', '\r', '\n', '\t']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

/// The full-width signs are read as signs by spreadsheets set to Chinese, Japanese or Korean.
fn begins_like_a_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// A sign at most, digits, and at most one decimal sign with digits on both sides.
fn is_plain_number(cell: &str) -> bool {
    let unsigned = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match unsigned.split_once(['.', ',']) {
        Some((whole, decimals)) => digits(whole) && digits(decimals),
        None => digits(unsigned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(cell: &str) -> String {
        write(&["h"], &[vec![cell.into()]], false)
    }

    #[test]
    fn records_end_in_crlf_and_cells_are_quoted_where_they_must() {
        let rows =
            [vec!["Milano".into(), "12".into()], vec!["say \"no\", twice\nor more".into(), String::new()]];
        let expected = "name,n\r\nMilano,12\r\n\"say \"\"no\"\", twice\nor more\",\"\"\r\n";
        assert_eq!(write(&["name", "n"], &rows, false), expected);
        assert_eq!(write(&["name", "n"], &rows, true), format!("\u{feff}{expected}"));
    }

    #[test]
    fn formulas_do_not_run_and_numbers_stay_numbers() {
        for formula in
            ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "-", "+1e3", "--1", "＝1"]
        {
            assert!(neutralised(formula).starts_with('\''), "{formula:?}");
        }
        for text in ["-12", "+3", "-0.5", "-1,25", "12", "a=b", "2026-11-30", "'quoted", ""] {
            assert_eq!(neutralised(text), text);
        }
        assert_eq!(
            one("=HYPERLINK(\"http://x\";\"y\")"),
            "h\r\n\"'=HYPERLINK(\"\"http://x\"\";\"\"y\"\")\"\r\n"
        );
    }

    proptest! {
        #[test]
        fn a_reader_finds_the_cells_that_were_written(
            rows in prop::collection::vec(prop::collection::vec("[=+@a;,\"'\r\n\t 0-9.è-]{0,6}|\\PC{0,4}", 3), 0..6),
            bom: bool,
        ) {
            let text = write(&["one", "two", "three"], &rows, bom);
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let read: Vec<Vec<String>> =
                reader.records().map(|record| record.unwrap().iter().map(Into::into).collect()).collect();

            let mut expected = vec![vec!["one".to_string(), "two".into(), "three".into()]];
            expected.extend(rows.iter().map(|row| row.iter().map(|cell| neutralised(cell)).collect::<Vec<_>>()));
            prop_assert_eq!(&read, &expected);
            let runs = |cell: &String| begins_like_a_formula(cell) && !is_plain_number(cell);
            prop_assert!(!read.iter().flatten().any(runs));
        }
    }
}
