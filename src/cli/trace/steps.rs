//! The trace as text for people.

use crate::cli::report::{Change, Evidence, Packet, Place, Report, Row, Step};
use crate::text::{Args, Text};

const NANOS_PER_MICRO: u64 = 1_000;
/// From the margin to the sentences.
const INDENT: &str = "        ";

/// All steps in the order of time, under the packet and the place to which they belong.
pub(super) fn text(text: &Text, report: &Report) -> String {
    let mut page = Page { text, begun: 0, out: String::new() };
    page.head(report);
    let mut steps = shown(report);
    steps.sort_by_key(|(_, _, step)| step.number);
    page.begun = steps.first().map_or(0, |(_, _, step)| step.time_ns);
    let (mut packet, mut place) = (None, None);
    for (of, at, step) in steps {
        if packet != Some(of.id) {
            page.packet(of);
            (packet, place) = (Some(of.id), None);
        }
        if place != Some(at) {
            page.place(at);
            place = Some(at);
        }
        page.step(step);
    }
    page.outcomes(report);
    page.out
}

type Shown<'a> = (&'a Packet, &'a Place, &'a Step);

/// Only decisions, unless the report has more packets than the probes and what came back.
fn shown(report: &Report) -> Vec<Shown<'_>> {
    let all = report.packets.iter().flat_map(|packet| {
        packet.hops.iter().flat_map(move |hop| hop.steps.iter().map(move |step| (packet, &hop.at, step)))
    });
    all.filter(|(_, _, step)| report.every || step.decides).collect()
}

struct Page<'a> {
    text: &'a Text,
    /// When the first step was, in nanoseconds.
    begun: u64,
    out: String,
}

impl Page<'_> {
    /// Writes one line. Writing to a string does not fail.
    fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn said(&mut self, indent: &str, id: &str, args: &Args) {
        let words = self.text.format(id, args);
        self.line(&format!("{indent}{words}"));
    }

    fn head(&mut self, report: &Report) {
        let port = report.port.map_or_else(String::new, |p| p.to_string());
        let args = Args::new().code("from", &report.from).code("to", &report.to).text("protocol", report.protocol);
        self.said("", "cli-trace-head", &args.text("port", port).number("ttl", report.ttl));
    }

    fn packet(&mut self, packet: &Packet) {
        self.line("");
        let args = Args::new().text("cause", packet.cause).text("id", packet.id);
        self.said(
            "",
            "cli-trace-packet",
            &args.text("of", packet.of.unwrap_or_default()).code("summary", &packet.summary),
        );
    }

    fn place(&mut self, place: &Place) {
        let words = place_words(self.text, place);
        self.line(&format!("  {words}"));
    }

    fn step(&mut self, step: &Step) {
        let micros = step.time_ns.saturating_sub(self.begun) / NANOS_PER_MICRO;
        let ms = format!("{}.{:03}", micros / 1_000, micros % 1_000);
        let code = step.reason.map_or_else(|| step.code.to_owned(), |reason| format!("{} {reason}", step.code));
        let args = Args::new().text("ms", ms).text("title", &step.title).code("code", code);
        let args = args.text("has-dev", if step.device.is_some() { "yes" } else { "no" });
        self.said("    ", "cli-trace-step", &args.code("dev", step.device.as_deref().unwrap_or_default()));
        self.line(&format!("{INDENT}{}", step.sentence));
        for change in &step.changes {
            self.change(change);
        }
        if let Some(evidence) = &step.evidence {
            self.evidence(evidence);
        }
    }

    fn change(&mut self, change: &Change) {
        let field = if self.text.has(change.field) { self.text.get(change.field) } else { change.field.to_uppercase() };
        let args = Args::new().text("field", field).code("before", &change.before).code("after", &change.after);
        self.said(INDENT, "cli-trace-change", &args);
    }

    fn evidence(&mut self, evidence: &Evidence) {
        if let Some(won) = &evidence.won {
            self.row("cli-trace-won", won);
        }
        for lost in &evidence.lost {
            self.row("cli-trace-lost", lost);
        }
    }

    fn row(&mut self, id: &str, row: &Row) {
        let why = row.why.as_ref().map_or("", |why| why.words.as_str());
        self.said(INDENT, id, &Args::new().code("row", &row.row).text("why", why));
    }

    fn outcomes(&mut self, report: &Report) {
        self.line("");
        for probe in &report.probes {
            let args = Args::new().text("id", probe.packet).text("sentence", &probe.sentence);
            self.said("", "cli-trace-outcome", &args);
        }
    }
}

/// Where a step happens.
pub(super) fn place_words(text: &Text, place: &Place) -> String {
    text.format("cli-trace-place", &Args::new().text("kind", place.kind).code("name", &place.name))
}
