//! Lines of a chart as plain data. Plotters scales and clips; what it draws is collected here instead of being written
//! as text, so that nothing becomes HTML, and no text is measured, which in a browser touches the page.

use crate::view::chart::Chart;
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{Cartesian2d, DrawingArea, DrawingBackend, IntoDrawingArea, PathElement, RGBColor, ShapeStyle};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingErrorKind};
use std::convert::Infallible;

/// Size of the drawing in its own units.
pub(super) const WIDTH: u16 = 3000;
pub(super) const HEIGHT: u16 = 900;

/// Room above the highest value, for its number.
const HEADROOM: f64 = 1.15;

/// One line, by the number of its series.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stroke {
    pub(super) series: usize,
    pub(super) points: Vec<(i32, i32)>,
}

/// Collects paths.
struct Collector<'a>(&'a mut Vec<Stroke>);

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Collector<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (u32::from(WIDTH), u32::from(HEIGHT))
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, _point: BackendCoord, _color: BackendColor) -> Drawn {
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let series = usize::from(style.color().rgb.2);
        self.0.push(Stroke { series, points: path.into_iter().collect() });
        Ok(())
    }
}

/// The lines of a chart, each value held until the next, from the beginning of time to its end.
pub(super) fn plot(chart: &Chart) -> Vec<Stroke> {
    let mut strokes = Vec::new();
    draw(chart, &mut strokes);
    strokes
}

fn draw(chart: &Chart, strokes: &mut Vec<Stroke>) -> Option<()> {
    let area: DrawingArea<Collector<'_>, Shift> = Collector(strokes).into_drawing_area();
    let (end, top) = (seconds(chart.end.0).max(1.0), value(chart.highest).max(1.0) * HEADROOM);
    let pixels = (0..i32::from(WIDTH), i32::from(HEIGHT)..0);
    let area = area.apply_coord_spec(Cartesian2d::<RangedCoordf64, RangedCoordf64>::new(0.0..end, 0.0..top, pixels));
    for (line, series) in chart.lines.iter().zip(0u8..) {
        let mut points: Vec<(f64, f64)> = Vec::new();
        for (time, count) in &line.points {
            if let Some((_, before)) = points.last().copied() {
                points.push((seconds(time.0), before));
            }
            points.push((seconds(time.0), value(*count)));
        }
        if let Some((_, last)) = points.last().copied() {
            points.push((end, last));
        }
        // The colour stands for the number of the series; the page has its own colours.
        area.draw(&PathElement::new(points, ShapeStyle::from(&RGBColor(0, 0, series)))).ok()?;
    }
    Some(())
}

#[expect(clippy::cast_precision_loss, reason = "a chart is no finer than its pixels")]
fn seconds(nanos: u64) -> f64 {
    nanos as f64 / 1e9
}

#[expect(clippy::cast_precision_loss, reason = "a chart is no finer than its pixels")]
fn value(count: u64) -> f64 {
    count as f64
}
