// SPDX-License-Identifier: EUPL-1.2
//! The 110 Italian territorial units of 2026, found by any ISTAT code they have or had.
//!
//! A metropolitan city has two codes (Milano 015 and 215). Units abolished or renumbered in Sardinia keep their former
//! codes as aliases where one unit of today succeeds them; the former Sud Sardegna (111) was split and names nobody.

use std::{collections::BTreeMap, sync::LazyLock};

use infocig_protocol::desk::ProvinceName;

/// One territorial unit (province, metropolitan city, free consortium).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Province {
    /// ISTAT code of the province: three digits, unique.
    pub code: &'static str,
    /// ISTAT code of the supra-municipal unit; differs from `code` for metropolitan cities.
    pub uts: &'static str,
    /// Italian name.
    pub name: &'static str,
    /// Italian name of its region.
    pub region: &'static str,
}

impl Province {
    /// The unit known by this ISTAT code: today's, a metropolitan city's second one, or a former one.
    pub fn by_code(code: &str) -> Option<Self> {
        BY_CODE.get(code).copied()
    }
}

/// Every unit by its name, for people to choose from.
pub fn by_name() -> Vec<ProvinceName> {
    let named = |one: Province| ProvinceName { code: one.code.into(), name: one.name.into() };
    let mut provinces: Vec<ProvinceName> = all().map(named).collect();
    provinces.sort_by(|a, b| a.name.cmp(&b.name));
    provinces
}

/// Every unit, in the order of ISTAT's list.
pub fn all() -> impl Iterator<Item = Province> {
    TABLE.lines().skip(1).filter_map(|line| {
        let columns: Vec<&'static str> = line.split(',').collect();
        match columns.as_slice() {
            [_, name, code, uts, _, region, ..] => Some(Province { code, uts, name, region }),
            _ => None,
        }
    })
}

/// Read from the table once: desks ask for every person and every advisor.
static BY_CODE: LazyLock<BTreeMap<&str, Province>> = LazyLock::new(|| {
    let of_today = |province: Province| [(province.uts, province), (province.code, province)];
    let mut by_code: BTreeMap<&str, Province> = all().flat_map(of_today).collect();
    for (former, today) in FORMER_CODES {
        if let Some(province) = by_code.get(today).copied() {
            by_code.insert(former, province);
        }
    }
    by_code
});

/// `sigla,denominazione,cod_istat_storico,cod_uts,citta_metropolitana,regione,sigla_verificata`.
const TABLE: &str = include_str!("../data/province.csv");

/// Codes that named a unit before today's numbering, and the unit that succeeds it.
///
/// Sardinia was renumbered on 1 January 2026 (L.R. 7/2021, ISTAT): Sassari 090, Nuoro 091, Cagliari 092, Oristano 095
/// and the provinces of 2005 to 2016 (104 Olbia-Tempio, 105 Ogliastra, 106 Medio Campidano, 107 Carbonia-Iglesias).
const FORMER_CODES: [(&str, &str); 9] = [
    ("090", "112"),
    ("091", "114"),
    ("092", "118"),
    ("292", "118"),
    ("095", "115"),
    ("104", "113"),
    ("105", "116"),
    ("106", "117"),
    ("107", "119"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_110_units_and_every_line_of_the_table_is_one() {
        assert_eq!(all().count(), 110);
        assert_eq!(TABLE.lines().filter(|line| !line.is_empty()).count(), 111);
    }

    #[test]
    fn every_code_is_three_digits_and_names_one_unit() {
        let mut codes: Vec<&str> =
            all().flat_map(|p| if p.code == p.uts { [p.code, ""] } else { [p.code, p.uts] }).collect();
        codes.extend(FORMER_CODES.iter().map(|(former, _)| *former));
        codes.retain(|code| !code.is_empty());
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();

        assert_eq!(codes.len(), count);
        assert!(codes.iter().all(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_digit())));
    }

    #[test]
    fn a_metropolitan_city_is_found_by_both_its_codes() {
        assert_eq!(Province::by_code("015").map(|p| p.name), Some("Milano"));
        assert_eq!(Province::by_code("215"), Province::by_code("015"));
    }

    #[test]
    fn a_former_code_resolves_to_the_unit_that_succeeds_it() {
        for (former, today) in FORMER_CODES {
            let province = Province::by_code(former);
            assert_eq!(province.map(|p| p.code), Some(today), "{former}");
        }
    }

    #[test]
    fn the_split_province_of_sud_sardegna_names_nobody() {
        assert_eq!(Province::by_code("111"), None);
    }

    #[test]
    fn a_code_nobody_has_names_nobody() {
        for wrong in ["", "000", "999", "15", "MI", "0150"] {
            assert_eq!(Province::by_code(wrong), None, "{wrong}");
        }
    }
}
