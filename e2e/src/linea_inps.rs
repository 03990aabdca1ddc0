// SPDX-License-Identifier: EUPL-1.2
//! The stand-in's Linea INPS and registry of cases: their failure modes, and the segnalazioni received.

use infocig_demo::{Advisor, Person};
use infocig_protocol::{
    segnalazione::{SegnalazioneDraft, SegnalazioneOverview},
    {http::ConversationOpened, id::MessageId},
};
use reqwest::{Client, header, redirect::Policy};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    answer::Answer,
    artefacts,
    edge::{Edge, EdgeOptions},
    error::{Error, While},
    portal::{Announced, Portal},
    scene::Scene,
    tokens::new_id,
    wait,
};

/// A scene whose edge may call a Linea INPS and a registry.
pub struct LineaInps {
    /// The edge, and an issuer of its own.
    pub scene: Scene,
    /// The portal both stand in at. Its people have cases.
    pub portal: Portal,
    http: Client,
}

/// A segnalazione as Linea INPS has it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Received {
    /// Its `Idempotency-Key`.
    pub key: String,
    /// Its number.
    pub number: String,
    /// Its state.
    pub state: String,
    /// Number of accepted deliveries, repetitions included.
    pub deliveries: u64,
    /// Updates still to be delivered.
    pub updates: u64,
    /// The document.
    pub body: Value,
}

impl LineaInps {
    /// On a working afternoon, with options changed by `change`.
    pub async fn open(change: impl FnOnce(EdgeOptions) -> EdgeOptions) -> Result<Self, Error> {
        Self::with_setting(change, |_| {}).await
    }

    /// The same with the site for browsers.
    pub async fn with_pages(change: impl FnOnce(EdgeOptions) -> EdgeOptions) -> Result<Self, Error> {
        let site = Some(artefacts::site()?);
        Self::open(|options| change(EdgeOptions { site, ..options })).await
    }

    /// The same with the site, at an instant.
    pub async fn with_pages_at(instant: &str) -> Result<Self, Error> {
        Self::with_pages(|options| EdgeOptions { clock: Some(instant.into()), ..options }).await
    }

    /// The same with changes to the binding `LINEA_INPS`. If it has `audit`, the stand-ins require evidence.
    pub async fn with_setting(
        change: impl FnOnce(EdgeOptions) -> EdgeOptions,
        bend: impl FnOnce(&mut Value),
    ) -> Result<Self, Error> {
        let announced = Announced::bind().await?;
        let mut setting = announced.linea_inps()?;
        bend(&mut setting);
        let portal_issuer = announced.setting();
        let scene = Scene::with(|mut options| {
            options.bindings.push(("LINEA_INPS", Some(setting.to_string())));
            if let Some(issuers) = options.issuers.as_array_mut() {
                issuers.push(portal_issuer);
            }
            change(options)
        })
        .await?;
        let audit = setting["audit"] == true;
        let portal = announced.serve_as(&scene.edge.url(), audit)?;
        let http = Client::builder().no_proxy().redirect(Policy::none()).build();
        Ok(Self { scene, portal, http: http.while_doing("making an HTTP client")? })
    }

    /// The edge.
    pub fn edge(&self) -> &Edge {
        &self.scene.edge
    }

    /// Sets the failure mode of Linea INPS.
    pub async fn be(&self, mode: Value) -> Result<(), Error> {
        self.set_mode("/linea-inps/mode", mode).await
    }

    /// Sets the failure mode of the registry.
    pub async fn registry_be(&self, mode: Value) -> Result<(), Error> {
        self.set_mode("/cases/mode", mode).await
    }

    async fn set_mode(&self, path: &str, mode: Value) -> Result<(), Error> {
        let answer = Answer::to(self.http.put(self.portal.page(path)).json(&mode)).await?;
        match answer.status {
            200 | 204 => Ok(()),
            _ => Err(Error::new(format!("the failure mode {mode} was not set: {}", answer.body))),
        }
    }

    /// The segnalazioni of Linea INPS.
    pub async fn received(&self) -> Result<Vec<Received>, Error> {
        let url = self.portal.page("/linea-inps/segnalazioni");
        Answer::to(self.http.get(url)).await?.document(200)
    }

    /// Waits until Linea INPS has this number of segnalazioni.
    pub async fn has(&self, count: usize) -> Result<Vec<Received>, Error> {
        wait::until(format_args!("{count} segnalazioni at Linea INPS"), async || {
            self.received().await.ok().filter(|received| received.len() == count)
        })
        .await
    }

    /// Sets a later state of a segnalazione.
    pub async fn moves(&self, number: &str, state: &str, text: Option<&str>) -> Result<(), Error> {
        let url = self.portal.page(&format!("/linea-inps/segnalazioni/{number}/move"));
        let answer = Answer::to(self.http.post(url).json(&json!({ "state": state, "text": text }))).await?;
        if answer.status == 200 {
            Ok(())
        } else {
            Err(Error::new(format!("{number} was not moved to {state}: {}", answer.body)))
        }
    }

    /// The overview of segnalazioni of the edge.
    pub async fn overview(&self) -> Result<Vec<SegnalazioneOverview>, Error> {
        self.edge().get("/test/segnalazioni").await?.document(200)
    }

    /// A person of the portal, who has cases, enters.
    pub async fn enter(&self, person: &Person) -> Result<ConversationOpened, Error> {
        let token = self.token(person.id, "/infocig/token").await?;
        self.scene.present(Some(&token)).await?.document(201)
    }

    /// A hand-off token of the portal for a person who signs in there.
    pub async fn person_token(&self, person: &Person) -> Result<String, Error> {
        self.token(person.id, "/infocig/token").await
    }

    /// The same for an advisor.
    pub async fn advisor_token(&self, advisor: &Advisor) -> Result<String, Error> {
        self.token(advisor.id, "/infocig/advisor-token").await
    }

    async fn token(&self, who: &str, path: &str) -> Result<String, Error> {
        let form = self.http.post(self.portal.page("/sign-in"));
        let form = form.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let signed_in = Answer::to(form.body(format!("person={who}"))).await?;
        let cookie = signed_in.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let asked = self.http.post(self.portal.page(path)).header(header::COOKIE, cookie);
        let answer: Value = Answer::to(asked).await?.document(200)?;
        let token = answer["token"].as_str().map(str::to_owned);
        token.ok_or_else(|| Error::new(format!("the portal returned no token: {answer}")))
    }
}

/// A segnalazione for the office of Napoli, with a new id.
pub fn draft() -> Result<SegnalazioneDraft, Error> {
    let id = MessageId::parse(new_id()?).while_doing("naming a segnalazione")?;
    Ok(SegnalazioneDraft {
        id,
        office: "063".into(),
        topic: ["pagamento", "diretto", "data"].map(str::to_owned),
        description: "Mancano i dati di pagamento.".into(),
        kind: None,
        case: None,
        protocol: None,
        ticket: None,
        attached: Vec::new(),
    })
}
