// SPDX-License-Identifier: EUPL-1.2
//! The scenario of the sessions of the staff: one stands, one is asked about, one has ended.

use infocig_domain::{desk::fit::Profile, staff::StaffRole};
use infocig_protocol::{id::DeskId, language::Language, person::Category, skill::Skill};

use super::{
    fail_to_send,
    people::{advisor, at, queue},
    read_messaging,
};
use crate::{
    actors::{Looked, StaffActor},
    auth::oidc::session::StaffSession,
    sql::testing::MemorySql,
    store::StaffStore,
};

pub(super) fn scenario(sql: &MemorySql) {
    let actor = StaffActor::open(sql, ["a", "b", "c"].map(|id| DeskId::parse(id).unwrap()).into()).unwrap();
    assert!(actor.use_sign_in("1", at(600), at(1)).unwrap());
    let whole = StaffSession {
        advisor: advisor("giulia"),
        roles: StaffRole::ALL.into_iter().collect(),
        profile: Profile {
            categories: vec![Category::Titolare],
            languages: vec![Language::It, Language::De],
            provinces: vec!["021".into()],
            skills: vec![Skill::Cigo],
            queues: vec![queue()],
        },
        sid: Some("sid-1".into()),
        confirmed: at(1),
        ends: at(43_200),
        refresh_token: Some("sealed-1".into()),
        id_token: Some("sealed-2".into()),
    };
    actor.begin("key-1", &whole).unwrap();
    let bare = StaffSession {
        profile: Profile::default(),
        roles: StaffRole::Advisor.into(),
        sid: None,
        id_token: None,
        ..whole
    };
    actor.begin("key-2", &bare).unwrap();
    assert!(matches!(actor.look("key-2", Some(15), at(600)).unwrap(), Looked::Ask(_)));
    actor.begin("key-3", &bare).unwrap();
    assert!(actor.end("key-3", None, "r", at(2)).unwrap());
    fail_to_send(sql);
}

pub(super) fn read(sql: &MemorySql) -> String {
    let store = StaffStore::open(sql).unwrap();
    let sessions = ["key-1", "key-2"].map(|key| store.find(key).unwrap());
    let used = store.mark_used("sign-in:1", at(600)).unwrap();
    format!("{} {sessions:?} {used}", read_messaging(sql))
}
