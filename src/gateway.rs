//! [`Gateway`]: whether there is a gateway, which one, and calls to it.
//!
//! `config.json` beside the page names the gateway: `/` where the gateway itself serves the page, an `https` address
//! where the page lies elsewhere, nothing for a page without one. The gateway's own `config.json` tells its mode.
//! All of this comes after the form, but for [`take_token`]. What is here asks nothing of a page without gateway.

use std::cell::RefCell;

use dsw_form::json;
use dsw_model::rules::Context;
use gloo_net::http::{Request, Response};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use crate::dom::{after, on_window};
use crate::language;
use crate::picker::lists::Lists;
use crate::state::FormState;
use crate::storage::REGION;
use crate::storage::TOKEN;

/// Facts about the gateway, beside the page.
const CONFIG: &str = "config.json";
/// Milliseconds after which a gateway is looked for again where there was no network.
const LOOK_AGAIN: u64 = 5_000;
/// On a document that is the one of another time.
const KEPT: &str = "X-Kept";
/// Milliseconds after which a read is given up. The gateway itself gives up after 15 seconds (G04).
pub const READ_TIMEOUT: u32 = 20_000;

/// What the page can do besides composing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// That is being found out.
    Looking,
    /// There is no gateway: copy and download only.
    Absent,
    /// A gateway is named, but does not answer, or not as one.
    Lost,
    /// There is no network, and so no gateway for now.
    Offline,
    /// A gateway that creates nothing real.
    Sandbox,
    /// A gateway that creates what costs money.
    Live,
}

impl Mode {
    /// Whether calls are answered.
    pub fn is_there(self) -> bool {
        matches!(self, Self::Sandbox | Self::Live)
    }
}

/// A region that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Such as `cn-hangzhou`.
    pub id: String,
    /// Such as `China (Hangzhou)`.
    pub name: String,
}

/// The gateway of the page. It is a handle: copies lead to the same gateway.
#[derive(Clone, Copy, Debug)]
pub struct Gateway {
    /// The form that learns from it.
    pub state: FormState,
    /// What it is. A reply that tells another mode changes it.
    pub mode: RwSignal<Mode>,
    /// The region chosen; empty while none is known.
    pub region: RwSignal<String>,
    /// The regions to choose from; none before they are known.
    pub regions: RwSignal<Vec<Region>>,
    /// The lists that it brought.
    pub(crate) lists: Lists,
    /// Address of the gateway without a slash at the end: empty where it serves the page.
    address: StoredValue<String, LocalStorage>,
    /// Whether it is going to be looked for again.
    waits: StoredValue<bool>,
}

/// A call.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'a str,
    /// Path, such as `/api/v2/ecsspecs`. What comes from elsewhere in it is escaped with [`escape`].
    pub path: &'a str,
    /// Members of the query; `RegionId` is added from the region chosen, where it is not among them.
    pub query: &'a [(&'a str, &'a str)],
    /// Headers; that with the token is added.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body, sent as it is.
    pub body: Option<&'a str>,
    /// Milliseconds after which it is given up.
    pub timeout: u32,
}

impl<'a> Call<'a> {
    /// A read.
    pub fn get(path: &'a str, query: &'a [(&'a str, &'a str)]) -> Self {
        Self {
            method: "GET",
            path,
            query,
            headers: &[],
            body: None,
            timeout: READ_TIMEOUT,
        }
    }
}

/// What a call that succeeded brought.
#[derive(Clone, Debug)]
pub struct Reply {
    /// 200 to 299.
    pub status: u16,
    /// The request's id (`X-Request-Id`); empty where it cannot be read.
    pub request_id: String,
    /// The document; null where the reply has no body.
    pub document: Value,
    /// Whether it is what was said at another time, since there is no network (`assets/sw.js`).
    pub kept: bool,
}

/// Why a call failed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refused {
    /// Status of the reply; 0 without one.
    pub status: u16,
    /// The gateway's code, such as `UPSTREAM_REFUSED`, or one of [`Refused::UNREACHABLE`],
    /// [`Refused::TIMED_OUT`], [`Refused::NO_REPLY`].
    pub code: String,
    /// What the gateway says, or the page.
    pub message: String,
    /// The request's id; empty without one.
    pub request_id: String,
    /// Seconds to wait before asking again (`Retry-After`).
    pub retry_after: Option<u32>,
    /// The whole reply, with `error` and perhaps `submission`; null where it is no JSON.
    pub document: Value,
}

