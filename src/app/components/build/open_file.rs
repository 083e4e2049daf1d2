//! Opens a scenario file; one that cannot be opened says where and why, and leaves all as it is.

use crate::app::dom::html;
use crate::app::hooks::kept::use_state_eq;
use crate::app::hooks::use_text;
use crate::app::platform::file::read_picked;
use crate::app::state::{Msg, Store};
use crate::session::Session;
use crate::sim::scenario::Scenario;
use crate::text::{Args, Text, file_error, replay_error};
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) store: Store,
}

/// How the opening went.
#[derive(Clone, Debug, PartialEq)]
enum Said {
    Good(String),
    Bad(String),
}

/// The button with what came of it.
#[component]
pub(super) fn OpenFile(props: &Props) -> Html {
    let text = use_text();
    let said = use_state_eq(|| None::<Said>);
    let reader = use_mut_ref(|| None);
    let onchange = {
        let (said, reader, text, dispatch) = (said.setter(), reader, text.clone(), props.store.dispatcher());
        move |event: Event| {
            let (said, text, dispatch) = (said.clone(), text.clone(), dispatch.clone());
            let reading = read_picked(&event, move |name, content| match open(content.as_deref(), &text) {
                Ok(session) => {
                    dispatch.dispatch(Msg::Replace(Box::new(session)));
                    said.set(Some(Said::Good(text.format("build-opened", &Args::new().text("name", name)))));
                }
                Err(why) => {
                    said.set(Some(Said::Bad(
                        text.format("build-not-opened", &Args::new().text("name", name).text("why", why)),
                    )));
                }
            });
            reader.replace(reading);
        }
    };
    html! {
        <>
            <label class="chip file">
                { text.get("build-open") }
                <input type="file" class="visually-hidden" accept=".json,application/json" {onchange} />
            </label>
            <div class="opened" aria-live="polite">
                { match &*said {
                    None => Html::default(),
                    Some(Said::Good(words)) => html! { <p class="note">{ words }</p> },
                    Some(Said::Bad(words)) => html! { <p class="error" role="alert">{ words }</p> },
                } }
            </div>
        </>
    }
}

/// The session of a file's text, or why there is none.
pub(super) fn open(content: Option<&str>, text: &Text) -> Result<Session, String> {
    let content = content.ok_or_else(|| text.get("build-file-unreadable"))?;
    let scenario = Scenario::parse(content).map_err(|e| file_error(text, &e, content))?;
    Session::load(&scenario).map_err(|e| replay_error(text, &e))
}
