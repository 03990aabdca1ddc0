// SPDX-License-Identifier: EUPL-1.2
//! Suppression against two attackers that share no code with it: one solves linear programs over all that is published, one
//! knows the rules and tries every table there is.

use std::collections::BTreeMap;

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use proptest::prelude::*;

use super::*;

/// Online, forwarded, answered otherwise, abandoned, not answered otherwise.
type Leaves = [u64; 5];

/// Which leaves make up each count of a row: entered, answered, online, forwarded, abandoned.
const COUNTS: [&[usize]; 5] = [&[0, 1, 2, 3, 4], &[0, 1, 2], &[0], &[1], &[3]];

fn counts(leaves: &Leaves) -> Counts {
    let [online, forwarded, other, abandoned, not_answered] = *leaves;
    let answered = online + forwarded + other;
    Counts { entered: answered + abandoned + not_answered, answered, online, forwarded, abandoned }
}

fn published(row: &Published) -> [Option<u64>; 5] {
    [row.entered, row.answered, row.online, row.forwarded, row.abandoned]
}

/// All linear equations a reader can write down. A solver is made for each question: it has no state to go wrong.
struct Attacker {
    /// Of the total, then of each row of each table.
    rows: Vec<Seen>,
    /// The rows of each table.
    tables: Vec<Vec<usize>>,
}

struct Seen {
    counts: [Option<u64>; 5],
    /// Zeros of a published table are published.
    is_not_zero: bool,
}

impl Attacker {
    fn new(release: &Release, sizes: &[usize]) -> Self {
        let mut rows = vec![Seen { counts: published(&release.total), is_not_zero: false }];
        let mut tables = Vec::new();
        for (table, size) in release.tables.iter().zip(sizes) {
            tables.push((rows.len()..rows.len() + size).collect());
            rows.extend((0..*size).map(|index| match table {
                Some(table) => {
                    Seen { counts: published(&table[index]), is_not_zero: table[index].entered.is_none() }
                }
                None => Seen { counts: [None; 5], is_not_zero: false },
            }));
        }
        Self { rows, tables }
    }

    /// The least and the greatest value a count can have.
    fn range(&self, row: usize, count: usize) -> (f64, f64) {
        let bound = |direction| {
            let mut problem = Problem::new(direction);
            let variables: Vec<Vec<Variable>> = (0..self.rows.len())
                .map(|at| {
                    let asked = |leaf| f64::from(u8::from(at == row && COUNTS[count].contains(&leaf)));
                    // Without an upper bound a withheld total would have none.
                    (0..5).map(|leaf| problem.add_var(asked(leaf), (0.0, 1e4))).collect()
                })
                .collect();
            for (seen, leaves) in self.rows.iter().zip(&variables) {
                let sum =
                    |count: usize| COUNTS[count].iter().map(|leaf| (leaves[*leaf], 1.0)).collect::<Vec<_>>();
                for (count, value) in seen.counts.iter().enumerate() {
                    if let Some(value) = value {
                        problem.add_constraint(
                            sum(count),
                            ComparisonOp::Eq,
                            f64::from(u32::try_from(*value).unwrap()),
                        );
                    }
                }
                if seen.is_not_zero {
                    problem.add_constraint(sum(0), ComparisonOp::Ge, 1.0);
                }
            }
            for table in &self.tables {
                for (leaf, total) in variables[0].iter().enumerate() {
                    let mut sum: Vec<(Variable, f64)> =
                        table.iter().map(|row| (variables[*row][leaf], 1.0)).collect();
                    sum.push((*total, -1.0));
                    problem.add_constraint(sum, ComparisonOp::Eq, 0.0);
                }
            }
            problem.solve().unwrap().into_solution().unwrap().objective().round()
        };
        (bound(OptimizationDirection::Minimize), bound(OptimizationDirection::Maximize))
    }

