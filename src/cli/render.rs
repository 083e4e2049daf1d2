//! `podhop render`: draws one step of the last action of a scenario.

use super::failure::{Failure, Usage};
use super::output::Output;
use super::{Status, args, help, scenario};
use crate::session::Turn;
use crate::sim::world::World;
use crate::text::{Arg, Args, Text, explain, step_spoken};
use crate::view::line::{Detail, line};
use crate::view::scene::overlay::{At, Overlay, overlay};
use crate::view::scene::way::{shown, way};
use crate::view::svg::{self, Caption, Said, Theme, Value};
use lexopt::Parser;
use lexopt::prelude::{Long, Short};
use std::path::PathBuf;

/// Machines side by side, as on a wide screen.
const COLUMNS: usize = 2;
const THEMES: &[(&str, Theme)] = &[("light", Theme::Light), ("dark", Theme::Dark)];

/// Which step of the line.
#[derive(Clone, Copy, Default)]
enum Position {
    /// Before the first.
    First,
    #[default]
    Last,
    /// From 1.
    Number(usize),
}

#[derive(Default)]
struct Options {
    scenario: Option<PathBuf>,
    step: Position,
    every: bool,
    theme: Theme,
    output: Option<PathBuf>,
}

pub(super) fn run(mut parser: Parser, text: &Text, output: &mut Output<'_>) -> Result<Status, Failure> {
    let Some(options) = read(&mut parser)? else { return help("cli-help-render", text, output) };
    let session = scenario::load(&args::required(options.scenario, "--scenario")?)?;
    let detail = if options.every { Detail::Every } else { Detail::Decisions };
    let drawing = match session.turns().last() {
        Some(turn) => {
            let shown = Shown::new(turn, detail);
            let position = shown.position(options.step)?;
            shown.svg(text, position, options.theme)
        }
        None => match options.step {
            Position::Number(step) => return Err(Failure::NoSuchStep { step, last: 0 }),
            Position::First | Position::Last => empty(text, session.world(), options.theme),
        },
    };
    output.redirect(options.output);
    output.print(&drawing)?;
    Ok(Status::Done)
}

/// Draws the last step of a turn.
pub(super) fn last_step(text: &Text, turn: &Turn, detail: Detail) -> String {
    let shown = Shown::new(turn, detail);
    shown.svg(text, shown.line.len(), Theme::Light)
}

/// Reads the options; `None` when help is asked for.
fn read(parser: &mut Parser) -> Result<Option<Options>, Usage> {
    let mut options = Options::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("scenario") => options.scenario = Some(args::path(parser)?),
            Long("step") => options.step = Position::read(parser)?,
            Long("every") => options.every = true,
            Long("theme") => options.theme = args::choice(parser, "--theme", THEMES)?,
            Short('o') | Long("output") => options.output = Some(args::path(parser)?),
            Short('h') | Long("help") => return Ok(None),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(options))
}

impl Position {
    fn read(parser: &mut Parser) -> Result<Self, Usage> {
        let value = args::text(parser)?;
        match (value.as_str(), value.parse()) {
            ("first", _) => Ok(Self::First),
            ("last", _) => Ok(Self::Last),
            (_, Ok(number)) if number > 0 => Ok(Self::Number(number)),
            _ => Err(Usage::NotAStep { option: "--step", value }),
        }
    }
}

/// A turn with the steps that are counted.
struct Shown<'a> {
    turn: &'a Turn,
    line: Vec<usize>,
    detail: Detail,
}

impl<'a> Shown<'a> {
    fn new(turn: &'a Turn, detail: Detail) -> Self {
        Self { turn, line: line(turn, detail), detail }
    }

    /// Number of steps of the line done.
    fn position(&self, wanted: Position) -> Result<usize, Failure> {
        let last = self.line.len();
        match wanted {
            Position::First => Ok(0),
            Position::Last => Ok(last),
            Position::Number(step) if step <= last => Ok(step),
            Position::Number(step) => Err(Failure::NoSuchStep { step, last }),
        }
    }

    fn svg(&self, text: &Text, position: usize, theme: Theme) -> String {
        let turn = self.turn;
        let step = position.checked_sub(1).and_then(|n| turn.record.steps.get(*self.line.get(n)?));
        let world = step.and_then(|s| s.world.as_deref()).unwrap_or(&turn.world);
        let scene = shown(Some(turn), world, None, COLUMNS);
        let way = way(&scene.net, turn, &self.line);
        let at = At { position, before: position, detail: self.detail };
        let overlay = overlay(&scene, &way, turn, &self.line, at);
        let caption = step.map_or_else(
            || before_first(text),
            |s| Caption { title: explain(text, s, world).title, description: step_spoken(text, s, world) },
        );
        svg::svg(&scene, &overlay, &caption, theme, &|said| words(text, said))
    }
}

fn before_first(text: &Text) -> Caption {
    Caption { title: text.get("before-first-step"), description: String::new() }
}

/// The drawing of a scenario without actions.
fn empty(text: &Text, world: &World, theme: Theme) -> String {
    let scene = shown(None, world, None, COLUMNS);
    svg::svg(&scene, &Overlay::default(), &before_first(text), theme, &|said| words(text, said))
}

fn words(text: &Text, said: &Said) -> String {
    let with = |args: Args, (name, value): &(&'static str, Value)| match value {
        Value::Text(text) => args.with(name, Arg::Text(text.clone())),
        Value::Number(number) => args.number(name, *number),
    };
    text.format(&said.id, &said.args.iter().fold(Args::new(), with))
}
