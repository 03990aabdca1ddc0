// SPDX-License-Identifier: EUPL-1.2
//! Charts: what is drawn, said and tabled, and that no text touches another.

use infocig_protocol::language::Language;
use proptest::prelude::*;

use super::*;

fn series(name: &str, values: &[u64]) -> Series {
    Series { name: name.into(), values: values.iter().copied().map(Value::Known).collect() }
}

fn labels<const N: usize>(labels: [&str; N]) -> Vec<String> {
    labels.into_iter().map(Into::into).collect()
}

fn chart<'c>(over: Over, labels: &'c [String], now: &'c Series, before: Option<&'c Series>) -> Chart<'c> {
    let language = Language::It;
    Chart {
        id: "c",
        title: "Richieste",
        finding: None,
        over,
        labels,
        now,
        before,
        unit: Unit::Count,
        language,
    }
}

/// Values of an attribute, in order.
fn all<'h>(html: &'h str, attribute: &str) -> Vec<&'h str> {
    let mark = format!(" {attribute}=\"");
    html.split(mark.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn drawing(html: &str) -> &str {
    let from = html.find("<svg role=\"img\"").unwrap();
    let to = html.rfind("</svg>").unwrap();
    &html[from..to]
}

#[test]
fn a_chart_is_a_figure_with_its_finding_an_image_with_a_name_and_the_same_numbers_as_a_table() {
    let labels = labels(["Lavoratore", "Consulente"]);
    let (now, before) = (series("novembre 2026", &[1_200, 300]), series("ottobre 2026", &[1_000, 250]));
    let html = chart(Over::Categories, &labels, &now, Some(&before)).to_html();

    let finding = "In tutto 1.500, il 20\u{a0}% in più rispetto al periodo precedente (1.250). Il valore più alto è Lavoratore: 1.200.";
    assert!(html.contains(&format!("<figcaption>{finding}</figcaption>")), "{html}");
    assert!(
        html.contains("aria-labelledby=\"c-title c-desc\"")
            && html.contains("<title id=\"c-title\">Richieste</title>")
    );
    assert!(html.contains(&format!("<desc id=\"c-desc\">{finding}</desc>")));
    assert!(html.contains("<caption>Richieste</caption>") && !html.contains("<details>"));
    assert!(html.contains("<th scope=\"row\">Lavoratore</th><td>1.200</td><td>1.000</td>"));
    assert!(!html.contains("style="), "a strict policy forbids inline style");
    // The range before differs by more than its colour.
    assert!(html.contains("fill=\"url(#c-hatching)\"") && html.contains("<pattern id=\"c-hatching\""));
}

#[test]
fn the_range_before_is_dashed_over_days_and_a_gap_is_no_zero() {
    let labels = labels(["2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05"]);
    let mut now = series("now", &[80, 90, 0, 70]);
    now.values[2] = Value::Withheld;
    let before = series("before", &[70, 80, 60, 75]);
    let html = chart(Over::Days, &labels, &now, Some(&before)).to_html();
    let drawing = drawing(&html);

    assert_eq!(all(drawing, "stroke-dasharray"), ["6 4"]);
    assert_eq!(all(drawing, "points"), ["0,300 333,200 666,400 1000,250", "0,200 333,100", "1000,300"]);
    assert!(html.contains("<td>non pubblicato</td>"), "{html}");
    assert!(
        html.contains("Valori non pubblicati perché riguardano poche persone, o per proteggere quelli: 1.")
    );
    assert!(!html.contains("In tutto"), "a sum would give the withheld value away");
    assert!(html.contains("Il valore più alto è 3 novembre 2026: 90."));
    assert!(drawing.contains(">2 nov<") && drawing.contains(">5 nov<"));
}

#[test]
fn nothing_zero_and_one_value_are_said_in_words() {
    let (none, one) = (Vec::new(), labels(["2026-11-02"]));
    let empty = series("now", &[]);
    let html = chart(Over::Days, &none, &empty, None).to_html();
    assert!(html.contains("Non ci sono dati.") && !html.contains("<svg") && !html.contains("<table"));

    let zero = series("now", &[0]);
    let html = chart(Over::Days, &one, &zero, None).to_html();
    assert!(html.contains("<figcaption>2 novembre 2026: 0.</figcaption>"), "{html}");
    assert_eq!(all(&html, "d"), ["M500 1000h.01"]);

    let zeros = labels(["a", "b"]);
    let html = chart(Over::Categories, &zeros, &series("now", &[0, 0]), None).to_html();
    assert!(html.contains("<figcaption>In tutto 0.</figcaption>") && !html.contains("class=\"chart-now\""));
}

#[test]
fn names_become_no_markup_and_no_part_of_an_address() {
    let labels = labels(["<script>alert(1)</script>"]);
    let now = series("\"><b>", &[1]);
    let html = Chart { id: "a\"b) c", ..chart(Over::Categories, &labels, &now, Some(&now)) }.to_html();
    assert!(!html.contains("<script") && !html.contains("<b>") && html.contains("id=\"abc-title\""));
}

#[test]
fn a_hundred_provinces_are_so_many_rows_below_each_other() {
    let labels: Vec<String> =
        (0..110).map(|n| format!("Provincia con un nome che non finisce mai, la {n}")).collect();
    let now = series("now", &(0..110).map(|n| n * 7).collect::<Vec<_>>());
    let html = chart(Over::Categories, &labels, &now, Some(&now)).to_html();
    let texts: Vec<u64> = drawing(&html)
        .split("<text class=\"chart-label\" x=\"0\" y=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next()?.parse().ok())
        .collect();
    assert_eq!(texts.len(), 110);
    assert!(texts.windows(2).all(|pair| pair[1] - pair[0] == 64));
    assert!(drawing(&html).starts_with(&format!(
        "<svg role=\"img\" class=\"chart-drawing\" width=\"100%\" height=\"{}\"",
        64 * 110
    )));
    assert!(drawing(&html).contains(">Provincia con un nome che non fin…<"));
    assert!(
        html.contains("<details>")
            && html.contains("<th scope=\"row\">Provincia con un nome che non finisce mai, la 109</th>")
    );
}

#[test]
fn every_element_of_a_drawing_has_its_end() {
    let labels = labels(["2026-11-02", "2026-11-03"]);
    let now = series("now", &[1, 2]);
    for over in [Over::Categories, Over::Days] {
        let html = chart(over, &labels, &now, Some(&now)).to_html();
        let mut open = Vec::new();
        for tag in html.split('<').skip(1) {
            let name = tag.split([' ', '>']).next().unwrap();
            match name.strip_prefix('/') {
                Some(ended) => assert_eq!(open.pop(), Some(ended), "{html}"),
                None => open.push(name),
            }
        }
        assert!(open.is_empty());
    }
}

#[test]
fn every_language_has_all_words_and_the_same_places() {
    let places = |text: &str| text.matches("{}").count();
    for language in Language::ALL {
        let (words, italian) = (Words::of(language), Words::of(Language::It));
        for (text, model) in words.sentences().into_iter().zip(italian.sentences()) {
            assert!(!text.is_empty() && places(text) == places(model), "{language:?}: {text}");
        }
    }
}

proptest! {
    #[test]
    fn no_text_touches_another_at_the_narrowest(
        values in prop::collection::vec(prop_oneof![0..3_u64, 0..100_000_u64, any::<u64>()], 0..70),
        before in prop::option::of(prop::collection::vec(any::<u64>(), 0..70)),
        unit in prop_oneof![Just(Unit::Count), Just(Unit::Seconds), Just(Unit::Thousandths)],
        days: bool, language in 0_usize..5,
    ) {
        let labels: Vec<String> = (0..values.len()).map(|n| format!("2026-{:02}-{:02}", n / 28 + 1, n % 28 + 1)).collect();
        let fits = |value: u64| if unit == Unit::Thousandths { value % 1_001 } else { value };
        let values: Vec<u64> = values.into_iter().map(fits).collect();
        let over = if days { Over::Days } else { Over::Categories };
        let language = Language::ALL[language];
        let before = before.map(|values| series("before", &values.into_iter().map(fits).collect::<Vec<_>>()));
        let now = series("now", &values);
        let html = Chart { unit, language, ..chart(over, &labels, &now, before.as_ref()) }.to_html();
        // 6.2 px a character of 13 px, in a drawing of 288 px.
        let room = if days { 22.0 - 2.0 } else { 100.0 - 64.0 } * 2.88;
        for text in html.split("text-anchor=\"end\"").skip(1) {
            let text = text.split(['>', '<']).nth(1).unwrap_or_default().trim();
            let width = f64::from(u32::try_from(text.chars().count()).unwrap()) * 6.2;
            let is_date = days && text.contains(|c: char| c.is_alphabetic()) && !text.contains('\u{a0}') && !text.contains('e');
            prop_assert!(width <= room || is_date, "{} in {}", text, room);
        }
        for bar in html.split("<rect class=\"chart-").skip(1).filter(|bar| bar.starts_with("now\" x")) {
            let width = all(bar, "width").first().and_then(|width| width.strip_suffix('%')?.parse::<f64>().ok());
            prop_assert!(width.is_some_and(|width| (0.5..=64.0).contains(&width)));
        }
    }
}
