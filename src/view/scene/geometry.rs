//! Points and boxes of the drawing, in whole units: about one CSS pixel each at 1280 x 720.

/// A point; y grows downward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    pub x: i32,
    pub y: i32,
}

/// An upright box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rect {
    pub x: i32,
    pub y: i32,
    pub w: i32,
    pub h: i32,
}

impl Point {
    pub const fn new(x: i32, y: i32) -> Self {
        Self { x, y }
    }
}

impl Rect {
    pub const fn new(x: i32, y: i32, w: i32, h: i32) -> Self {
        Self { x, y, w, h }
    }

    pub const fn right(&self) -> i32 {
        self.x + self.w
    }

    pub const fn bottom(&self) -> i32 {
        self.y + self.h
    }

    pub const fn mid_x(&self) -> i32 {
        self.x + self.w / 2
    }

    pub const fn mid_y(&self) -> i32 {
        self.y + self.h / 2
    }

    /// Whether a point lies in the box or on its edge.
    pub const fn holds(&self, p: Point) -> bool {
        p.x >= self.x && p.x <= self.right() && p.y >= self.y && p.y <= self.bottom()
    }

    /// A box that is larger by `by` on every side.
    #[must_use]
    pub const fn grown(&self, by: i32) -> Self {
        Self { x: self.x - by, y: self.y - by, w: self.w + 2 * by, h: self.h + 2 * by }
    }
}

/// A way without points that lie between two others on one line, or twice at one place.
pub fn simplified(way: &[Point]) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::with_capacity(way.len());
    for &p in way {
        if out.last() == Some(&p) {
            continue;
        }
        if let [.., a, b] = out[..]
            && between(a, b, p)
        {
            out.pop();
        }
        out.push(p);
    }
    out
}

/// Whether going from `a` over `b` to `c` keeps one direction.
const fn between(a: Point, b: Point, c: Point) -> bool {
    (a.x == b.x && b.x == c.x && (b.y - a.y) * (c.y - b.y) > 0)
        || (a.y == b.y && b.y == c.y && (b.x - a.x) * (c.x - b.x) > 0)
}
