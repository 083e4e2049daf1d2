//! How far to trust what is shown: the rows of `tests/oracle/TRUST.md`, in the help.

use crate::app::dom::html;
use crate::app::hooks::kept::use_memo;
use crate::app::hooks::use_text;
use crate::text::Text;
use crate::text::trust::{TrustGroup, TrustRow, WORDS, groups};
use yew::prelude::{Html, component};

/// What was judged and by whom, folded away until somebody asks.
#[component]
pub fn Trust() -> Html {
    let text = use_text();
    // A test reads the words, so none is missing.
    let all = use_memo((), |()| Text::new("en", &[WORDS]).map(|words| groups(&words)).unwrap_or_default());
    html! {
        <details class="trust">
            <summary>{ text.get("lab-trust") }</summary>
            { for all.iter().map(|group| section(&text, group)) }
        </details>
    }
}

fn section(text: &Text, group: &TrustGroup) -> Html {
    html! {
        <section key={group.title.clone()}>
            <h3>{ &group.title }</h3>
            <dl>{ for group.rows.iter().map(|one| row(text, one)) }</dl>
        </section>
    }
}

fn row(text: &Text, row: &TrustRow) -> Html {
    let judges = if row.judged_by.is_empty() { text.get("lab-trust-nobody") } else { row.judged_by.join("; ") };
    html! {
        <div key={row.part.clone()}>
            <dt>{ &row.part }</dt>
            <dd>
                { judges }
                if let Some(limit) = &row.limit { <p class="note">{ limit }</p> }
            </dd>
        </div>
    }
}
