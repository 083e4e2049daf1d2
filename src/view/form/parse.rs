//! The text of a field to a typed value.

use super::field::{FieldId, FieldSpec, Input};
use super::{FormKind, Values};
use crate::sim::fabric::nsg::{AddressMatch, PortMatch, PortRange, ServiceTag};
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// What is wrong with the text of one field, before any action is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldError {
    Empty,
    /// Nothing in the world could be chosen, or what was chosen is gone.
    NotChosen,
    /// Not ADDRESS/LENGTH.
    NotPrefix,
    /// An address of four numbers, but without its length.
    NoLength,
    /// The length is above 32.
    PrefixLength,
    NotAddress,
    NotNumber,
    OutOfRange {
        min: u32,
        max: u32,
    },
    /// Neither `*`, nor a service tag, nor prefixes.
    NotAddresses,
    /// Neither `*`, nor ports such as `80, 8000-8080`.
    NotPorts,
}

impl FieldError {
    /// Stable name, by which texts find the words (`build-error-CODE`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotChosen => "not-chosen",
            Self::NotPrefix => "not-prefix",
            Self::NoLength => "no-length",
            Self::PrefixLength => "prefix-length",
            Self::NotAddress => "not-address",
            Self::NotNumber => "not-number",
            Self::OutOfRange { .. } => "out-of-range",
            Self::NotAddresses => "not-addresses",
            Self::NotPorts => "not-ports",
        }
    }
}

/// Checks the form of every shown field by its spec; the meaning is the world's to judge.
pub(super) fn malformed(kind: FormKind, values: &Values) -> Vec<(FieldId, FieldError)> {
    kind.shown(values).filter_map(|spec| Some((spec.id, check(spec, values.get(spec.id).trim())?))).collect()
}

fn check(spec: &FieldSpec, text: &str) -> Option<FieldError> {
    if text.is_empty() {
        let missing = if matches!(spec.input, Input::Choice(_)) { FieldError::NotChosen } else { FieldError::Empty };
        return (!spec.optional).then_some(missing);
    }
    match (spec.input, spec.id) {
        (Input::Text, FieldId::Source | FieldId::Destination) => addresses(text).err(),
        (Input::Text, FieldId::Ports) => ports(text).err(),
        (Input::Text | Input::Choice(_) | Input::Endpoint | Input::RuleAddresses, _) => None,
        (Input::Number { min, max }, _) => number(text, min, max).err(),
        (Input::Prefix, _) => prefix(text).err(),
        (Input::Prefixes, _) => prefixes(text).err(),
        (Input::Address, _) => address(text).err(),
    }
}

pub(super) fn number(text: &str, min: u32, max: u32) -> Result<u32, FieldError> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(FieldError::NotNumber);
    }
    match text.parse::<u32>() {
        Ok(n) if (min..=max).contains(&n) => Ok(n),
        _ => Err(FieldError::OutOfRange { min, max }),
    }
}

pub(super) fn address(text: &str) -> Result<Ipv4Addr, FieldError> {
    text.parse().map_err(|_| FieldError::NotAddress)
}

pub(super) fn prefix(text: &str) -> Result<Ipv4Net, FieldError> {
    let Some((start, length)) = text.split_once('/') else {
        return Err(if address(text).is_ok() { FieldError::NoLength } else { FieldError::NotPrefix });
    };
    let start = address(start.trim()).map_err(|_| FieldError::NotPrefix)?;
    let length = length.trim().parse::<u8>().map_err(|_| FieldError::NotPrefix)?;
    Ipv4Net::new(start, length).map_err(|_| FieldError::PrefixLength)
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_whitespace()).filter(|part| !part.is_empty())
}

pub(super) fn prefixes(text: &str) -> Result<Vec<Ipv4Net>, FieldError> {
    parts(text).map(prefix).collect()
}

/// `*`, a service tag, or prefixes; an address stands for itself alone.
pub(super) fn addresses(text: &str) -> Result<AddressMatch, FieldError> {
    if text == "*" {
        return Ok(AddressMatch::Any);
    }
    if let Some((_, tag)) = TAGS.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)) {
        return Ok(AddressMatch::Tag(*tag));
    }
    let one = |part| address(part).map(Ipv4Net::from).or_else(|_| prefix(part));
    let nets: Result<Vec<Ipv4Net>, _> = parts(text).map(one).collect();
    nets.map(|nets| AddressMatch::Prefixes(nets.into())).map_err(|_| FieldError::NotAddresses)
}

/// The service tags, as Azure spells them.
pub(super) const TAGS: [(&str, ServiceTag); 5] = [
    ("VirtualNetwork", ServiceTag::VirtualNetwork),
    ("AzureLoadBalancer", ServiceTag::AzureLoadBalancer),
    ("Internet", ServiceTag::Internet),
    ("AzurePlatformDNS", ServiceTag::AzurePlatformDns),
    ("AzurePlatformIMDS", ServiceTag::AzurePlatformImds),
];

/// `*`, or ports and ranges of ports.
pub(super) fn ports(text: &str) -> Result<PortMatch, FieldError> {
    if text == "*" {
        return Ok(PortMatch::Any);
    }
    let port = |part: &str| part.trim().parse::<u16>().map_err(|_| FieldError::NotPorts);
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Ok(PortRange { first: port(first)?, last: port(last)? })
    };
    let ranges: Result<Vec<PortRange>, FieldError> = parts(text).map(range).collect();
    ranges.map(|ranges| PortMatch::Ranges(ranges.into()))
}
