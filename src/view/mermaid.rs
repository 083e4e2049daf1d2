//! The way of packets as a sequence diagram of Mermaid: places are participants, crossings are arrows.
//! Source: mermaid.js.org/syntax/sequenceDiagram.html.

use crate::session::Turn;
use crate::sim::ids::FrameId;
use crate::sim::packet::{Body, Frame};
use crate::sim::record::decision::Decision;
use crate::sim::record::{Place, Step};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Words of the diagram.
pub struct Labels<'a> {
    pub place: &'a dyn Fn(Place) -> String,
    /// What a frame is, on its arrow.
    pub frame: &'a dyn Fn(&Frame) -> String,
    /// What was decided at a step, as a note.
    pub step: &'a dyn Fn(&Step) -> String,
}

impl std::fmt::Debug for Labels<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Labels").finish_non_exhaustive()
    }
}

/// A diagram of the steps at `line`, positions in the turn's record. Steps of control loops are left out.
pub fn sequence(turn: &Turn, line: &[usize], labels: &Labels<'_>) -> String {
    let mut diagram = Diagram { turn, labels, places: Vec::new(), last: BTreeMap::new(), body: String::new() };
    for step in line.iter().filter_map(|&i| turn.record.steps.get(i)).filter(|s| s.at != Place::Control) {
        diagram.step(step);
    }
    diagram.finish()
}

struct Diagram<'a> {
    turn: &'a Turn,
    labels: &'a Labels<'a>,
    /// In the order in which packets came by.
    places: Vec<Place>,
    /// Where each copy of a frame was last.
    last: BTreeMap<FrameId, Place>,
    body: String,
}

impl Diagram<'_> {
    fn step(&mut self, step: &Step) {
        let here = self.participant(step.at);
        let frame = step.before.as_ref().or(step.after.as_ref());
        if let Some(frame) = frame {
            self.arrow(frame, step.at, here);
        }
        let words = escaped(&(self.labels.step)(step));
        match (&step.decision, frame) {
            (Decision::Drop(_), Some(_)) => self.line(&format!("p{here}-xp{here}: {words}")),
            _ => self.line(&format!("Note over p{here}: {words}")),
        }
    }

    /// The frame has come from another place since it was seen last.
    fn arrow(&mut self, frame: &Frame, at: Place, here: usize) {
        let before = self.before(frame.id);
        self.last.insert(frame.id, at);
        let Some(before) = before.filter(|b| *b != at) else { return };
        let from = self.participant(before);
        let head = if matches!(frame.body, Body::Arp(_)) { "-->>" } else { "->>" };
        let words = escaped(&(self.labels.frame)(frame));
        self.line(&format!("p{from}{head}p{here}: {words}"));
    }

    fn before(&self, frame: FrameId) -> Option<Place> {
        let mut id = Some(frame);
        while let Some(frame) = id {
            if let Some(place) = self.last.get(&frame) {
                return Some(*place);
            }
            id = self.turn.record.frame(frame).and_then(|f| f.parent);
        }
        None
    }

    /// Number of a place; a new one comes behind the others.
    fn participant(&mut self, at: Place) -> usize {
        self.places.iter().position(|p| *p == at).unwrap_or_else(|| {
            self.places.push(at);
            self.places.len() - 1
        })
    }

    fn line(&mut self, line: &str) {
        let _ = writeln!(self.body, "    {line}");
    }

    fn finish(self) -> String {
        let mut out = String::from("sequenceDiagram\n");
        for (number, place) in self.places.iter().enumerate() {
            let _ = writeln!(out, "    participant p{number} as {}", escaped(&(self.labels.place)(*place)));
        }
        out.push_str(&self.body);
        out
    }
}

/// A semicolon ends a statement and a number sign begins an entity; so both are written as entities.
fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            ';' => out.push_str("#59;"),
            '#' => out.push_str("#35;"),
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
