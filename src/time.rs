//! Days and times where the browser is, as the language of the page writes them: `18:20` today; on any other day
//! `2026-11-22 18:20` in English and `2026年11月22日 18:20` in Chinese.

use js_sys::Date;
use wasm_bindgen::JsValue;

use crate::language::{Language, current};

/// Length of a day as [`written`] has it, with the space behind it.
const DAY: usize = "2026-11-22 ".len();
/// Length of a time without its seconds.
const MINUTES: usize = "2026-11-22 18:20".len();

/// A time as `2026-11-22 18:20:00`: so Swedish writes it.
fn written(date: &Date) -> String {
    date.to_locale_string("sv-SE", &JsValue::UNDEFINED).into()
}

/// The time now, as it is kept.
pub(crate) fn now() -> String {
    written(&Date::new_0())
}

/// A time that was kept, to the minute.
pub(crate) fn moment(kept: &str) -> String {
    said(kept, kept.get(..MINUTES).unwrap_or(kept))
}

/// A time in milliseconds since 1970, to the second; nothing for one that is none.
pub(crate) fn moment_of(milliseconds: f64) -> String {
    if milliseconds.is_nan() || milliseconds <= 0.0 {
        return String::new();
    }
    let time = written(&Date::new(&milliseconds.into()));
    said(&time, &time)
}

/// A time without its day where that is today. `shown` is as much of it as is told.
fn said(time: &str, shown: &str) -> String {
    let (Some(date), Some(clock)) = (time.get(..DAY), shown.get(DAY..)) else {
        return shown.to_owned();
    };
    if now().get(..DAY) == Some(date) {
        return clock.to_owned();
    }
    [&day(date.trim_end()), " ", clock].concat()
}

/// A day that is written as `2026-11-22`.
pub(crate) fn day(iso: &str) -> String {
    if current() == Language::English {
        return iso.to_owned();
    }
    // At noon it is the same day in any zone.
    let date = Date::new(&[iso, "T12:00:00"].concat().into());
    if date.get_time().is_nan() {
        return iso.to_owned();
    }
    let options = js_sys::Object::new();
    // It fails only for what is no object.
    drop(js_sys::Reflect::set(
        &options,
        &"dateStyle".into(),
        &"long".into(),
    ));
    let tag = current().tag();
    date.to_locale_date_string(tag, &options).into()
}
