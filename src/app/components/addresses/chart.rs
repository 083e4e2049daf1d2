//! Addresses by state over virtual time, with the slider by which one looks at another moment.

use super::count_words;
use super::plot::{HEIGHT, Stroke, WIDTH, plot};
use crate::app::components::build::Head;
use crate::app::dom::{classes, html};
use crate::app::hooks::kept::{State, use_memo, use_state_eq};
use crate::app::hooks::use_text;
use crate::app::state::{Msg, Store};
use crate::session::Cursor;
use crate::sim::time::Time;
use crate::text::{Args, Text};
use crate::view::address_map::Space;
use crate::view::chart::{Chart, Line, chart, cursor_at};
use crate::view::history::clock;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) store: Store,
    pub(super) space: Space,
}

/// The chart with its slider and legend.
#[component]
pub(super) fn ChartView(props: &Props) -> Html {
    let text = use_text();
    let session = &props.store.session;
    let free = use_state_eq(|| false);
    let drawn = use_memo((Head::of(session), props.space, *free), |(_, space, free)| {
        let chart = chart(session, *space, *free);
        let strokes = plot(&chart);
        (chart, strokes)
    });
    let (chart, strokes) = (&drawn.0, &drawn.1);
    let now = session.world_at_cursor().now;
    // The second that was chosen: the moment that is shown for it may be an earlier one.
    let chosen = use_state_eq(|| None::<(Cursor, u64)>);
    let toggle = {
        let free = free.clone();
        move |_: Event| free.set(!*free)
    };
    html! {
        <div class="over-time">
            <h3>{ text.get("addr-over-time") }</h3>
            { picture(&text, chart, strokes, now) }
            { slider(&props.store, &text, chart.end, &chosen) }
            <ul class="legend" aria-label={text.get("addr-legend")}>
                { for chart.lines.iter().map(|line| entry(&text, line, now)) }
            </ul>
            <label class="check">
                <input type="checkbox" checked={*free} onchange={toggle} />
                { text.get("addr-show-free") }
            </label>
        </div>
    }
}

fn picture(text: &Text, chart: &Chart, strokes: &[Stroke], now: Time) -> Html {
    let label = text.format("addr-chart", &Args::new().code("end", clock(chart.end)).number("highest", chart.highest));
    let x = u64::from(WIDTH) * now.0.min(chart.end.0) / chart.end.0.max(1);
    html! {
        <div class="chart">
            <svg viewBox={format!("-20 -40 {} {}", WIDTH + 40, HEIGHT + 80)} preserveAspectRatio="none" role="img"
                aria-label={label}>
                <path class="axis" d={format!("M0 0V{HEIGHT}H{WIDTH}")} />
                { for strokes.iter().map(|stroke| {
                    let code = chart.lines.get(stroke.series).map_or("", |line| line.series.code());
                    let points = stroke.points.iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ");
                    html! { <polyline key={stroke.series} class={classes!("series", code)} {points} /> }
                }) }
                <path class="now" d={format!("M{x} 0V{HEIGHT}")} />
            </svg>
            <span class="highest" aria-hidden="true">{ chart.highest.to_string() }</span>
        </div>
    }
}

/// One line in words: what it counts, and its value at the moment at which one looks.
fn entry(text: &Text, line: &Line, now: Time) -> Html {
    let at = line.points.partition_point(|(time, _)| *time <= now);
    let value = at.checked_sub(1).and_then(|i| line.points.get(i)).map_or(0, |(_, n)| *n);
    let code = line.series.code();
    html! {
        <li key={code}>
            <svg class="key" viewBox="0 0 24 8"
                aria-hidden="true"><path class={classes!("series", code)} d="M0 4H24" /></svg>
            { count_words(text, code, value) }
        </li>
    }
}

/// Seconds of virtual time; the last position is the very end.
fn slider(store: &Store, text: &Text, end: Time, chosen: &State<Option<(Cursor, u64)>>) -> Html {
    const SECOND: u64 = 1_000_000_000;
    let (now, here) = (store.session.world_at_cursor().now, store.session.cursor());
    let second = chosen.filter(|(cursor, _)| *cursor == here).map_or(now.0.div_ceil(SECOND), |(_, second)| second);
    let oninput = {
        let (store, chosen) = (store.clone(), chosen.setter());
        move |event: InputEvent| {
            let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            if let Some(seconds) = input.and_then(|i| i.value().parse::<u64>().ok()) {
                let cursor = cursor_at(&store.session, Time(seconds.saturating_mul(SECOND)));
                chosen.set(Some((cursor, seconds)));
                store.dispatch(Msg::Seek(cursor));
            }
        }
    };
    html! {
        <div class="slider">
            <input type="range" id="addr-time" min="0" max={end.0.div_ceil(SECOND).to_string()} step="1"
                value={second.to_string()} {oninput}
                aria-label={text.get("addr-time")} aria-valuetext={clock(now)} />
            <output for="addr-time" class="mono">{ format!("{} / {}", clock(now), clock(end)) }</output>
        </div>
    }
}
