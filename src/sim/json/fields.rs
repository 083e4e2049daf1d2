//! Fields of a map by name, for readers that serde does not derive.

use super::{Error, Kind, Value, from_value};
use serde::de::{DeserializeOwned, Error as _};

/// The fields of a map, all of them known.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    entries: &'a [(Value, Value)],
    end: usize,
}

impl<'a> Fields<'a> {
    /// The fields of a value, none but these, and none twice.
    pub fn of(value: &'a Value, names: &'static [&'static str]) -> Result<Self, Error> {
        let Kind::Map(entries) = &value.kind else { return Err(value.unexpected(&"struct")) };
        for (number, (key, _)) in entries.iter().enumerate() {
            let name = names.iter().find(|name| key.is_text(name));
            let Some(name) = name else { return Err(Error::unknown_field(key.text(), names).or_at(key.end)) };
            if entries[..number].iter().any(|(before, _)| before.is_text(name)) {
                return Err(Error::duplicate_field(name).or_at(key.end));
            }
        }
        Ok(Self { entries, end: value.end })
    }

    /// The value of a field. One that is missing and has no other value is an error.
    #[inline(never)]
    pub fn get<T: DeserializeOwned>(&self, name: &'static str, otherwise: Option<T>) -> Result<T, Error> {
        match self.find(name) {
            Some(value) => from_value(value),
            None => otherwise.ok_or_else(|| Error::missing_field(name).or_at(self.end)),
        }
    }

    /// The items of a field that is a list.
    pub fn list(&self, name: &'static str) -> Result<&'a [Value], Error> {
        let value = self.find(name).ok_or_else(|| Error::missing_field(name).or_at(self.end))?;
        if let Kind::List(items) = &value.kind { Ok(items) } else { Err(value.unexpected(&"a sequence")) }
    }

    fn find(&self, name: &str) -> Option<&'a Value> {
        self.entries.iter().find(|(key, _)| key.is_text(name)).map(|(_, value)| value)
    }
}

impl Value {
    /// The text, or nothing where this is none.
    fn text(&self) -> &str {
        if let Kind::Text(text) = &self.kind { text } else { "" }
    }

    fn is_text(&self, text: &str) -> bool {
        self.text() == text
    }

    /// A variant: its name, and what it holds; a name alone holds null.
    pub fn variant(&self) -> Result<(&str, &Value), Error> {
        match &self.kind {
            Kind::Text(name) => Ok((name, &NOTHING)),
            Kind::Map(entries) if entries.len() == 1 => Ok((entries[0].0.text(), &entries[0].1)),
            _ => Err(self.unexpected(&"one variant")),
        }
    }

    /// Whether a variant that holds nothing does so.
    pub fn nothing(&self) -> Result<(), Error> {
        if self.kind == Kind::Null { Ok(()) } else { Err(self.unexpected(&"unit variant")) }
    }

    /// The error that this variant is none of these.
    pub fn unknown_variant(&self, names: &'static [&'static str]) -> Error {
        let name =
            if let Kind::Map(entries) = &self.kind { entries.first().map_or(self, |(key, _)| key) } else { self };
        Error::unknown_variant(name.text(), names).or_at(name.end)
    }
}

/// What a variant holds that is a name alone.
const NOTHING: Value = Value { kind: Kind::Null, end: 0 };
