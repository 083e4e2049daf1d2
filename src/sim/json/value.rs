//! JSON as data, and how serde reads types out of it: a struct out of a map and nothing else, its fields by name.

use super::Error;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, MapAccess, SeqAccess, Unexpected, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;
use std::fmt::Display;
use std::slice::Iter;

/// A value, and where it ends in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    pub kind: Kind,
    /// Bytes of the text up to its end.
    pub end: usize,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Null,
    Bool(bool),
    Number(u64),
    /// A number with a sign or a fraction, or one that is too large.
    OtherNumber,
    Text(String),
    List(Vec<Value>),
    /// Keys are texts.
    Map(Vec<(Value, Value)>),
}

impl serde::de::Error for Error {
    fn custom<T: Display>(detail: T) -> Self {
        Self { at: None, detail: detail.to_string() }
    }

    fn invalid_type(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        wrong("type", &found, wanted)
    }

    fn invalid_value(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        wrong("value", &found, wanted)
    }
}

/// Serde's own words, without those for numbers with fractions, which would bring their whole arithmetic along.
fn wrong(what: &str, found: &Unexpected<'_>, wanted: &dyn Expected) -> Error {
    let found = match found {
        Unexpected::Bool(on) => format!("boolean `{on}`"),
        Unexpected::Unsigned(n) => format!("integer `{n}`"),
        Unexpected::Str(text) => format!("string \"{text}\""),
        Unexpected::Unit => "null".to_owned(),
        Unexpected::Seq => "sequence".to_owned(),
        Unexpected::Map => "map".to_owned(),
        Unexpected::Other(other) => (*other).to_owned(),
        _ => "something else".to_owned(),
    };
    Error { at: None, detail: format!("invalid {what}: {found}, expected {wanted}") }
}

impl Value {
    pub(super) fn unexpected(&self, wanted: &dyn Expected) -> Error {
        let found = match &self.kind {
            Kind::Null => Unexpected::Unit,
            Kind::Bool(on) => Unexpected::Bool(*on),
            Kind::Number(n) => Unexpected::Unsigned(*n),
            Kind::OtherNumber => Unexpected::Other("number with a sign or a fraction, or too large"),
            Kind::Text(text) => Unexpected::Str(text),
            Kind::List(_) => Unexpected::Seq,
            Kind::Map(_) => Unexpected::Map,
        };
        wrong("type", &found, wanted).or_at(self.end)
    }
}

/// Methods for types of one kind: a value of another kind is refused.
macro_rules! read {
    ($($method:ident)* , $kind:ident($inner:ident) => $visit:ident($given:expr)) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match &self.kind {
                Kind::$kind($inner) => visitor.$visit($given),
                _ => Err(self.unexpected(&visitor)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for &'de Value {
    type Error = Error;

    read!(deserialize_bool, Bool(on) => visit_bool(*on));
    read!(deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64, Number(n) => visit_u64(*n));
    read!(deserialize_str deserialize_string deserialize_identifier, Text(text) => visit_str(text));
    read!(deserialize_seq, List(items) => visit_seq(Items(items.iter())));
    read!(deserialize_map, Map(entries) => visit_map(Entries { rest: entries.iter(), value: None }));

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.kind == Kind::Null { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self)
    }

    /// What has no method of its own is refused: nothing that is saved asks for it.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        Err(self.unexpected(&visitor))
    }

    forward_to_deserialize_any! { i8 i16 i32 i64 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct }
}

/// A variant is a text, or a map from its name to what it holds.
impl<'de> EnumAccess<'de> for &'de Value {
    type Error = Error;
    type Variant = Content<'de>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Content<'de>), Error> {
        let (name, content) = match &self.kind {
            Kind::Map(entries) => match entries.as_slice() {
                [(name, content)] => (name, Some(content)),
                _ => return Err(Error::custom("expected one variant").or_at(self.end)),
            },
            _ => (self, None),
        };
        let variant = seed.deserialize(name).map_err(|error| error.or_at(name.end))?;
        Ok((variant, Content(content)))
    }
}

/// What a variant holds.
#[derive(Debug)]
pub struct Content<'de>(Option<&'de Value>);

const NOTHING: Value = Value { kind: Kind::Null, end: 0 };

impl<'de> VariantAccess<'de> for Content<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.0 {
            None | Some(Value { kind: Kind::Null, .. }) => Ok(()),
            Some(value) => Err(value.unexpected(&"unit variant")),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        let value = self.0.ok_or_else(|| Error::custom("expected the content of the variant"))?;
        seed.deserialize(value).map_err(|error| error.or_at(value.end))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        Err(NOTHING.unexpected(&visitor))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        let value = self.0.ok_or_else(|| Error::custom("expected the content of the variant"))?;
        value.deserialize_map(visitor).map_err(|error| error.or_at(value.end))
    }
}

struct Items<'de>(Iter<'de, Value>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some(value) = self.0.next() else { return Ok(None) };
        seed.deserialize(value).map(Some).map_err(|error| error.or_at(value.end))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Entries<'de> {
    rest: Iter<'de, (Value, Value)>,
    value: Option<&'de Value>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(key).map(Some).map_err(|error| error.or_at(key.end))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let value = self.value.take().ok_or_else(|| Error::custom("a value without its key"))?;
        seed.deserialize(value).map_err(|error| error.or_at(value.end))
    }
}
