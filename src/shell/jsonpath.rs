//! `kubectl`'s jsonpath templates. Source: kubernetes/client-go `util/jsonpath/parser.go`.

use super::json::plain;
use serde_json::Value;

/// Deepest nesting of `range`.
const MAX_DEPTH: usize = 8;
/// Most values that a path may find: some steps multiply them.
const MAX_FOUND: usize = 100_000;

/// Bytes that nobody counts.
const SHORT: usize = 512 << 10;
/// Most bytes of a range.
const MAX_BYTES: usize = 64 << 20;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Field(String),
    Index(i64),
    All,
    /// `[FROM:TO]`
    Slice(Option<i64>, Option<i64>),
    /// `[0,2]`
    Union(Vec<Step>),
    /// `..`: the value and all below it.
    Below,
    /// `?(@.PATH=="VALUE")`, and with the other signs; without a sign, whether there is something.
    Filter(Vec<Step>, Option<(Sign, String)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Is,
    IsNot,
    Less,
    LessOrIs,
    More,
    MoreOrIs,
}

/// The longer signs first: each begins with a shorter one.
const SIGNS: [(&str, Sign); 6] = [
    ("==", Sign::Is),
    ("!=", Sign::IsNot),
    ("<=", Sign::LessOrIs),
    (">=", Sign::MoreOrIs),
    ("<", Sign::Less),
    (">", Sign::More),
];

impl Sign {
    /// Numbers by their value, all else as text.
    fn holds(self, left: &str, right: &str) -> bool {
        let order = match (left.parse::<f64>(), right.parse::<f64>()) {
            (Ok(a), Ok(b)) => a.partial_cmp(&b),
            _ => Some(left.cmp(right)),
        };
        order.is_some_and(|order| match self {
            Self::Is => order.is_eq(),
            Self::IsNot => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrIs => order.is_le(),
            Self::More => order.is_gt(),
            Self::MoreOrIs => order.is_ge(),
        })
    }
}

/// What is wrong with a template, or with a value for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wrong {
    pub why: String,
    /// Whether the template itself is.
    pub parsing: bool,
    /// What it gave before that.
    pub before: String,
}

impl From<String> for Wrong {
    fn from(why: String) -> Self {
        Self { why, parsing: true, before: String::new() }
    }
}

impl From<&str> for Wrong {
    fn from(why: &str) -> Self {
        why.to_owned().into()
    }
}

fn executing(why: String) -> Wrong {
    Wrong { why, parsing: false, before: String::new() }
}

/// Text of a template for a value.
pub(super) fn render(template: &str, value: &Value) -> Result<String, Wrong> {
    // All of it is read before anything is made of it.
    let mut pieces = Pieces { rest: template };
    while let Some(piece) = pieces.next()? {
        if let Piece::Action(action) = piece {
            let action = action.strip_prefix("range").map_or(action, str::trim);
            if action != "end" && !action.starts_with('"') {
                path(action)?;
            }
        }
    }
    let mut pieces = Pieces { rest: template };
    let out = block(&mut pieces, value, 0)?;
    // What says the same many times over is longer than what it is about.
    if out.len() > SHORT && out.len() > 4 * value.to_string().len() {
        return Err(format!("its {} bytes repeat the objects many times", out.len()).into());
    }
    Ok(out)
}

/// Every value that a path finds, as a cell of a table.
pub(super) fn cells(template: &str, value: &Value) -> Result<Vec<String>, Wrong> {
    let mut pieces = Pieces { rest: template };
    let Some(Piece::Action(action)) = pieces.next()? else { return Ok(Vec::new()) };
    Ok(select(&path(action)?, value)?.into_iter().map(shown).collect())
}

struct Pieces<'a> {
    rest: &'a str,
}

