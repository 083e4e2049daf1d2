//! Label and field selectors. Source: kubernetes/apimachinery `pkg/labels/selector.go`, `pkg/fields`.

use super::objects::Pairs;

/// One condition on labels.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Requirement {
    Is(String, Vec<String>),
    IsNot(String, Vec<String>),
    Has(String),
    HasNot(String),
}

/// Conditions that all must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Selector(Vec<Requirement>);

impl Selector {
    /// Reads `a=b,c!=d,e in (f,g),!h,i`.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut requirements = Vec::new();
        for part in split(text) {
            let part = part.trim();
            if !part.is_empty() {
                requirements.push(Requirement::read(part)?);
            }
        }
        Ok(Self(requirements))
    }

    pub(super) fn holds(&self, labels: &Pairs) -> bool {
        let value = |key: &str| labels.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        self.0.iter().all(|requirement| match requirement {
            Requirement::Is(key, wanted) => value(key).is_some_and(|v| wanted.iter().any(|w| w == v)),
            Requirement::IsNot(key, not) => value(key).is_none_or(|v| not.iter().all(|n| n != v)),
            Requirement::Has(key) => value(key).is_some(),
            Requirement::HasNot(key) => value(key).is_none(),
        })
    }
}

/// Parts between commas that are in no brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_u32);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

impl Requirement {
    fn read(part: &str) -> Result<Self, String> {
        let own = |text: &str| text.trim().to_owned();
        if let Some((key, value)) = part.split_once("!=") {
            return Ok(Self::IsNot(own(key), vec![own(value)]));
        }
        if let Some((key, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
            return Ok(Self::Is(own(key), vec![own(value)]));
        }
        let set = |list: &str| -> Option<Vec<String>> {
            let inside = list.trim().strip_prefix('(')?.strip_suffix(')')?;
            Some(inside.split(',').map(own).collect())
        };
        if let Some((key, list)) = part.split_once(" notin ") {
            return set(list).map(|list| Self::IsNot(own(key), list)).ok_or_else(|| part.to_owned());
        }
        if let Some((key, list)) = part.split_once(" in ") {
            return set(list).map(|list| Self::Is(own(key), list)).ok_or_else(|| part.to_owned());
        }
        if part.contains(char::is_whitespace) {
            return Err(part.to_owned());
        }
        Ok(part.strip_prefix('!').map_or_else(|| Self::Has(own(part)), |key| Self::HasNot(own(key))))
    }
}