impl Refused {
    /// The gateway could not be reached, or the connection broke.
    pub const UNREACHABLE: &str = "UNREACHABLE";
    /// The gateway did not reply in time.
    pub const TIMED_OUT: &str = "TIMED_OUT";
    /// The reply is none of a gateway's.
    pub const NO_REPLY: &str = "NO_REPLY";

    pub(crate) fn by_page(code: &str, status: u16) -> Self {
        Self {
            status,
            code: code.to_owned(),
            ..Self::default()
        }
    }

    /// Whether there was no reply: what was sent may have arrived all the same.
    pub fn is_silence(&self) -> bool {
        self.status == 0
    }

    /// A member of what the service itself said, such as `code` or `message`; empty without one.
    pub fn upstream(&self, member: &str) -> &str {
        let said = &self.document["error"]["upstream"][member];
        said.as_str().unwrap_or_default()
    }
}

/// Takes the access token out of the address, at once: it is kept for this tab only (S04).
pub fn take_token() {
    let location = window().location();
    let hash = location.hash().unwrap_or_default();
    let Some(token) = hash.strip_prefix("#token=") else {
        return;
    };
    if let Ok(Some(storage)) = window().session_storage() {
        // A browser that keeps nothing has no token: the gateway then says what is missing.
        drop(storage.set_item(TOKEN, token));
    }
    if let (Ok(history), Ok(path)) = (window().history(), location.pathname()) {
        let address = path + &location.search().unwrap_or_default();
        // It fails only for addresses of another origin.
        drop(history.replace_state_with_url(&JsValue::NULL, "", Some(&address)));
    }
}

