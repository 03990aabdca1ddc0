// SPDX-License-Identifier: EUPL-1.2
//! § 1: admission and tickets.

use serde_json::{Value, json};

use super::super::clause::{Clause, Played, Verdict, broken, expect, never, now, same, untried};
use super::super::link::{Event, Link, hello};
use super::super::stage::{Stage, new_id};
use crate::signing::SigningPair;

pub(super) const CLAUSES: &[Clause] = &[
    now(
        "1",
        "Availability is told without authorisation: verdict, code, source, message, other channels",
        availability,
    ),
    now(
        "1",
        "Texts for people are in the language of `lang`, else Italian; `Content-Language` says which",
        languages,
    ),
    now("1", "Entering is answered 201, entering again 200 with the same conversation", entering),
    now(
        "1",
        "`resume` leads to the open conversation, or the named one; 404 where there is neither",
        resuming,
    ),
    now("1", "`infocig` is accepted of the offered subprotocols", subprotocol),
    now(
        "1",
        "An upgrade without a ticket for that conversation or desk is refused: 401 `ticket-invalid`",
        tickets,
    ),
    now("1", "An expired ticket opens a socket whose `hello` is refused with `ticket-expired`", expired),
    now("1", "Every error is a problem document whose `code` ends its `type`", problems),
    now("1", "A refused entry carries the whole `admission`", refused_entry),
    now("1", "A desk is opened by an advisor's token, and by no hand-off token", desk_session),
    now("1", "Pages of the issuer's origins may read answers, those of other origins are refused", origins),
    never("1", "Tickets last 12 hours", "a run would last as long: --ticket-file tries it across two runs"),
];

fn availability(stage: &Stage) -> Played {
    let path = "/v1/availability?category=lavoratore&province=058&credential=spid-l2&entry=myinps";
    let admission = stage.get(path, "")?.document("availability", &[200])?;
    let texts = ["at", "verdict", "code", "source", "message"].map(|name| admission[name].is_string());
    expect(texts == [true; 5], "`at`, `verdict`, `code`, `source`, `message`", &admission)?;
    expect(admission["channels"].is_array(), "`channels`", &admission)
}

fn languages(stage: &Stage) -> Played {
    for (query, header, language) in
        [("&lang=de", "fr", "de"), ("&lang=xx", "fr", "it"), ("", "fr;q=0.9, xx", "fr"), ("", "xx", "it")]
    {
        let path = format!("/v1/availability?category=lavoratore{query}");
        let answer = stage.service.ask("GET", &path, &[("accept-language", header)], None)?;
        answer.document("availability", &[200])?;
        let what = format!("with {query:?} and Accept-Language {header}: Content-Language");
        same(&what, answer.header("content-language"), language)?;
    }
    Ok(())
}

fn entering(stage: &Stage) -> Played {
    let person = new_id()?;
    let token = stage.handoff(&stage.claims(&person)?);
    let first = stage.post("/v1/conversations", &token, None)?;
    let opened = stage.entered(&person, &first)?;
    same("the first time", first.status, 201)?;
    for token in [token, stage.handoff(&stage.claims(&person)?)] {
        let again = stage.post("/v1/conversations", &token, None)?;
        let document = again.document("entering again", &[200])?;
        same("entering again: conversation", document["conversation"].as_str(), Some(&*opened.conversation))?;
    }
    expect(!opened.socket.contains(&opened.ticket), "no ticket in an address", &opened.socket)
}

fn resuming(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let resume = |person: &str, conversation: &str| {
        let token = stage.handoff(&stage.claims(person)?);
        stage.post(&format!("/v1/conversations?resume={conversation}"), &token, None)
    };
    let is_it = |document: Value| {
        same("resuming: conversation", document["conversation"].as_str(), Some(&*opened.conversation))
    };
    is_it(resume(&opened.person, &opened.conversation)?.document("resuming", &[200])?)?;
    stage.end(std::slice::from_ref(&opened));
    is_it(resume(&opened.person, &opened.conversation)?.document("resuming what has ended", &[200])?)?;
    let stranger = new_id()?;
    resume(&stranger, &opened.conversation)?.problem("resuming another's conversation", 404, "not-found")
}

fn subprotocol(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let link = stage.socket(&opened)?;
    same("Sec-WebSocket-Protocol", link.accepted.as_deref(), Some("infocig"))
}

fn tickets(stage: &Stage) -> Played {
    let (mine, other) = (stage.enter()?, stage.enter()?);
    let console = stage.console()?;
    let forged = format!("{}x", mine.ticket);
    let tried = [
        ("no ticket", &mine.socket, None),
        ("no text of a ticket", &mine.socket, Some("a.b.c")),
        ("a changed ticket", &mine.socket, Some(&*forged)),
        ("another's ticket", &mine.socket, Some(&*other.ticket)),
        ("a desk's ticket", &mine.socket, Some(&*console.ticket)),
        ("a person's ticket at the desk", &console.socket, Some(&*mine.ticket)),
    ];
    for (what, path, ticket) in tried {
        match Link::try_open(&stage.service, &stage.origin, path, ticket)? {
            Ok(_) => return Err(broken(format_args!("{what}: 401 ticket-invalid"), "an open socket")),
            Err(answer) => answer.problem(what, 401, "ticket-invalid")?,
        }
    }
    Ok(())
}

