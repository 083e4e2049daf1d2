//! Columns as the tools print them.

/// Cells padded to the widest of each column, as Go's tabwriter does: `min` columns at least, `padding` behind each;
/// the last column is not padded. Source: Go `text/tabwriter`.
pub(super) fn tabwriter(rows: &[Vec<String>], min: usize, padding: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| {
        let widest = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0);
        (widest + padding).max(min)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            out.push_str(cell);
            if at + 1 < row.len() {
                let pad = widths[at].saturating_sub(cell.chars().count());
                out.extend(std::iter::repeat_n(' ', pad));
            }
        }
        out.push('\n');
    }
    out
}

/// Text with tabs, in columns as far as the lines beside each other have them: a cell before a tab is as wide as the widest
/// above and below it, up to a line that has none there, and two blanks. Source: Go `text/tabwriter`.
pub(super) fn elastic(text: &str) -> String {
    const PADDING: usize = 2;
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    let width = |at: usize, column: usize| {
        let has = |line: &Vec<&str>| column + 1 < line.len();
        let above = lines[..at].iter().rev().take_while(|l| has(l));
        let below = lines[at..].iter().take_while(|l| has(l));
        above.chain(below).map(|l| l[column].chars().count() + PADDING).max().unwrap_or(0)
    };
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        for (column, cell) in line.iter().enumerate() {
            out += cell;
            if column + 1 < line.len() {
                let blanks = width(at, column).saturating_sub(cell.chars().count());
                out.extend(std::iter::repeat_n(' ', blanks));
            }
        }
        out.push('\n');
    }
    out
}

/// A table with a row of dashes under its captions and two blanks between columns (`az -o table`); a column is at least two
/// wider than its caption. Source: astanin/python-tabulate `tabulate.py` (`MIN_PADDING`, "simple").
pub(super) fn az_table(captions: &[String], rows: &[Vec<String>]) -> String {
    const MIN_PADDING: usize = 2;
    let widths: Vec<usize> = captions
        .iter()
        .enumerate()
        .map(|(at, caption)| {
            let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
            cells.chain([caption.chars().count() + MIN_PADDING]).max().unwrap_or(0)
        })
        .collect();
    let line = |cells: &mut dyn Iterator<Item = String>| {
        let padded: Vec<String> = cells.zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        format!("{}\n", padded.join("  ").trim_end())
    };
    let mut out = line(&mut captions.iter().cloned());
    out += &line(&mut widths.iter().map(|width| "-".repeat(*width)));
    for row in rows {
        out += &line(&mut row.iter().cloned());
    }
    out
}

/// Age of something as `kubectl` prints it. Source: kubernetes/apimachinery `pkg/util/duration/duration.go`.
pub(super) fn age(seconds: u64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let two = |big: u64, b: &str, small: u64, s: &str| {
        if small == 0 { format!("{big}{b}") } else { format!("{big}{b}{small}{s}") }
    };
    match seconds {
        0..120 => format!("{seconds}s"),
        120..600 => two(minutes, "m", seconds % 60, "s"),
        600..10_800 => format!("{minutes}m"),
        10_800..28_800 => two(hours, "h", minutes % 60, "m"),
        28_800..172_800 => format!("{hours}h"),
        172_800..691_200 => two(days, "d", hours % 24, "h"),
        _ => format!("{days}d"),
    }
}