/// A text as part of a path or a query.
pub fn escape(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

impl Gateway {
    /// The gateway of the page, to be found out about. What is made under the present owner finds it by
    /// [`Gateway::present`].
    pub(crate) fn begin(state: FormState) -> Self {
        let gateway = Self {
            state,
            mode: RwSignal::new(Mode::Looking),
            region: RwSignal::default(),
            regions: RwSignal::default(),
            lists: Lists::default(),
            address: StoredValue::new_local(String::new()),
            waits: StoredValue::new(false),
        };
        provide_context(gateway);
        gateway.look();
        on_window("offline", move |_| {
            if gateway.mode.get_untracked().is_there() {
                gateway.mode.set(Mode::Offline);
            }
        });
        on_window("online", move |_| {
            if gateway.mode.get_untracked() == Mode::Offline {
                gateway.look();
            }
        });
        gateway
    }

    /// The gateway of the page in which something is made. In what is done later there is no owner to ask: take it
    /// along from where that is made.
    ///
    /// # Panics
    ///
    /// Outside of a page.
    pub fn present() -> Self {
        use_context().expect("a page has its gateway, or knows that there is none")
    }

    /// Finds out about the gateway, again where it was not to be had.
    pub fn look(self) {
        // Who is offline stays so until something else is known.
        if !matches!(self.mode.get_untracked(), Mode::Looking | Mode::Offline) {
            self.mode.set(Mode::Looking);
        }
        spawn_local(async move {
            let (mode, config) = self.find().await;
            if !self.mode.is_disposed() {
                self.offer_regions(&config);
                self.mode.set(mode);
                if mode == Mode::Offline {
                    self.look_again();
                }
                language::offer(self.state, config["language"].as_str());
            }
        });
    }

    /// Looks again after a while: a network that is back is not always told.
    fn look_again(self) {
        if self.waits.try_get_value() != Some(false) {
            return;
        }
        self.waits.set_value(true);
        let act = move || {
            if self.waits.try_set_value(false).is_none()
                && self.mode.try_get_untracked() == Some(Mode::Offline)
            {
                self.look();
            }
        };
        after(LOOK_AGAIN, Box::new(act));
    }

    async fn find(self) -> (Mode, Value) {
        let Ok(here) = fetch(&Call::get(CONFIG, &[]), CONFIG, "").await else {
            return (Mode::Absent, Value::Null);
        };
        let config = here.document;
        let address = match config["gateway"].as_str() {
            Some(address) if here.kept && !address.is_empty() => {
                return (Mode::Offline, config);
            }
            Some("/") => return (mode_of(config["mode"].as_str()), config),
            // Anywhere else the token would travel in the open.
            Some(address) if address.starts_with("https://") => address.trim_end_matches('/'),
            Some("") | None => return (Mode::Absent, config),
            Some(_) => return (Mode::Lost, config),
        };
        self.address.try_set_value(address.to_owned());
        let url = address.to_owned() + "/" + CONFIG;
        match fetch(&Call::get(CONFIG, &[]), &url, "").await {
            Ok(there) => (mode_of(there.document["mode"].as_str()), there.document),
            Err(_) => (Mode::Lost, config),
        }
    }

    /// Takes in the regions of a configuration document: the one chosen last if it is among them, else the default.
    fn offer_regions(self, config: &Value) {
        let text =
            |value: &Value, member: &str| value[member].as_str().unwrap_or_default().to_owned();
        let mut regions = Vec::new();
        for region in config["regions"].as_array().into_iter().flatten() {
            let (id, name) = (text(region, "id"), text(region, "name"));
            if !id.is_empty() {
                regions.push(Region { id, name });
            }
        }
        let storage = window().local_storage().ok().flatten();
        let last = storage.and_then(|storage| storage.get_item(REGION).ok().flatten());
        let known = |id: &String| regions.iter().any(|region| region.id == *id);
        let first = text(config, "defaultRegion");
        let chosen = last.filter(known).unwrap_or(first);
        self.regions.set(regions);
        self.enter(chosen);
    }

    /// Chooses a region. What is known of machines, images and the rest belongs to the region left.
    pub fn choose_region(self, id: String) {
        if let Ok(Some(storage)) = window().local_storage() {
            // A browser that keeps nothing begins with the default region the next time.
            drop(storage.set_item(REGION, &id));
        }
        self.enter(id);
    }

    fn enter(self, region: String) {
        if self.region.with_untracked(|old| *old == region) {
            return;
        }
        self.state.know(Context {
            region: (!region.is_empty()).then(|| region.clone()),
            ..Context::default()
        });
        self.region.set(region);
    }

    /// Whether the gateway serves the page.
    pub(crate) fn is_here(self) -> bool {
        self.address
            .try_with_value(String::is_empty)
            .unwrap_or_default()
    }

    /// Scheme, host and port of the gateway, for who calls it from elsewhere; empty while none answers.
    pub(crate) fn origin(self) -> String {
        if !self.mode.get_untracked().is_there() {
            return String::new();
        }
        let address = self.address.try_get_value().unwrap_or_default();
        if !address.is_empty() {
            return address;
        }
        let here = window().location().href().unwrap_or_default();
        let parts: Vec<_> = here.split('/').take(3).collect();
        parts.join("/")
    }

    /// A file of the gateway as it stands, with its status.
    ///
    /// # Errors
    ///
    /// When there is no reply.
    pub(crate) async fn file(self, path: &str) -> Result<(u16, String), Refused> {
        let url = self.address.try_get_value().unwrap_or_default() + path;
        let storage = window().session_storage().ok().flatten();
        let token = storage.and_then(|storage| storage.get_item(TOKEN).ok().flatten());
        file(&url, &token.unwrap_or_default()).await
    }

    /// Calls the gateway.
    ///
    /// # Errors
    ///
    /// When there is no reply, or one that tells a failure.
    pub async fn request(self, call: Call<'_>) -> Result<Reply, Refused> {
        let Some(mut url) = self.address.try_get_value() else {
            // The page is gone.
            return Err(Refused::by_page(Refused::UNREACHABLE, 0));
        };
        url.push_str(call.path);
        let region = self.region.get_untracked();
        let chosen = [("RegionId", region.as_str())];
        let names_region = call.query.iter().any(|(name, _)| *name == "RegionId");
        let mut sign = '?';
        for (name, value) in chosen[usize::from(names_region)..].iter().chain(call.query) {
            url.push(sign);
            url.push_str(name);
            url.push('=');
            url.push_str(&escape(value));
            sign = '&';
        }
        let storage = window().session_storage().ok().flatten();
        let token = storage.and_then(|storage| storage.get_item(TOKEN).ok().flatten());
        let told = RefCell::new(None);
        let reply = fetch_with(&call, &url, &token.unwrap_or_default(), &told).await;
        // A gateway that was started anew may have another mode: nobody is to think that nothing real is created.
        if let Some(mode) = told.take()
            && self
                .mode
                .try_get_untracked()
                .is_some_and(|known| known != mode)
        {
            self.mode.set(mode);
        }
        reply
    }
}

/// The mode of this name.
fn mode_of(name: Option<&str>) -> Mode {
    match name {
        Some("sandbox") => Mode::Sandbox,
        Some("live") => Mode::Live,
        _ => Mode::Lost,
    }
}

/// Fetches what belongs to the page: no call of the gateway.
pub(crate) async fn fetch(call: &Call<'_>, url: &str, token: &str) -> Result<Reply, Refused> {
    fetch_with(call, url, token, &RefCell::default()).await
}

/// A file as it stands, with its status.
pub(crate) async fn file(url: &str, token: &str) -> Result<(u16, String), Refused> {
    let call = Call::get(url, &[]);
    let (response, text) = send(&call, url, token, &RefCell::default()).await?;
    Ok((response.status(), text))
}

/// Sends a call and reads the reply; `told` is the mode that it tells.
async fn fetch_with(
    call: &Call<'_>,
    url: &str,
    token: &str,
    told: &RefCell<Option<Mode>>,
) -> Result<Reply, Refused> {
    let (response, text) = send(call, url, token, told).await?;
    read(&response, &text)
}

/// Sends a call: its reply as it comes.
async fn send(
    call: &Call<'_>,
    url: &str,
    token: &str,
    told: &RefCell<Option<Mode>>,
) -> Result<(Response, String), Refused> {
    let signal = AbortSignal::timeout_with_u32(call.timeout);
    let mut request = match call.method {
        "POST" => Request::post(url),
        "PUT" => Request::put(url),
        "DELETE" => Request::delete(url),
        _ => Request::get(url),
    }
    .abort_signal(Some(&signal));
    for (name, value) in call.headers {
        request = request.header(name, value);
    }
    if !token.is_empty() {
        request = request.header("Authorization", &("Bearer ".to_owned() + token));
    }
    let request = match call.body {
        Some(body) => request.body(body),
        None => request.build(),
    };
    let silence = |_| {
        let code = if signal.aborted() {
            Refused::TIMED_OUT
        } else {
            Refused::UNREACHABLE
        };
        Refused::by_page(code, 0)
    };
    let response = request.map_err(silence)?.send().await.map_err(silence)?;
    if let Some(mode) = response.headers().get("X-Gateway-Mode") {
        told.replace(Some(mode_of(Some(&mode))));
    }
    let text = response.text().await.map_err(silence)?;
    Ok((response, text))
}

fn read(response: &Response, text: &str) -> Result<Reply, Refused> {
    let header = |name: &str| response.headers().get(name).unwrap_or_default();
    let (status, request_id) = (response.status(), header("X-Request-Id"));
    let document = match json::parse(text) {
        Ok(document) => document,
        Err(_) if text.is_empty() => Value::Null,
        Err(_) if response.ok() => return Err(Refused::by_page(Refused::NO_REPLY, status)),
        Err(_) => Value::Null,
    };
    if response.ok() {
        return Ok(Reply {
            status,
            request_id,
            document,
            kept: !header(KEPT).is_empty(),
        });
    }
    let part = |name: &str| document["error"][name].as_str().map(str::to_owned);
    let Some(code) = part("code") else {
        return Err(Refused {
            request_id,
            document,
            ..Refused::by_page(Refused::NO_REPLY, status)
        });
    };
    Err(Refused {
        status,
        code,
        message: part("message").unwrap_or_default(),
        request_id: part("requestId").unwrap_or(request_id),
        retry_after: header("Retry-After").parse().ok(),
        document,
    })
}