    /// The first withheld count that can be bounded to fewer than so many values.
    fn finds(&self, threshold: u32) -> Option<String> {
        // A zero of all is a zero of each, and about nobody.
        let of_all = self.rows[0].counts;
        for (row, seen) in self.rows.iter().enumerate() {
            for count in (0..5).filter(|count| seen.counts[*count].is_none() && of_all[*count] != Some(0)) {
                let (least, greatest) = self.range(row, count);
                if greatest - least + 1.0 < f64::from(threshold) {
                    return Some(format!("row {row}, count {count}: {least} to {greatest}"));
                }
            }
        }
        None
    }
}

/// Conversations: what became of each, and its row in two tables.
fn conversations() -> impl Strategy<Value = Vec<(usize, usize, usize)>> {
    let leaf = |weights: [u32; 5]| {
        let weighted = weights.into_iter().enumerate().map(|(leaf, weight)| (weight, Just(leaf))).collect();
        prop::strategy::Union::new_weighted(weighted)
    };
    let weights = prop::array::uniform5(prop_oneof![Just(1), Just(4), Just(40)]);
    let row = || prop_oneof![20 => Just(0usize), 8 => Just(1), 4 => Just(2), 2 => Just(3), 1 => Just(4)];
    (weights, 0usize..160)
        .prop_flat_map(move |(weights, n)| prop::collection::vec((leaf(weights), row(), row()), n..=n))
}

fn tally(conversations: &[(usize, usize, usize)]) -> (Counts, Vec<Vec<Counts>>) {
    let mut tables = [[[0; 5]; 5]; 2];
    for (leaf, one, two) in conversations {
        tables[0][*one][*leaf] += 1;
        tables[1][*two][*leaf] += 1;
    }
    let tables: Vec<Vec<Counts>> = tables.iter().map(|rows| rows.iter().map(counts).collect()).collect();
    (Counts::sum(&tables[0]), tables)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn nobody_can_compute_a_withheld_count(conversations in conversations(), threshold in 3u32..=6) {
        let (total, tables) = tally(&conversations);
        let release = release(&total, &tables, threshold);
        prop_assert_eq!(Attacker::new(&release, &[5, 5]).finds(threshold), None, "{:?}", release);
    }

    #[test]
    fn published_figures_are_true_and_never_small(conversations in conversations(), threshold in 3u32..=6) {
        let (total, tables) = tally(&conversations);
        let release = release(&total, &tables, threshold);
        let rows = tables.iter().zip(&release.tables).flat_map(|(rows, table)| rows.iter().zip(table.iter().flatten()));
        for (row, seen) in rows.chain([(&total, &release.total)]) {
            let all = Known { entered: true, parts: [true; 4] };
            for (count, value) in published(&row.publish(all)).into_iter().zip(published(seen)) {
                prop_assert!(value.is_none() || value == count);
                prop_assert!(!value.is_some_and(|value| is_small(value, threshold.into())));
            }
            // The numbers a reader computes inside a row: the two halves of every known whole.
            for (whole, part) in [(seen.entered, seen.answered), (seen.answered, seen.online)] {
                if let (Some(whole), Some(part)) = (whole, part) {
                    prop_assert!(!is_small(whole - part, threshold.into()));
                }
            }
        }
    }
}

/// Every way to write `sum` as so many counts.
fn all_tables(rows: usize, sum: u64) -> Vec<Vec<u64>> {
    if rows == 1 {
        return vec![vec![sum]];
    }
    let with = |first: u64| {
        all_tables(rows - 1, sum - first).into_iter().map(move |rest| [vec![first], rest].concat())
    };
    (0..=sum).flat_map(with).collect()
}

