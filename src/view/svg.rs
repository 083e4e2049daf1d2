//! A drawing as a standalone SVG: for documentation, where neither style sheets nor scripts are. It looks like the
//! app's, whose components draw the same plain data.

mod moving;
mod palette;
mod shape;

pub use palette::{DARK, LIGHT, Palette, Theme};

use super::scene::Scene;
use super::scene::geometry::{Point, Rect};
use super::scene::overlay::Overlay;
use std::fmt::Write;

/// A message: the id of a text, and what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub id: String,
    pub args: Vec<(&'static str, Value)>,
}

/// What stands in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Number(u64),
}

impl Said {
    fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), args: Vec::new() }
    }

    fn text(mut self, name: &'static str, value: &str) -> Self {
        self.args.push((name, Value::Text(value.to_owned())));
        self
    }

    fn number(mut self, name: &'static str, value: u64) -> Self {
        self.args.push((name, Value::Number(value)));
        self
    }
}

/// What is said of the whole drawing to those who do not see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caption {
    pub title: String,
    pub description: String,
}

/// Writes a drawing with what moves over it. `words` says what a message says.
pub fn svg(
    scene: &Scene,
    overlay: &Overlay,
    caption: &Caption,
    theme: Theme,
    words: &dyn Fn(&Said) -> String,
) -> String {
    let mut canvas = Canvas { out: String::new(), palette: theme.palette(), words };
    canvas.open(scene, caption);
    for shape in &scene.shapes {
        canvas.shape(shape);
    }
    for wire in scene.net.wires() {
        let colour = if wire.down { canvas.palette.bad } else { canvas.palette.edge };
        let stroke = Stroke::of(colour).wide("1.3");
        canvas.path(&wire.way, &if wire.down { stroke.dashed("3 4") } else { stroke });
    }
    for label in &scene.labels {
        let (colour, sign) = if label.down { (canvas.palette.bad, "✕ ") } else { (canvas.palette.quiet, "") };
        canvas.word(label.at, &Type::MONO_SMALL.in_colour(colour), &format!("{sign}{}", label.text));
    }
    canvas.overlay(overlay);
    canvas.out.push_str("</svg>\n");
    canvas.out
}

/// An SVG that is being written.
struct Canvas<'a> {
    out: String,
    palette: &'static Palette,
    words: &'a dyn Fn(&Said) -> String,
}

/// How a text looks.
#[derive(Clone, Copy)]
struct Type {
    size: &'static str,
    weight: u16,
    mono: bool,
    /// Empty for ink.
    fill: &'static str,
    /// Ends at its point instead of beginning there.
    end: bool,
}

impl Type {
    const TITLE: Self = Self { size: "12", weight: 650, mono: false, fill: "", end: false };
    const PLAIN: Self = Self { size: "11", weight: 400, ..Self::TITLE };
    const TINY: Self = Self { size: "10", ..Self::PLAIN };
    const NAME: Self = Self { size: "10.8", weight: 600, ..Self::TITLE };
    const MONO: Self = Self { size: "10.5", mono: true, ..Self::PLAIN };
    const MONO_TINY: Self = Self { size: "9.5", ..Self::MONO };
    const MONO_SMALL: Self = Self { size: "9", ..Self::MONO };

    const fn in_colour(self, fill: &'static str) -> Self {
        Self { fill, ..self }
    }

    const fn ending(self) -> Self {
        Self { end: true, ..self }
    }
}

/// How a line looks.
#[derive(Clone, Copy)]
struct Stroke {
    colour: &'static str,
    width: &'static str,
    /// Empty for one without gaps.
    dash: &'static str,
    opacity: &'static str,
}

impl Stroke {
    const fn of(colour: &'static str) -> Self {
        Self { colour, width: "1", dash: "", opacity: "" }
    }

    const fn dashed(self, dash: &'static str) -> Self {
        Self { dash, ..self }
    }

    const fn wide(self, width: &'static str) -> Self {
        Self { width, ..self }
    }

    fn attributes(&self) -> String {
        let mut out = format!(r#" stroke="{}" stroke-width="{}""#, self.colour, self.width);
        for (name, value) in [("stroke-dasharray", self.dash), ("opacity", self.opacity)] {
            if !value.is_empty() {
                // Writing into a string cannot fail, here and below.
                let _ = write!(out, r#" {name}="{value}""#);
            }
        }
        out
    }
}

impl Canvas<'_> {
    fn open(&mut self, scene: &Scene, caption: &Caption) {
        let (w, h) = (scene.width, scene.height);
        let (title, description) = (escaped(&caption.title), escaped(&caption.description));
        let (sans, bg) = (palette::SANS, self.palette.bg);
        let _ = writeln!(
            self.out,
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" font-family="{sans}" role="img" aria-label="{title}">"#
        );
        let _ = writeln!(self.out, "<title>{title}</title>\n<desc>{description}</desc>");
        let _ = writeln!(self.out, r#"<rect width="{w}" height="{h}" fill="{bg}"/>"#);
    }

    fn say(&self, said: &Said) -> String {
        (self.words)(said)
    }

    /// A box; an empty `fill` is none.
    fn rect(&mut self, rect: Rect, radius: i32, fill: &str, stroke: Option<Stroke>) {
        let Rect { x, y, w, h } = rect;
        let stroke = stroke.map_or_else(String::new, |s| s.attributes());
        let fill = paint(fill);
        let _ = writeln!(self.out, r#"<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{radius}"{fill}{stroke}/>"#);
    }

    fn path(&mut self, way: &[Point], stroke: &Stroke) {
        let mut data = String::new();
        for (n, p) in way.iter().enumerate() {
            let _ = write!(data, "{}{} {}", if n == 0 { 'M' } else { 'L' }, p.x, p.y);
        }
        self.line(&data, stroke);
    }

    fn line(&mut self, data: &str, stroke: &Stroke) {
        let stroke = stroke.attributes();
        let _ = writeln!(
            self.out,
            r#"<path d="{data}" fill="none" stroke-linecap="round" stroke-linejoin="round"{stroke}/>"#
        );
    }

    fn word(&mut self, at: Point, look: &Type, text: &str) {
        self.sized_word(at, look, look.size, text);
    }

    fn sized_word(&mut self, at: Point, look: &Type, size: &str, text: &str) {
        let fill = if look.fill.is_empty() { self.palette.ink } else { look.fill };
        let mut attributes = String::new();
        if look.weight != 400 {
            let _ = write!(attributes, r#" font-weight="{}""#, look.weight);
        }
        if look.mono {
            let _ = write!(attributes, r#" font-family="{}""#, palette::MONO);
        }
        if look.end {
            attributes.push_str(r#" text-anchor="end""#);
        }
        let (Point { x, y }, text) = (at, escaped(text));
        let _ =
            writeln!(self.out, r#"<text x="{x}" y="{y}" font-size="{size}" fill="{fill}"{attributes}>{text}</text>"#);
    }
}

/// A colour as an attribute. Old programs do not know a colour with its opacity behind it, so that stands apart.
fn paint(fill: &str) -> String {
    match fill.split_at_checked(7) {
        Some((colour, alpha)) if !alpha.is_empty() => {
            let opacity = u32::from_str_radix(alpha, 16).unwrap_or(255) * 100 / 256;
            format!(r#" fill="{colour}" fill-opacity="0.{opacity:02}""#)
        }
        _ if fill.is_empty() => r#" fill="none""#.to_owned(),
        _ => format!(r#" fill="{fill}""#),
    }
}

/// Text as XML takes it: control characters, which it does not, are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
