//! What survives a reload. Storage may be closed to the page, full, or hold what nobody can read any more: none of it
//! may stop the app, and nothing is thrown away unseen.

use super::Notice;
use crate::app::hooks::kept::use_state_eq;
use crate::app::state::{Msg, State, Store};
use crate::session::Session;
use crate::session::kept::Kept;
use crate::sim::scenario::Scenario;
use crate::text::{Text, file_error, replay_error};
use crate::view::line::Detail;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::window;
use std::rc::Rc;
use yew::prelude::*;

/// Where the sitting is kept. The number is that of the format.
pub const KEY: &str = "podhop.v1";
/// Where a sitting is put that could not be opened.
pub const ASIDE: &str = "podhop.aside";
/// Set while a sitting is being opened. Where it is found set, the opening before did not come to its end.
const OPENING: &str = "podhop.opening";
/// From the last change to the write.
const DEBOUNCE_MS: u32 = 400;

/// What was found at the start.
#[derive(Debug, Default)]
pub struct Loaded {
    pub session: Option<Session>,
    pub detail: Detail,
    pub notice: Option<Notice>,
}

/// Whether a sitting is kept.
pub fn holds_sitting() -> bool {
    read(KEY).is_some()
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// A value of the page's storage; `None` where there is none or the storage is closed.
pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps a value. `false` when the storage is closed or full.
pub fn write(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// Keeps a value no longer.
pub fn remove(key: &str) {
    if let Some(storage) = storage() {
        // A storage that takes nothing has nothing to remove.
        let _ = storage.remove_item(key);
    }
}

/// The sitting that was kept. One that cannot be opened, or brought the page down when it was opened last, is set
/// aside and told of.
pub fn load(text: &Text) -> Loaded {
    let Some(kept) = read(KEY) else { return Loaded::default() };
    let unfinished = read(OPENING).is_some();
    write(OPENING, "1");
    let opened = if unfinished { Err(text.get("build-notice-unfinished")) } else { open(&kept, text) };
    remove(OPENING);
    match opened {
        Ok((session, detail)) => Loaded { session: Some(session), detail, notice: None },
        Err(why) => Loaded { notice: Some(set_aside(&kept, why)), ..Loaded::default() },
    }
}

fn open(kept: &str, text: &Text) -> Result<(Session, Detail), String> {
    let kept = Kept::parse(kept).map_err(|e| e.words(kept))?;
    let scenario = Scenario::parse(&kept.scenario).map_err(|e| file_error(text, &e, &kept.scenario))?;
    let mut session = Session::load(&scenario).map_err(|e| replay_error(text, &e))?;
    kept.restore(&mut session);
    Ok((session, if kept.every_step { Detail::Every } else { Detail::Decisions }))
}

/// Where the other key holds something already, that stays too.
fn set_aside(kept: &str, why: String) -> Notice {
    let key = match read(ASIDE) {
        None => ASIDE.to_owned(),
        Some(before) if before == kept => ASIDE.to_owned(),
        Some(_) => (2..100).map(|n| format!("{ASIDE}.{n}")).find(|k| read(k).is_none()).unwrap_or(ASIDE.to_owned()),
    };
    let moved = write(&key, kept);
    if moved {
        remove(KEY);
    }
    let id = if moved { "build-notice-aside" } else { "build-notice-unreadable" };
    Notice::new(id, [("why", why), ("key", key)])
}

fn keep(state: &State) -> Option<Notice> {
    let json = Kept::of(&state.session, state.detail == Detail::Every).to_text();
    // Storage that is closed was never promised; storage that is full was.
    let failed = storage().is_some_and(|s| s.set_item(KEY, &json).is_err());
    failed.then(|| Notice::new("build-notice-full", [("size", (json.len() / 1024).to_string())]))
}

/// What of a state decides whether the sitting has changed.
pub type Mark = (u64, Detail);

/// Keeps the sitting a moment after each change; what nobody has touched since `untouched` is not kept. Returns what
/// there is to tell of it.
#[hook]
pub fn use_autosave(store: &Store, untouched: Mark) -> Option<Notice> {
    let notice = use_state_eq(|| None);
    let set = notice.setter();
    let latest = store.clone();
    use_effect_with((store.revision, store.detail), move |now| {
        let touched = *now != untouched;
        let leaving = latest.clone();
        // A page that is left sooner than that keeps it too.
        let left = touched.then(|| EventListener::new(&window(), "pagehide", move |_| drop(keep(&leaving))));
        let timer = touched.then(|| Timeout::new(DEBOUNCE_MS, move || set.set(keep(&latest))));
        move || drop((timer, left))
    });
    (*notice).clone()
}

/// The state to begin with: the sitting that was kept, else `otherwise`.
pub fn first_state(text: &Text, otherwise: impl FnOnce() -> Session) -> (State, Option<Notice>) {
    let loaded = load(text);
    let state = Rc::new(State::new(loaded.session.unwrap_or_else(otherwise)));
    let state = state.reduce(Msg::Detail(loaded.detail));
    (Rc::unwrap_or_clone(state), loaded.notice)
}