fn expired(stage: &Stage) -> Played {
    let Some(opened) = &stage.kept else {
        return Err(untried(
            "no ticket of an earlier run: run it with --ticket-file, and again after 12 hours",
        ));
    };
    let mut link = stage.socket(opened)?;
    link.send(&hello(&opened.ticket, 0))?;
    let code = link.until("`refused` or `welcome`", |event| {
        let Event::Frame(frame) = event else { return None };
        let refused = frame["refused"]["code"].as_str().map(ToOwned::to_owned);
        if frame.get("welcome").is_some() { Some(None) } else { refused.map(Some) }
    })?;
    let Some(code) = code else {
        return Err(untried("the ticket of --ticket-file has not expired yet"));
    };
    same("the refusal", code.as_str(), "ticket-expired")?;
    link.closed(4400)
}

fn problems(stage: &Stage) -> Played {
    let person = new_id()?;
    let claims = |name: &str, value: Value| -> Result<String, Verdict> {
        let mut claims = stage.claims(&person)?;
        claims[name] = value;
        Ok(stage.handoff(&claims))
    };
    let at = stage.claims(&person)?["iat"].as_i64().unwrap_or(0);
    let other = SigningPair::generate().map_err(untried)?;
    let forged = other.sign("infocig-handoff+jwt", &stage.kid, &stage.claims(&person)?);
    let of_type = stage.pair.sign("jwt", &stage.kid, &stage.claims(&person)?);
    for (code, token) in [
        ("token-missing", String::new()),
        ("token-malformed", "no token".into()),
        ("token-issuer", claims("iss", "https://nobody.example".into())?),
        ("token-audience", claims("aud", stage.desk_audience.as_str().into())?),
        ("token-too-long-lived", claims("exp", (at + 121).into())?),
        ("token-claim", claims("infocig_role", "nobody".into())?),
        ("token-signature", forged),
        ("token-type", of_type),
    ] {
        stage.post("/v1/conversations", &token, None)?.problem("a wrong token", 401, code)?;
    }
    stage.get("/v1/nothing", "")?.problem("an address that is none", 404, "not-found")?;
    stage.get("/v1/conversations", "")?.problem("another method", 405, "method-not-allowed")?;
    let opened = stage.enter()?;
    stage.get(&opened.socket, "")?.problem("a socket's address without an upgrade", 426, "upgrade-required")
}

fn refused_entry(stage: &Stage) -> Played {
    let mut claims = stage.claims(&new_id()?)?;
    claims["acr"] = "https://www.spid.gov.it/SpidL1".into();
    let answer = stage.post("/v1/conversations?lang=en", &stage.handoff(&claims), None)?;
    if answer.status < 300 {
        stage.entered("", &answer)?;
        return Err(untried(
            "the policy admits the weakest sign-in, and no other refusal can be had at any hour",
        ));
    }
    let document = answer.json();
    let code = document["code"].as_str().unwrap_or_default().to_owned();
    answer.problem("a weak sign-in", 403, &code)?;
    let admission = &document["admission"];
    let is_whole = admission["message"].is_string() && admission["channels"].is_array();
    expect(is_whole && admission["code"] == *code, "an `admission` of the same code", &document)?;
    same("Content-Language", answer.header("content-language"), "en")
}

fn desk_session(stage: &Stage) -> Played {
    let (token, _) = stage.advisor_token("advisor")?;
    let session = stage.post("/v1/desk/sessions", &token, None)?.document("an advisor's token", &[201])?;
    let texts = ["queue", "ticket", "socket", "advisor"].map(|name| session[name].is_string());
    expect(texts == [true; 4], "`queue`, `ticket`, `socket`, `advisor`", &session)?;
    let (token, _) = stage.advisor_token("supervisor")?;
    let session = stage.post("/v1/desk/sessions", &token, None)?.document("a supervisor's token", &[201])?;
    same("a supervisor's session: `supervisor`", &session["supervisor"], &json!(true))?;
    let handoff = stage.handoff(&stage.claims(&new_id()?)?);
    stage.post("/v1/desk/sessions", &handoff, None)?.problem("a hand-off token", 401, "token-type")
}

fn origins(stage: &Stage) -> Played {
    let path = "/v1/availability?category=lavoratore";
    let answer = stage.get(path, "")?;
    same("Access-Control-Allow-Origin", answer.header("access-control-allow-origin"), &*stage.origin)?;
    let asks = [("origin", stage.origin.as_str()), ("access-control-request-headers", "authorization")];
    let preflight = stage.service.ask("OPTIONS", "/v1/conversations", &asks, None)?;
    let allowed = preflight.header("access-control-allow-headers").to_ascii_lowercase();
    expect(allowed.contains("authorization"), "a preflight that allows Authorization", allowed)?;
    let foreign = "https://elsewhere.example";
    let refused = stage.service.ask("GET", path, &[("origin", foreign)], None)?;
    refused.problem("another origin", 403, "origin-not-allowed")?;
    same(
        "Access-Control-Allow-Origin for another origin",
        refused.header("access-control-allow-origin"),
        "",
    )?;
    let opened = stage.enter()?;
    match Link::try_open(&stage.service, foreign, &opened.socket, Some(&opened.ticket))? {
        Ok(_) => Err(broken("an upgrade of another origin: 403", "an open socket")),
        Err(answer) => answer.problem("an upgrade of another origin", 403, "origin-not-allowed"),
    }
}
