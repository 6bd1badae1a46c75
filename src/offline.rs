//! The page without a network: a copy of it that a service worker keeps (`assets/sw.js`), and what the page says when
//! there is a newer one (`docs/decisions/0013-offline.md`).
//!
//! The copy is made when the page has been quiet for a while, so that nothing waits for it. A new version is offered
//! and never forced: the form would lose the focus, and what is in it that is not kept.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dsw_words::tr;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::dom::{El, after, button, el_class, el_text, on_document};
use crate::draft_store;
use crate::js;
use crate::state::FormState;
use crate::storage::PREFIX;
use crate::toast::say;

/// The service worker, beside the page. `assets/start.js` lets this be loaded and nothing else.
const WORKER: &str = "sw.js";
/// Milliseconds after which the copy is made, once the page is there.
const DELAY: u64 = 5_000;
/// Milliseconds after which a tab that is looked at again asks whether there is a new version.
const STALE: f64 = 3_600_000.0;
/// What tells the worker of a new version to take over.
const TAKE_OVER: &str = "take over";

thread_local! {
    /// What there is to say of a new version.
    static NEWS: RefCell<Option<News>> = const { RefCell::new(None) };
    /// The copy, once there is to be one.
    static COPY: RefCell<Option<Rc<Copy>>> = const { RefCell::new(None) };
}

/// What there is to say of a new version. It is a handle: copies lead to the same one.
#[derive(Clone, Copy)]
struct News {
    /// Whether there is one.
    there: RwSignal<bool>,
}

/// The copy as the browser keeps it.
struct Copy {
    news: News,
    /// The browser's `navigator.serviceWorker`.
    workers: JsValue,
    registration: JsValue,
    /// Whether this page is served by a service worker: the next one is that of another version.
    served: Cell<bool>,
    /// When it was asked for a new version.
    asked: Cell<f64>,
}

/// Makes the copy, as soon as nobody waits for anything. Only a page that was built for it has a service worker.
pub(crate) fn begin() {
    if !cfg!(feature = "split") || !window().is_secure_context() {
        return;
    }
    let news = News {
        there: RwSignal::new(false),
    };
    NEWS.set(Some(news));
    on_document("visibilitychange", |_| {
        if let Some(copy) = COPY.with_borrow(Option::clone) {
            copy.ask();
        }
    });
    after(
        DELAY,
        Box::new(move || when_idle(move || spawn_local(register(news)))),
    );
}

/// Does something when the browser has nothing else to do; at once in one that does not tell.
fn when_idle(act: impl FnOnce() + 'static) {
    let act = Closure::once_into_js(act);
    if js::call(&window(), "requestIdleCallback", &act).is_none() {
        js::call(&act, "call", &JsValue::UNDEFINED);
    }
}

async fn register(news: News) {
    let workers = js::member(&window().navigator(), "serviceWorker");
    let registration = js::ask(&workers, "register", &WORKER.into()).await;
    let Some(registration) = registration.filter(JsValue::is_object) else {
        // A browser that keeps no copy: the page needs the network, as ever.
        return;
    };
    let copy = Rc::new(Copy {
        news,
        served: Cell::new(is_there(&workers, "controller")),
        workers,
        registration,
        asked: Cell::new(js_sys::Date::now()),
    });
    copy.look();
    let found = Rc::clone(&copy);
    listen(&copy.registration, "updatefound", move || found.follow());
    let changed = Rc::clone(&copy);
    listen(&copy.workers, "controllerchange", move || {
        // Another tab has taken the new version.
        if changed.served.replace(true) {
            changed.news.there.set(true);
        }
    });
    COPY.set(Some(copy));
}

impl Copy {
    /// Whether a new version is ready.
    fn look(&self) {
        if self.served.get() && is_there(&self.registration, "waiting") {
            self.news.there.set(true);
        }
    }

    /// Follows a version on its way.
    fn follow(self: &Rc<Self>) {
        let coming = js::member(&self.registration, "installing");
        let copy = Rc::clone(self);
        if coming.is_object() {
            listen(&coming, "statechange", move || copy.look());
        }
    }

    /// Asks for a new version, if that was done long ago.
    fn ask(&self) {
        let now = js_sys::Date::now();
        if !document().hidden() && now - self.asked.get() > STALE {
            self.asked.set(now);
            let registration = self.registration.clone();
            spawn_local(async move {
                // Without a network there is none to be had.
                js::ask(&registration, "update", &JsValue::UNDEFINED).await;
            });
        }
    }
}

/// Whether a member is there: not undefined, and not null.
fn is_there(object: &JsValue, name: &str) -> bool {
    js::member(object, name).is_object()
}

/// Listens to an event of something that lives as long as the page.
fn listen(target: &JsValue, event: &str, act: impl FnMut() + 'static) {
    let act = Closure::<dyn FnMut()>::new(act).into_js_value();
    if let Ok(add) = js::member(target, "addEventListener").dyn_into::<js_sys::Function>() {
        // It fails only for what takes no listeners.
        drop(add.call2(target, &event.into(), &act));
    }
}

/// That there is a new version, and the way to it; nothing as a rule.
pub(crate) fn update(state: FormState) -> El {
    let place = el_class("div", "update-area").attr("role", "status");
    let Some(news) = NEWS.with_borrow(|news| *news) else {
        return place;
    };
    place.content_fn(move || {
        if !news.there.get() {
            return Vec::new();
        }
        let reload = button("btn btn-link", move |_| reload(state)).text(tr("Reload"));
        let not_now = button("btn btn-link", move |_| news.there.set(false)).text(tr("Not now"));
        vec![
            el_class("div", "toast")
                .attr("id", "update")
                .child(el_text("span", tr("A new version of this page is ready.")))
                .child(reload)
                .child(not_now),
        ]
    })
}

/// Goes on with the new version. The draft is kept first.
fn reload(state: FormState) {
    if !draft_store::keep_now() {
        say(
            state,
            tr("The draft could not be saved. Download it first, then reload the page."),
            false,
        );
        return;
    }
    spawn_local(async {
        let workers = js::member(&window().navigator(), "serviceWorker");
        let none = JsValue::UNDEFINED;
        let registration = js::ask(&workers, "getRegistration", &none).await;
        let waiting = registration.map(|it| js::member(&it, "waiting"));
        match waiting.filter(JsValue::is_object) {
            Some(waiting) => {
                listen(&workers, "controllerchange", load_again);
                js::call(&waiting, "postMessage", &TAKE_OVER.into());
            }
            // Another tab was faster.
            None => load_again(),
        }
    });
}

fn load_again() {
    // It fails where the page is gone already.
    drop(window().location().reload());
}

/// Deletes the copy, and ends the service worker that serves it.
pub(crate) async fn remove() {
    let workers = js::member(&window().navigator(), "serviceWorker");
    let none = JsValue::UNDEFINED;
    if let Some(registration) = js::ask(&workers, "getRegistration", &none).await {
        js::ask(&registration, "unregister", &none).await;
    }
    let caches = js::member(&window(), "caches");
    let names = js::ask(&caches, "keys", &none).await;
    for name in names.iter().flat_map(js_sys::Array::from) {
        if name
            .as_string()
            .is_some_and(|name| name.starts_with(PREFIX))
        {
            js::ask(&caches, "delete", &name).await;
        }
    }
}