enum Piece<'a> {
    Text(&'a str),
    Action(&'a str),
}

impl<'a> Pieces<'a> {
    fn next(&mut self) -> Result<Option<Piece<'a>>, Wrong> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        if let Some(inside) = self.rest.strip_prefix('{') {
            let open = inside.matches('[').count() > inside.matches(']').count();
            let end = inside.find('}').ok_or(if open { "unterminated array" } else { "unclosed action" })?;
            self.rest = &inside[end + 1..];
            return Ok(Some(Piece::Action(inside[..end].trim())));
        }
        let end = self.rest.find('{').unwrap_or(self.rest.len());
        let text = &self.rest[..end];
        self.rest = &self.rest[end..];
        Ok(Some(Piece::Text(text)))
    }
}

/// Everything up to the `end` of a range, or of the template.
fn block(pieces: &mut Pieces<'_>, value: &Value, depth: usize) -> Result<String, Wrong> {
    if depth > MAX_DEPTH {
        return Err("range nests too deeply".into());
    }
    let mut out = String::new();
    while let Some(piece) = pieces.next()? {
        match piece {
            Piece::Text(text) => out += text,
            Piece::Action("end") if depth > 0 => return Ok(out),
            Piece::Action("end") => {
                return Err(Wrong { before: out, ..executing("not in range, nothing to end".to_owned()) });
            }
            Piece::Action(action) => match act(pieces, action, value, depth) {
                Ok(text) => out += &text,
                Err(wrong) => return Err(Wrong { before: out + &wrong.before, ..wrong }),
            },
        }
    }
    Ok(out)
}

/// What stands between braces.
fn act(pieces: &mut Pieces<'_>, action: &str, value: &Value, depth: usize) -> Result<String, Wrong> {
    if let Some(path) = action.strip_prefix("range") {
        return range(pieces, path.trim(), value, depth);
    }
    if let Some(text) = action.strip_prefix('"') {
        return Ok(text.trim_end_matches('"').replace("\\n", "\n").replace("\\t", "\t"));
    }
    if action.starts_with(char::is_alphabetic) {
        let name = action.split(|c: char| !c.is_alphanumeric()).next().unwrap_or(action);
        return Err(executing(format!("unrecognized identifier {name}")));
    }
    let found = select(&path(action)?, value)?;
    Ok(found.into_iter().map(shown).collect::<Vec<_>>().join(" "))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Bool(on) => on.to_string(),
        Value::Object(_) | Value::Array(_) => value.to_string(),
        other => plain(other),
    }
}

fn range(pieces: &mut Pieces<'_>, over: &str, value: &Value, depth: usize) -> Result<String, Wrong> {
    let items = select(&path(over)?, value)?;
    let start = pieces.rest;
    let mut out = String::new();
    for item in &items {
        pieces.rest = start;
        out += &block(pieces, item, depth + 1)?;
        if out.len() > MAX_BYTES {
            return Err("a range that is longer than 64 MiB".into());
        }
    }
    if items.is_empty() {
        block(pieces, &Value::Null, depth + 1)?;
    }
    Ok(out)
}

fn path(text: &str) -> Result<Vec<Step>, String> {
    let chars: Vec<char> = text.trim_start_matches(['$', '@']).chars().collect();
    let mut steps = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        match chars[at] {
            '.' if chars.get(at + 1) == Some(&'.') => {
                if steps.last() == Some(&Step::Below) {
                    return Err("invalid multiple recursive descent".to_owned());
                }
                steps.push(Step::Below);
                at += 2;
            }
            '.' => at += 1,
            '[' => {
                let close = chars[at..].iter().position(|c| *c == ']').ok_or("unterminated array")? + at;
                let inside: String = chars[at + 1..close].iter().collect();
                steps.push(bracket(&inside)?);
                at = close + 1;
            }
            '*' => {
                steps.push(Step::All);
                at += 1;
            }
            _ => {
                let mut name = String::new();
                while at < chars.len() && !matches!(chars[at], '.' | '[') {
                    if chars[at] == '\\' && at + 1 < chars.len() {
                        at += 1;
                    }
                    name.push(chars[at]);
                    at += 1;
                }
                steps.push(Step::Field(name));
            }
        }
    }
    Ok(steps)
}

