//! `podhop trace`: sends packets in the world of a scenario, and shows what became of them.

mod pcap;
mod steps;

use super::failure::{Failure, Usage};
use super::output::Output;
use super::report::{Report, place, report};
use super::{Status, args, help, render, scenario};
use crate::session::Turn;
use crate::shell::frame_line;
use crate::sim::action::Action;
use crate::sim::action::send::MAX_COUNT;
use crate::sim::engine::probe::{Probe, ProbeProtocol};
use crate::sim::packet::{DEFAULT_TTL, Frame};
use crate::text::{self, Text};
use crate::view::line::{Detail, line};
use crate::view::mermaid::{self, Labels};
use lexopt::Parser;
use lexopt::prelude::{Long, Short};
use std::path::PathBuf;
use std::rc::Rc;

#[derive(Clone, Copy)]
enum Format {
    Text,
    Json,
    Pcap,
    Svg,
    Mermaid,
}

#[derive(Clone, Copy)]
enum Protocol {
    Icmp,
    Tcp,
    Udp,
}

#[derive(Clone, Copy)]
enum Expect {
    Delivered,
    Dropped,
}

const FORMATS: &[(&str, Format)] = &[
    ("text", Format::Text),
    ("json", Format::Json),
    ("pcap", Format::Pcap),
    ("svg", Format::Svg),
    ("mermaid", Format::Mermaid),
];
const PROTOCOLS: &[(&str, Protocol)] = &[("icmp", Protocol::Icmp), ("tcp", Protocol::Tcp), ("udp", Protocol::Udp)];
const EXPECTATIONS: &[(&str, Expect)] = &[("delivered", Expect::Delivered), ("dropped", Expect::Dropped)];

/// What stands on the command line.
#[derive(Default)]
struct Raw {
    scenario: Option<PathBuf>,
    from: Option<String>,
    to: Option<String>,
    protocol: Option<Protocol>,
    dport: Option<u16>,
    ttl: Option<u8>,
    count: Option<u16>,
    format: Option<Format>,
    at: Option<String>,
    every: bool,
    expect: Option<Expect>,
    output: Option<PathBuf>,
}

/// What is to be done.
struct Options {
    scenario: PathBuf,
    action: Action,
    /// Where the first packet begins.
    from: String,
    format: Format,
    at: Option<String>,
    every: bool,
    expect: Option<Expect>,
    output: Option<PathBuf>,
}

pub(super) fn run(mut parser: Parser, text: &Text, output: &mut Output<'_>) -> Result<Status, Failure> {
    let Some(raw) = read(&mut parser)? else { return help("cli-help-trace", text, output) };
    let options = raw.checked()?;
    let mut session = scenario::load(&options.scenario)?;
    if let Err(error) = session.act(options.action.clone()) {
        return Err(Failure::Send { error, world: Box::new(session.world().clone()) });
    }
    let Some(turn) = session.turns().last().map(Rc::clone) else { return Ok(Status::Done) };
    let report = report(text, &turn, options.every);
    output.redirect(options.output.clone());
    output.write(&answer(&options, text, &turn, &report)?)?;
    Ok(options.verdict(&report))
}

fn answer(options: &Options, text: &Text, turn: &Turn, report: &Report) -> Result<Vec<u8>, Failure> {
    let detail = if options.every { Detail::Every } else { Detail::Decisions };
    Ok(match options.format {
        Format::Text => steps::text(text, report).into_bytes(),
        Format::Json => report.to_json().into_bytes(),
        Format::Pcap => pcap::capture(options.at.as_deref().unwrap_or(&options.from), options.at.is_some(), turn)?,
        Format::Svg => render::last_step(text, turn, detail).into_bytes(),
        Format::Mermaid => diagram(text, turn, detail).into_bytes(),
    })
}

fn diagram(text: &Text, turn: &Turn, detail: Detail) -> String {
    let labels = Labels {
        place: &|at| steps::place_words(text, &place(turn, at)),
        frame: &arrow,
        step: &|step| text::explain(text, step, &turn.world).title,
    };
    mermaid::sequence(turn, &line(turn, detail), &labels)
}

/// A frame on its arrow: the TTL tells the hops apart.
fn arrow(frame: &Frame) -> String {
    let ttl = frame.body.packet().map_or_else(String::new, |p| format!(", ttl {}", p.ttl));
    format!("{}{ttl}", frame_line(frame))
}

/// Reads the options; `None` when help is asked for.
fn read(parser: &mut Parser) -> Result<Option<Raw>, Usage> {
    let mut raw = Raw::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("scenario") => raw.scenario = Some(args::path(parser)?),
            Long("from") => raw.from = Some(args::text(parser)?),
            Long("to") => raw.to = Some(args::text(parser)?),
            Long("proto") => raw.protocol = Some(args::choice(parser, "--proto", PROTOCOLS)?),
            Long("dport") => raw.dport = Some(args::number(parser, "--dport", 1..=u16::MAX)?),
            Long("ttl") => raw.ttl = Some(args::number(parser, "--ttl", 1..=u8::MAX)?),
            Long("count") => raw.count = Some(args::number(parser, "--count", 1..=MAX_COUNT)?),
            Long("format") => raw.format = Some(args::choice(parser, "--format", FORMATS)?),
            Long("at") => raw.at = Some(args::text(parser)?),
            Long("every") => raw.every = true,
            Long("expect") => raw.expect = Some(args::choice(parser, "--expect", EXPECTATIONS)?),
            Short('o') | Long("output") => raw.output = Some(args::path(parser)?),
            Short('h') | Long("help") => return Ok(None),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(raw))
}

impl Raw {
    fn checked(self) -> Result<Options, Usage> {
        let scenario = args::required(self.scenario, "--scenario")?;
        let from = args::required(self.from, "--from")?;
        let to = args::required(self.to, "--to")?;
        let protocol = match (self.protocol.unwrap_or(Protocol::Icmp), self.dport) {
            (Protocol::Icmp, None) => ProbeProtocol::Icmp,
            (Protocol::Icmp, Some(_)) => return Err(Usage::OnlyWith { option: "--dport", with: "--proto tcp|udp" }),
            (Protocol::Tcp, port) => ProbeProtocol::Tcp { port: args::required(port, "--dport")? },
            (Protocol::Udp, port) => ProbeProtocol::Udp { port: args::required(port, "--dport")? },
        };
        let format = self.format.unwrap_or(Format::Text);
        if self.at.is_some() && !matches!(format, Format::Pcap) {
            return Err(Usage::OnlyWith { option: "--at", with: "--format pcap" });
        }
        let probe = Probe { protocol, ttl: self.ttl.unwrap_or(DEFAULT_TTL), ..Probe::ping() };
        let action = Action::Send { from: from.clone(), to, probe, count: self.count.unwrap_or(1) };
        let Self { at, every, expect, output, .. } = self;
        Ok(Options { scenario, action, from, format, at, every, expect, output })
    }
}

impl Options {
    /// Whether what was expected came true.
    fn verdict(&self, report: &Report) -> Status {
        let holds = match self.expect {
            None => true,
            Some(Expect::Delivered) => report.delivered,
            Some(Expect::Dropped) => report.dropped(),
        };
        if holds { Status::Done } else { Status::No }
    }
}