#[test]
fn nor_can_somebody_who_knows_the_rules_and_tries_every_table() {
    for (threshold, rows, sums) in
        [(3, 2, 3..30), (3, 3, 3..22), (3, 4, 9..18), (3, 5, 12..15), (5, 3, 15..30), (4, 4, 14..18)]
    {
        for sum in sums {
            let mut by_release: BTreeMap<Option<Vec<Option<u64>>>, Vec<Vec<u64>>> = BTreeMap::new();
            for table in all_tables(rows, sum) {
                let counted: Vec<Counts> = table.iter().map(|n| counts(&[*n, 0, 0, 0, 0])).collect();
                let release = release(&Counts::sum(&counted), &[counted], threshold);
                let seen =
                    release.tables[0].as_ref().map(|rows| rows.iter().map(|row| row.entered).collect());
                by_release.entry(seen).or_default().push(table);
            }
            for (seen, possible) in by_release {
                for row in (0..rows).filter(|row| seen.as_ref().is_none_or(|seen| seen[*row].is_none())) {
                    let values = || possible.iter().map(|table| table[row]);
                    let width = values().max().unwrap() - values().min().unwrap() + 1;
                    assert!(width >= threshold.into(), "{threshold} {sum} {seen:?}: {possible:?}");
                }
            }
        }
    }
}

#[test]
fn the_attacker_finds_the_counts_that_primary_suppression_alone_gives_away() {
    let rows = [[40, 2, 0, 6, 0], [50, 9, 0, 8, 0]].map(|row| counts(&row));
    let total = Counts::sum(&rows);
    let all = Known { entered: true, parts: [true; 4] };
    let naive = |forwarded: bool| {
        let first = Known { parts: [true, true, forwarded, true], ..all };
        Release {
            total: total.publish(all),
            tables: vec![Some(vec![rows[0].publish(first), rows[1].publish(all)])],
        }
    };
    assert_eq!(Attacker::new(&naive(true), &[2]).finds(3), None);
    assert_eq!(Attacker::new(&naive(false), &[2]).finds(3), Some("row 1, count 3: 2 to 2".into()));
}

#[test]
fn a_month_as_it_is_published() {
    let rows = [[620, 38, 12, 41, 0], [300, 14, 6, 22, 0], [410, 20, 9, 2, 0], [3, 0, 0, 0, 0]]
        .map(|row| counts(&row));
    let release = release(&Counts::sum(&rows), &[rows.to_vec()], 5);
    let table = release.tables[0].as_ref().unwrap();
    assert_eq!(release.total.entered, Some(1_497));
    // The fourth is small, and the smallest of the others hides it.
    assert_eq!(table.iter().map(|row| row.entered).collect::<Vec<_>>(), [Some(711), None, Some(441), None]);
    // The third has two abandonments: it hides behind those two, which are unknown anyway.
    assert_eq!(table.iter().map(|row| row.answered).collect::<Vec<_>>(), [Some(670), None, None, None]);
    assert_eq!(table[0].forwarded, Some(38));
}

#[test]
fn rare_things_are_unknown_of_the_total_and_of_each_row() {
    let rows = [[60, 0, 0, 2, 0], [70, 9, 0, 0, 0]].map(|row| counts(&row));
    let release = release(&Counts::sum(&rows), &[rows.to_vec()], 5);
    assert_eq!(release.total, Published { entered: Some(141), ..Published::default() });
    let table = release.tables[0].as_ref().unwrap();
    assert_eq!(table[1], Published { entered: Some(79), ..Published::default() });
}

#[test]
fn little_is_not_broken_down_and_less_is_not_even_told() {
    let some = |n| [[n, 0, 0, 0, 0], [0; 5]].map(|row| counts(&row)).to_vec();
    let of = |n| release(&Counts::sum(&some(n)), &[some(n)], 5);
    assert_eq!((of(0).total.entered, of(4).total.entered, of(5).total.entered), (None, None, Some(5)));
    assert_eq!(of(19).tables, [None]);
    assert_eq!(of(20).tables[0].as_ref().unwrap()[1].entered, Some(0));
    // Rows that are not the total's are an error of ours: nothing is said.
    assert_eq!(release(&counts(&[50, 0, 0, 0, 0]), &[some(49)], 5).tables, [None]);
}
