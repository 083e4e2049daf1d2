//! Values of options.

use super::failure::Usage;
use lexopt::Parser;
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// Reads the value of the option that came last, as text.
pub(super) fn text(parser: &mut Parser) -> Result<String, Usage> {
    parser.value()?.into_string().map_err(|value| Usage::NotUnicode { value })
}

pub(super) fn path(parser: &mut Parser) -> Result<PathBuf, Usage> {
    Ok(parser.value()?.into())
}

/// A whole number within bounds.
pub(super) fn number<N: TryFrom<u64> + Copy + Into<u64>>(
    parser: &mut Parser,
    option: &'static str,
    bounds: RangeInclusive<N>,
) -> Result<N, Usage> {
    let value = text(parser)?;
    let (min, max) = ((*bounds.start()).into(), (*bounds.end()).into());
    let number = value.parse::<u64>().ok().filter(|n| (min..=max).contains(n)).and_then(|n| N::try_from(n).ok());
    number.ok_or(Usage::NotANumber { option, value, min, max })
}

/// One of a few names.
pub(super) fn choice<T: Copy>(
    parser: &mut Parser,
    option: &'static str,
    choices: &'static [(&'static str, T)],
) -> Result<T, Usage> {
    let value = text(parser)?;
    let found = choices.iter().find(|(name, _)| *name == value).map(|(_, choice)| *choice);
    found.ok_or_else(|| Usage::NotAChoice { option, value, choices: choices.iter().map(|(name, _)| *name).collect() })
}

/// An option that must be there.
pub(super) fn required<T>(value: Option<T>, option: &'static str) -> Result<T, Usage> {
    value.ok_or(Usage::Missing { option })
}