fn bracket(inside: &str) -> Result<Step, String> {
    if inside == "*" {
        return Ok(Step::All);
    }
    if let Some(condition) = inside.strip_prefix("?(").and_then(|c| c.strip_suffix(')')) {
        let sign = SIGNS.into_iter().find_map(|(text, sign)| Some((condition.split_once(text)?, sign)));
        return Ok(match sign {
            Some(((left, right), sign)) => {
                Step::Filter(path(left.trim())?, Some((sign, right.trim().trim_matches(['"', '\'']).to_owned())))
            }
            None => Step::Filter(path(condition.trim())?, None),
        });
    }
    if let Some((from, to)) = inside.split_once(':').filter(|_| !inside.contains(['"', '\''])) {
        let end = |text: &str| {
            let text = text.trim();
            if text.is_empty() {
                Ok(None)
            } else {
                text.parse().map(Some).map_err(|_| format!("invalid array index {text}"))
            }
        };
        return Ok(Step::Slice(end(from)?, end(to)?));
    }
    if inside.contains(',') {
        if inside.contains('"') {
            let first = inside.split(',').find(|part| part.contains('"')).unwrap_or(inside);
            return Err(format!("invalid array index {}", first.trim()));
        }
        return Ok(Step::Union(inside.split(',').map(|part| bracket(part.trim())).collect::<Result<_, String>>()?));
    }
    if let Ok(index) = inside.parse() {
        return Ok(Step::Index(index));
    }
    match inside.strip_prefix('\'').and_then(|name| name.strip_suffix('\'')) {
        Some(name) => Ok(Step::Field(name.to_owned())),
        None => Err(format!("invalid array index {inside}")),
    }
}

fn select<'a>(steps: &[Step], value: &'a Value) -> Result<Vec<&'a Value>, Wrong> {
    let mut found = vec![value];
    for step in steps {
        if let (Step::Index(index), [Value::Array(items)]) = (step, found.as_slice())
            && apply(step, found[0]).is_empty()
        {
            let why = format!("array index out of bounds: index {index}, length {}", items.len());
            return Err(executing(why));
        }
        found = found.into_iter().flat_map(|value| apply(step, value)).take(MAX_FOUND).collect();
    }
    Ok(found)
}

fn apply<'a>(step: &Step, value: &'a Value) -> Vec<&'a Value> {
    match (step, value) {
        (Step::Field(name), value) => value.get(name).into_iter().collect(),
        (Step::Index(index), Value::Array(items)) => {
            let at = if *index < 0 {
                items.len().checked_add_signed(isize::try_from(*index).unwrap_or(0))
            } else {
                usize::try_from(*index).ok()
            };
            at.and_then(|at| items.get(at)).into_iter().collect()
        }
        (Step::All, Value::Array(items)) => items.iter().collect(),
        (Step::All, Value::Object(fields)) => fields.values().collect(),
        (Step::Slice(from, to), Value::Array(items)) => {
            let place = |end: Option<i64>, otherwise: usize| match end {
                None => otherwise,
                Some(n) if n < 0 => items.len().saturating_sub(usize::try_from(n.unsigned_abs()).unwrap_or(usize::MAX)),
                Some(n) => usize::try_from(n).unwrap_or(usize::MAX).min(items.len()),
            };
            let (from, to) = (place(*from, 0), place(*to, items.len()));
            items.get(from..to).map_or_else(Vec::new, |items| items.iter().collect())
        }
        (Step::Union(steps), value) => steps.iter().flat_map(|step| apply(step, value)).collect(),
        (Step::Below, value) => below(value),
        (Step::Filter(path, condition), Value::Array(items)) => {
            let holds = |item: &&Value| {
                let found = select(path, item).unwrap_or_default().first().map(|v| shown(v));
                match condition {
                    Some((sign, wanted)) => found.is_some_and(|text| sign.holds(&text, wanted)),
                    None => found.is_some(),
                }
            };
            items.iter().filter(holds).collect()
        }
        _ => Vec::new(),
    }
}

fn below(value: &Value) -> Vec<&Value> {
    let inner: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    };
    std::iter::once(value).chain(inner.into_iter().flat_map(below)).collect()
}
