// SPDX-License-Identifier: EUPL-1.2
//! `/test/…`: endpoints of builds with the feature `test-clock`. The routes do not exist in others; the functions refuse there.

#[cfg(feature = "test-clock")]
pub(crate) use self::with_a_clock::{clock, fail, register, segnalazioni};
#[cfg(not(feature = "test-clock"))]
pub(crate) use self::without_a_clock::{clock, fail, register, segnalazioni};

#[cfg(feature = "test-clock")]
mod with_a_clock {
    use ::worker::{Env, Request, Response};
    use infocig_protocol::{id::ConversationId, person::Category, problem::Code};

    use crate::{
        problem::{Error, Refusal},
        shell::{
            clock as clocks,
            front::segnalazioni::list,
            http::replies,
            process,
            rpc::{self, Fail, ReadEndings, Wake},
        },
    };

    /// `GET` and `PUT /test/clock`
    pub(crate) async fn clock(request: &mut Request, env: &Env, set: bool) -> Result<Response, Error> {
        if set {
            let text = request.text().await?;
            let setting = serde_json::from_str(&text).ok();
            setting.as_ref().and_then(clocks::set).ok_or_else(|| {
                Refusal::new(Code::RequestInvalid, "send {\"now\": RFC 3339 instant, \"speed\": 0 to 3600}")
            })?;
            for object in process::awake() {
                rpc::call_awake(env, &object, &Wake {}).await?;
            }
            rpc::call(&rpc::register(env)?, &Wake {}).await?;
        }
        Ok(replies::json(200, &clocks::read())?)
    }

    /// `GET /test/register`
    pub(crate) async fn register(env: &Env) -> Result<Response, Error> {
        Ok(replies::json(200, &rpc::call(&rpc::register(env)?, &ReadEndings {}).await?)?)
    }

    /// `GET /test/segnalazioni`: the view of supervisors, without a ticket.
    pub(crate) async fn segnalazioni(env: &Env) -> Result<Response, Error> {
        list(env, Category::ALL.into()).await
    }

    /// `POST /test/conversations/{id}/fail`
    pub(crate) async fn fail(
        request: &mut Request,
        env: &Env,
        id: &ConversationId,
    ) -> Result<Response, Error> {
        let how = request.text().await?;
        rpc::call(&rpc::of_conversation(env, id)?, &Fail { how }).await?;
        Ok(replies::empty(204)?)
    }
}

#[cfg(not(feature = "test-clock"))]
mod without_a_clock {
    use ::worker::{Env, Request, Response};
    use infocig_protocol::{id::ConversationId, problem::Code};

    use crate::problem::{Error, Refusal};

    fn absent() -> Result<Response, Error> {
        Err(Refusal::new(Code::NotFound, "this build has no endpoints for tests").into())
    }

    pub(crate) async fn clock(_request: &mut Request, _env: &Env, _set: bool) -> Result<Response, Error> {
        absent()
    }

    pub(crate) async fn register(_env: &Env) -> Result<Response, Error> {
        absent()
    }

    pub(crate) async fn segnalazioni(_env: &Env) -> Result<Response, Error> {
        absent()
    }

    pub(crate) async fn fail(
        _request: &mut Request,
        _env: &Env,
        _id: &ConversationId,
    ) -> Result<Response, Error> {
        absent()
    }
}
