// SPDX-License-Identifier: EUPL-1.2
//! Open figures, for everybody and for pages of every origin: the page, the data and their metadata.

use ::worker::{Env, Headers, Request, Response};
use infocig_domain::figures::{dcat::Catalogue, open_data, period::day_of};
use infocig_protocol::problem::Code;

use crate::{
    http::{etag, plain_pages},
    problem::{Error, Refusal},
    route::OpenFigures,
    settings::Settings,
    shell::{
        clock,
        http::headers::{language_preferences, parameter},
        rpc::{self, ReadOpenFigures},
    },
};

/// `GET /figures` and the addresses below it.
pub(crate) async fn read(
    which: OpenFigures,
    request: &Request,
    env: &Env,
    settings: &Settings,
) -> Result<Response, Error> {
    let publication = rpc::call(&rpc::register(env)?, &ReadOpenFigures {}).await?;
    let catalogue = Catalogue {
        origin: &settings.origin,
        holder: HOLDER,
        holder_code: HOLDER_CODE,
        modified: publication.modified().unwrap_or_else(|| day_of(clock::now())),
    };
    let bom = parameter(request, "bom")?;
    let bom = match bom.as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(Refusal::new(Code::RequestInvalid, "`bom` is true or false").into()),
    };
    let headers = Headers::new();
    let body = match which {
        OpenFigures::Page => {
            let language = language_preferences(request)?.language(None);
            for (name, value) in plain_pages::HEADERS {
                headers.set(name, value)?;
            }
            headers.set("content-language", language.as_str())?;
            headers.set("vary", "accept-language")?;
            let topics = settings.policy.desk.topics.iter();
            let topics: Vec<(String, String)> =
                topics.map(|topic| (topic.id.clone(), topic.name.clone())).collect();
            let site = open_data::Site { links: &settings.links, definitions: None, topics: &topics };
            open_data::page(&publication, language, site)
        }
        OpenFigures::Daily => publication.daily_csv(bom),
        OpenFigures::Monthly => publication.monthly_csv(bom),
        OpenFigures::Everything => publication.json(),
        OpenFigures::JsonLd => catalogue.json_ld(),
        OpenFigures::Turtle => catalogue.turtle(),
    };
    let content_type = match which {
        OpenFigures::Page => "text/html; charset=utf-8",
        OpenFigures::Daily | OpenFigures::Monthly => "text/csv; charset=utf-8; header=present",
        OpenFigures::Everything => "application/json",
        OpenFigures::JsonLd => "application/ld+json",
        OpenFigures::Turtle => "text/turtle; charset=utf-8",
    };
    let tag = etag::of(body.as_bytes());
    headers.set("etag", &tag)?;
    headers.set("cache-control", "public, max-age=3600")?;
    headers.set("access-control-allow-origin", "*")?;
    headers.set("x-content-type-options", "nosniff")?;
    if etag::is_known(request.headers().get("if-none-match")?.as_deref(), &tag) {
        return Ok(Response::empty()?.with_status(304).with_headers(headers));
    }
    headers.set("content-type", content_type)?;
    Ok(Response::ok(body)?.with_headers(headers))
}

/// The administration that holds the rights, and its code in the index of public administrations.
const HOLDER: &str = "Istituto Nazionale della Previdenza Sociale";
/// The code in the index of public administrations (IPA), as in the publiccode.yml of `INPS-it/bugs.inps.it`.
const HOLDER_CODE: &str = "inps";
