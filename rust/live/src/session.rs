//! One call: a runtime on the calling thread, a client, a limit of time, and nothing of it left behind.

use crate::access::Access;
use crate::{Error, explain};
use http::{Request, Response};
use kube::api::ListParams;
use kube::client::Body;
use kube::{Api, Client};
use serde::de::DeserializeOwned;
use std::cell::{Cell, RefCell};
use std::fmt::Debug;
use std::time::{Duration, Instant, SystemTime};
use tokio::runtime::Builder;

/// Does `work` on a runtime of its own, on the calling thread. `server` is named where the system gives none.
pub(crate) fn on_runtime<T>(server: &str, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = Builder::new_current_thread().enable_io().enable_time().build().map_err(|error| Error::Connect {
        server: server.to_owned(),
        reason: format!("the system gives no poll: {error}"),
    })?;
    let done = runtime.block_on(work);
    // The system's look-up of a name has a thread of its own and cannot be stopped: the limit would not hold with it.
    runtime.shutdown_background();
    done
}

/// What a call works with.
pub(crate) struct Session {
    pub(crate) client: Client,
    server: String,
    limit: Duration,
    until: Instant,
    step: RefCell<String>,
    clock: Cell<Option<SystemTime>>,
}

impl Session {
    /// What the server's clock said in its last answer, to the second.
    pub(crate) fn clock(&self) -> Option<SystemTime> {
        self.clock.get()
    }

    /// Runs `work`; `step` says what is being done, for the sentence of an error, until `work` says more.
    pub(crate) fn run<T>(
        access: &Access,
        limit: Duration,
        step: &str,
        work: impl AsyncFnOnce(&Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        on_runtime(access.server(), Self::bounded(access, limit, step, work))
    }

    /// The same on a runtime that is there already, beside others.
    pub(crate) async fn bounded<T>(
        access: &Access,
        limit: Duration,
        step: &str,
        work: impl AsyncFnOnce(&Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        tracing::debug!(server = access.server(), step, "call");
        let until = Instant::now().checked_add(limit).ok_or_else(|| {
            Error::Argument(format!("a limit of {} s has no meaning; give some seconds", limit.as_secs_f64()))
        })?;
        let session = Self {
            client: access.client()?,
            server: access.server().to_owned(),
            limit,
            until,
            step: RefCell::new(step.to_owned()),
            clock: Cell::new(None),
        };
        let done = tokio::time::timeout(limit, work(&session)).await;
        done.unwrap_or_else(|_| Err(session.late()))
    }

    /// Says what is being done from now on.
    pub(crate) fn step(&self, step: impl Into<String>) {
        *self.step.borrow_mut() = step.into();
    }

    /// The URL.
    pub(crate) fn server(&self) -> String {
        self.server.clone()
    }

    /// What is being done.
    pub(crate) fn current_step(&self) -> String {
        self.step.borrow().clone()
    }

    /// The limit is over.
    pub(crate) fn late(&self) -> Error {
        Error::Timeout { server: self.server(), seconds: self.limit.as_secs_f64(), step: self.current_step() }
    }

    /// An error of the client, in a sentence.
    pub(crate) fn failed(&self, error: kube::Error) -> Error {
        explain::explain(error, &self.server, &self.current_step())
    }

    /// An answer that is not what the API promises.
    pub(crate) fn unreadable(&self, reason: impl Into<String>) -> Error {
        Error::Answer { server: self.server(), step: self.current_step(), reason: reason.into() }
    }

    /// Waits a moment before the next look; the end of the limit, if that comes first, is an error.
    pub(crate) async fn moment(&self) -> Result<(), Error> {
        const MOMENT: Duration = Duration::from_millis(100);
        if Instant::now() + MOMENT >= self.until {
            return Err(self.late());
        }
        tokio::time::sleep(MOMENT).await;
        Ok(())
    }

    /// All objects of a list, page by page, from `parameters` on.
    pub(crate) async fn every<K>(&self, api: &Api<K>, mut parameters: ListParams) -> Result<Vec<K>, Error>
    where
        K: Clone + DeserializeOwned + Debug,
    {
        const PAGE: u32 = 500;
        parameters = parameters.limit(PAGE);
        let mut all = Vec::new();
        loop {
            let page = api.list(&parameters).await.map_err(|error| self.failed(error))?;
            all.extend(page.items);
            match page.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => parameters = parameters.continue_token(&token),
                None => return Ok(all),
            }
        }
    }

    /// Sends a request and gives the answer as far as its head, whatever its status is; the body comes when it is read.
    pub(crate) async fn open(&self, request: Request<Body>) -> Result<Response<Body>, Error> {
        self.client.send(request).await.map_err(|error| self.failed(error))
    }

    /// Sends a request and gives status and body, whatever the status is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Result<(u16, Vec<u8>), Error> {
        let response = self.open(request).await?;
        let date = response.headers().get(http::header::DATE).and_then(|date| date.to_str().ok());
        self.clock.set(date.and_then(|date| httpdate::parse_http_date(date).ok()));
        let status = response.status().as_u16();
        let body = response.into_body().collect_bytes().await.map_err(|error| self.failed(error))?;
        Ok((status, body.to_vec()))
    }
}
