// SPDX-License-Identifier: EUPL-1.2
//! The people who can sign in, and the companies they act for. All of them are invented.
//!
//! Their ids are stable, so that a person finds their conversation again after a restart.

use infocig_protocol::{
    language::Language,
    person::{Category, Credential, EntryPoint},
    skill::Skill,
};

/// A province, by its ISTAT code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Province {
    /// Three digits, for example `058`.
    pub code: &'static str,
    /// The name as shown.
    pub name: &'static str,
}

/// A company people act for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Company {
    /// The INPS number of the company: ten digits.
    pub matricola: &'static str,
    /// The company's name.
    pub name: &'static str,
    /// The province of its registered office, which decides for the employer side.
    pub province: Province,
}

/// A person with a question: a worker, or a person who acts for a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// The value of this person in the sign-in form.
    pub id: &'static str,
    /// The pairwise subject identifier: used for INFO CIG only.
    pub subject: &'static str,
    /// Given name.
    pub given_name: &'static str,
    /// Family name.
    pub family_name: &'static str,
    /// The category in which they enter.
    pub category: Category,
    /// The credential of their sign-in.
    pub credential: Credential,
    /// The province of their residence.
    pub residence: Province,
    /// The companies they may act for: none for workers, several for an intermediary.
    pub companies: &'static [Company],
    /// The person they represent, if they do not enter for themselves.
    pub represents: Option<&'static Self>,
    /// The text below the name on the sign-in card.
    pub label: &'static str,
}

/// An advisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advisor {
    /// The value of this advisor in the sign-in form.
    pub id: &'static str,
    /// The subject identifier for the desk.
    pub subject: &'static str,
    /// The name shown in the chat.
    pub name: &'static str,
    /// The role at the desk.
    pub role: DeskRole,
    /// The languages they answer in; an empty list is Italian.
    pub languages: &'static [Language],
    /// Their skills; an empty list is all of them.
    pub skills: &'static [Skill],
    /// The provinces they are responsible for; an empty list is all of Italy.
    pub provinces: &'static [Province],
    /// The text below the name on the sign-in card.
    pub label: &'static str,
}

/// A role of the staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskRole {
    /// Answers conversations.
    Advisor,
    /// Supervises the desk.
    Supervisor,
    /// Changes the rules, and answers nobody.
    Administrator,
    /// Reads who did what, and answers nobody.
    Auditor,
    /// Erases, holds and copies what is about people, and answers nobody.
    DataProtectionOfficer,
}

impl Person {
    /// The person with that id, if there is one.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        PEOPLE.iter().find(|person| person.id == id)
    }

    /// Given and family name.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }

    /// The company with that number, if this person may act for it.
    pub fn company(&self, matricola: &str) -> Option<&'static Company> {
        self.companies.iter().find(|company| company.matricola == matricola)
    }

    /// The province that decides about admission: of the registered office of the company they act for, else of the residence of
    /// the person they represent, or of their own.
    pub fn province(&self, company: Option<&Company>) -> Province {
        company.map_or(self.represents.unwrap_or(self).residence, |company| company.province)
    }

    /// The portal where this person finds INFO CIG.
    pub const fn portal(&self) -> EntryPoint {
        match self.category {
            Category::Lavoratore => EntryPoint::Myinps,
            Category::Titolare | Category::RappresentanteLegale | Category::Consulente => {
                EntryPoint::CassettoPrevidenziale
            }
        }
    }
}

impl Advisor {
    /// The advisor with that id, if there is one.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        ADVISORS.iter().find(|advisor| advisor.id == id)
    }
}

impl DeskRole {
    /// The value in the advisor token.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Advisor => "advisor",
            Self::Supervisor => "supervisor",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
            Self::DataProtectionOfficer => "data-protection-officer",
        }
    }
}

const ROMA: Province = Province { code: "058", name: "Roma" };
const NAPOLI: Province = Province { code: "063", name: "Napoli" };
const MILANO: Province = Province { code: "015", name: "Milano" };
const TORINO: Province = Province { code: "001", name: "Torino" };

