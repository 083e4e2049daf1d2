//! Indexed arrays. What is at place 0 is the variable itself, as in bash. Source: bash(1), "Arrays".

use super::Shell;
use super::parse::{Assigned, Assignment, Word};
use std::collections::BTreeMap;

/// What stands behind place 0.
pub(super) type Array = BTreeMap<usize, String>;

/// Most bytes of an array, with some for each element.
const MAX_BYTES: usize = 1 << 20;
const EACH: usize = 16;

impl Shell {
    fn array(&self, name: &str) -> Option<&Array> {
        self.own.arrays.iter().find(|(n, _)| n == name).map(|(_, array)| array)
    }

    /// What a variable is, as a text and as an array.
    pub(super) fn both_of(&self, name: &str) -> (Option<String>, Option<Array>) {
        let value = self.own.vars.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
        (value, self.array(name).cloned())
    }

    /// `unset NAME[INDEX]`; whether that is what it is.
    pub(super) fn forget_element(&mut self, text: &str) -> bool {
        let Some((name, index)) = text.strip_suffix(']').and_then(|text| text.split_once('[')) else { return false };
        if let Some(place) = self.index(name, index) {
            if place == 0 {
                self.own.vars.retain(|(n, _)| n != name);
            }
            let array = self.own.arrays.iter_mut().find(|(n, _)| n == name);
            array.and_then(|(_, array)| array.remove(&place));
        }
        true
    }

    pub(super) fn element(&self, name: &str, index: usize) -> Option<String> {
        if index == 0 { self.value(name) } else { self.array(name)?.get(&index).cloned() }
    }

    /// All elements with their places.
    pub(super) fn elements(&self, name: &str) -> Vec<(usize, String)> {
        let rest = self.array(name).into_iter().flatten().map(|(at, text)| (*at, text.clone()));
        self.value(name).map(|first| (0, first)).into_iter().chain(rest).collect()
    }

    /// A place counted from the beginning; one below 0 is counted from the end.
    pub(super) fn place_in(&self, name: &str, index: i64) -> Option<usize> {
        let end = || {
            let last = self.array(name).and_then(|array| array.keys().next_back().copied());
            last.map_or(usize::from(self.value(name).is_some()), |last| last.saturating_add(1))
        };
        match usize::try_from(index) {
            Ok(index) => Some(index),
            Err(_) => end().checked_sub(usize::try_from(index.unsigned_abs()).ok()?),
        }
    }

    pub(super) fn set_element(&mut self, name: &str, index: usize, value: String) {
        if index == 0 {
            return self.set_variable(name, value);
        }
        if !self.own.arrays.iter().any(|(n, _)| n == name) {
            self.own.arrays.push((name.to_owned(), Array::new()));
        }
        let Some((_, array)) = self.own.arrays.iter_mut().find(|(n, _)| n == name) else { return };
        array.insert(index, value);
    }

    pub(super) fn forget(&mut self, name: &str) {
        self.own.vars.retain(|(n, _)| n != name);
        self.own.arrays.retain(|(n, _)| n != name);
        self.own.exported.retain(|n| n != name);
    }

    /// `NAME=(WORD...)`
    pub(super) fn set_list(&mut self, name: &str, words: Vec<String>, appends: bool) {
        let first = if appends { self.place_in(name, -1).map_or(0, |last| last.saturating_add(1)) } else { 0 };
        if !appends {
            self.forget(name);
        }
        let before: usize = self.elements(name).iter().map(|(_, text)| text.len() + EACH).sum();
        let bytes: usize = words.iter().map(|text| text.len() + EACH).sum();
        if before.saturating_add(bytes) > MAX_BYTES {
            self.complain(&format!("{name}: Argument list too long"));
            return;
        }
        // An array of one element is one too.
        if !self.own.arrays.iter().any(|(n, _)| n == name) {
            self.own.arrays.push((name.to_owned(), Array::new()));
        }
        for (at, word) in words.into_iter().enumerate() {
            self.set_element(name, first.saturating_add(at), word);
        }
    }

    /// Where a text in square brackets points.
    pub(super) fn index(&mut self, name: &str, text: &str) -> Option<usize> {
        match self.calculated(text) {
            Ok(index) => {
                let place = self.place_in(name, index);
                if place.is_none() {
                    self.complain(&format!("{name}: bad array subscript"));
                }
                place
            }
            Err(why) => {
                self.complain(&why);
                None
            }
        }
    }

    pub(super) fn assign(&mut self, assignment: &Assignment) {
        let Assignment { name, index, appends, value } = assignment;
        match value {
            Assigned::List(words) => {
                let words = self.expand_all(words);
                self.set_list(name, words, *appends);
            }
            Assigned::Text(word) => self.assign_text(name, index.as_ref(), *appends, word),
        }
    }

    fn assign_text(&mut self, name: &str, index: Option<&Word>, appends: bool, word: &Word) {
        let text = self.joined(word);
        let place = index.map_or(Some(0), |index| {
            let index = self.joined(index);
            self.index(name, &index)
        });
        let Some(place) = place else { return };
        let mut value = if appends { self.element(name, place).unwrap_or_default() } else { String::new() };
        value += &text;
        value.truncate(value.floor_char_boundary(MAX_BYTES));
        self.set_element(name, place, value);
    }
}
