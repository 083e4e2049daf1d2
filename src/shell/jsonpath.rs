//! `kubectl`'s jsonpath templates. Source: kubernetes/client-go `util/jsonpath/parser.go`.

use super::json::plain;
use serde_json::Value;

/// Deepest nesting of `range`.
const MAX_DEPTH: usize = 8;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Field(String),
    Index(i64),
    All,
    /// `?(@.PATH=="VALUE")`
    Filter(Vec<Step>, String),
}

/// Text of a template for a value, or what is wrong with it.
pub(super) fn render(template: &str, value: &Value) -> Result<String, String> {
    let mut pieces = Pieces { rest: template };
    block(&mut pieces, value, 0)
}

struct Pieces<'a> {
    rest: &'a str,
}

enum Piece<'a> {
    Text(&'a str),
    Action(&'a str),
}

impl<'a> Pieces<'a> {
    fn next(&mut self) -> Result<Option<Piece<'a>>, String> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        if let Some(inside) = self.rest.strip_prefix('{') {
            let end = inside.find('}').ok_or_else(|| "unclosed action".to_owned())?;
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
fn block(pieces: &mut Pieces<'_>, value: &Value, depth: usize) -> Result<String, String> {
    if depth > MAX_DEPTH {
        return Err("range nests too deeply".to_owned());
    }
    let mut out = String::new();
    while let Some(piece) = pieces.next()? {
        match piece {
            Piece::Text(text) => out += text,
            Piece::Action("end") => return Ok(out),
            Piece::Action(action) => {
                if let Some(path) = action.strip_prefix("range") {
                    out += &range(pieces, path.trim(), value, depth)?;
                } else if let Some(text) = action.strip_prefix('"') {
                    out += &text.trim_end_matches('"').replace("\\n", "\n").replace("\\t", "\t");
                } else {
                    let found = select(&path(action)?, value);
                    out += &found.into_iter().map(shown).collect::<Vec<_>>().join(" ");
                }
            }
        }
    }
    Ok(out)
}

fn shown(value: &Value) -> String {
    match value {
        Value::Bool(on) => on.to_string(),
        Value::Object(_) | Value::Array(_) => value.to_string(),
        other => plain(other),
    }
}

fn range(pieces: &mut Pieces<'_>, over: &str, value: &Value, depth: usize) -> Result<String, String> {
    let items = select(&path(over)?, value);
    let start = pieces.rest;
    let mut out = String::new();
    for item in &items {
        pieces.rest = start;
        out += &block(pieces, item, depth + 1)?;
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
        let (left, right) = condition.split_once("==").ok_or("unsupported filter")?;
        return Ok(Step::Filter(path(left.trim())?, right.trim().trim_matches(['"', '\'']).to_owned()));
    }
    if let Ok(index) = inside.parse() {
        return Ok(Step::Index(index));
    }
    Ok(Step::Field(inside.trim_matches(['"', '\'']).to_owned()))
}

fn select<'a>(steps: &[Step], value: &'a Value) -> Vec<&'a Value> {
    let mut found = vec![value];
    for step in steps {
        found = found.into_iter().flat_map(|value| apply(step, value)).collect();
    }
    found
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
        (Step::Filter(path, wanted), Value::Array(items)) => {
            items.iter().filter(|item| select(path, item).first().is_some_and(|v| plain(v) == *wanted)).collect()
        }
        _ => Vec::new(),
    }
}