/// Enters for himself, and is represented by another person.
const CARMINE: Person = Person {
    id: "worker-napoli",
    subject: "p-17d2ab5e603c49f8",
    given_name: "Carmine",
    family_name: "Improta",
    category: Category::Lavoratore,
    credential: Credential::Cie,
    residence: NAPOLI,
    companies: &[],
    represents: None,
    label: "Lavoratore, vive a Napoli. Entra con CIE 3.0.",
};

/// Every person with a question.
pub const PEOPLE: &[Person] = &[
    Person {
        id: "worker-roma",
        subject: "p-8c41f0d97ab24e15",
        given_name: "Lucia",
        family_name: "Ferretti",
        category: Category::Lavoratore,
        credential: Credential::SpidL2,
        residence: ROMA,
        companies: &[],
        represents: None,
        label: "Lavoratrice, vive a Roma. Entra con SPID di livello 2.",
    },
    CARMINE,
    Person {
        id: "tutore-napoli",
        subject: "p-6ab91c3f50e7428d",
        given_name: "Assunta",
        family_name: "Esposito",
        category: Category::Lavoratore,
        credential: Credential::Cie,
        residence: ROMA,
        companies: &[],
        represents: Some(&CARMINE),
        label: "Amministratrice di sostegno di Carmine Improta, lavoratore, che vive a Napoli: agisce per lui. Entra con CIE 3.0.",
    },
    Person {
        id: "worker-spid1",
        subject: "p-e90b36c82f714da6",
        given_name: "Dario",
        family_name: "Moretti",
        category: Category::Lavoratore,
        credential: Credential::SpidL1,
        residence: ROMA,
        companies: &[],
        represents: None,
        label: "Lavoratore, vive a Roma. Entra con SPID di livello 1, che per INFO CIG non basta.",
    },
    Person {
        id: "titolare-milano",
        subject: "p-52fa7e1b94d0438c",
        given_name: "Ettore",
        family_name: "Colombini",
        category: Category::Titolare,
        credential: Credential::SpidL2,
        residence: MILANO,
        companies: &[Company { matricola: "9900000015", name: "Officine Fantasia S.r.l.", province: MILANO }],
        represents: None,
        label: "Titolare di Officine Fantasia S.r.l., sede a Milano. Entra con SPID di livello 2.",
    },
    Person {
        id: "rappresentante-torino",
        subject: "p-b36d08f5c1e94a72",
        given_name: "Bianca",
        family_name: "Ravasi",
        category: Category::RappresentanteLegale,
        credential: Credential::SpidL2,
        residence: TORINO,
        companies: &[Company {
            matricola: "9900000001",
            name: "Tessitura Immaginaria S.p.A.",
            province: TORINO,
        }],
        represents: None,
        label: "Rappresentante legale di Tessitura Immaginaria S.p.A., sede a Torino. Entra con SPID di livello 2.",
    },
    Person {
        id: "consulente-napoli",
        subject: "p-04e7c95ad83b41f6",
        given_name: "Nunzia",
        family_name: "Capasso",
        category: Category::Consulente,
        credential: Credential::SpidL2,
        residence: NAPOLI,
        companies: &[
            Company { matricola: "9900000215", name: "Biscotti Inesistenti S.r.l.", province: MILANO },
            Company { matricola: "9900000263", name: "Calzature Inventate S.n.c.", province: NAPOLI },
        ],
        represents: None,
        label: "Consulente aziendale a Napoli, per un'azienda di Milano e una di Napoli. Entra con SPID di livello 2.",
    },
];

/// Every advisor.
pub const ADVISORS: &[Advisor] = &[
    Advisor {
        id: "advisor-giulia",
        subject: "adv-7f3a",
        name: "Giulia",
        role: DeskRole::Advisor,
        languages: &[],
        skills: &[],
        provinces: &[],
        label: "Operatrice: risponde alle conversazioni.",
    },
    Advisor {
        id: "advisor-marco",
        subject: "adv-2c9e",
        name: "Marco",
        role: DeskRole::Advisor,
        languages: &[Language::It, Language::De, Language::En],
        skills: &[],
        provinces: &[],
        label: "Operatore: risponde alle conversazioni, anche in tedesco e in inglese.",
    },
    Advisor {
        id: "supervisor",
        subject: "adv-51d0",
        name: "Teresa",
        role: DeskRole::Supervisor,
        languages: &[],
        skills: &[],
        provinces: &[],
        label: "Supervisora: segue il lavoro degli operatori.",
    },
    Advisor {
        id: "admin-anna",
        subject: "adv-8e14",
        name: "Anna Riva",
        role: DeskRole::Administrator,
        languages: &[],
        skills: &[],
        provinces: &[],
        label: "Amministratrice: pubblica le regole del servizio.",
    },
    // A second person, for rules that ask for the approval of one.
    Advisor {
        id: "admin-bruno",
        subject: "adv-b3f7",
        name: "Bruno Conti",
        role: DeskRole::Administrator,
        languages: &[],
        skills: &[],
        provinces: &[],
        label: "Amministratore: approva le regole che altri propongono.",
    },
    Advisor {
        id: "auditor-rita",
        subject: "adv-2c90",
        name: "Rita Neri",
        role: DeskRole::Auditor,
        languages: &[],
        skills: &[],
        provinces: &[],
        label: "Revisora: legge chi ha fatto o guardato che cosa.",
    },
    Advisor {
        id: "officer-dora",
        subject: "adv-7d3c",
        name: "Dora Verdi",
        role: DeskRole::DataProtectionOfficer,
        languages: &[],
        skills: &[],
        provinces: &[],
        label: "Responsabile della protezione dei dati: copie, sospensioni, cancellazioni.",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use infocig_protocol::id::AdvisorId;

    use super::*;

    #[test]
    fn nobody_shares_an_id_or_a_subject() {
        let ids: BTreeSet<_> = PEOPLE.iter().map(|p| p.id).chain(ADVISORS.iter().map(|a| a.id)).collect();
        let subjects: BTreeSet<_> =
            PEOPLE.iter().map(|p| p.subject).chain(ADVISORS.iter().map(|a| a.subject)).collect();

        assert_eq!(ids.len(), PEOPLE.len() + ADVISORS.len());
        assert_eq!(subjects.len(), ids.len());
    }

    #[test]
    fn workers_have_no_company_and_the_employer_side_has_one_or_more() {
        for person in PEOPLE {
            assert_eq!(person.companies.is_empty(), person.category == Category::Lavoratore, "{}", person.id);
        }
    }

    #[test]
    fn a_representative_represents_one_of_the_people_in_their_capacity() {
        let represented = |person: &Person| person.represents.map(|other| (other.id, other.category));
        let pairs: Vec<_> = PEOPLE.iter().filter_map(|person| Some((person, represented(person)?))).collect();

        assert_eq!(pairs.len(), 1);
        for (person, (id, category)) in pairs {
            assert!(Person::by_id(id).is_some() && person.id != id, "{id}");
            assert_eq!(person.category, category);
        }
    }

    #[test]
    fn the_deciding_province_is_that_of_the_company_or_of_the_represented_person() {
        let province_of = |id, matricola| {
            let person = Person::by_id(id).unwrap();
            person.province(person.company(matricola)).name
        };

        assert_eq!(province_of("worker-roma", ""), "Roma");
        assert_eq!(province_of("consulente-napoli", "9900000215"), "Milano");
        assert_eq!(province_of("tutore-napoli", ""), "Napoli");
    }

    #[test]
    fn company_numbers_are_ten_digits_and_belong_to_one_company() {
        let numbers: Vec<_> = PEOPLE.iter().flat_map(|p| p.companies).map(|c| c.matricola).collect();

        assert!(numbers.iter().all(|n| n.len() == 10 && n.bytes().all(|b| b.is_ascii_digit())));
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
    }

    #[test]
    fn advisors_are_named_as_the_protocol_asks() {
        for advisor in ADVISORS {
            assert!(AdvisorId::parse(advisor.subject).is_ok(), "{}", advisor.id);
        }
    }
}
