//! Fills a message: Fluent's patterns with variables, references, and choices by word or by number.
//!
//! `fluent-bundle` does the same and more for 50 KB over the wire; this and the parser take 11. Left out: functions
//! but for `NUMBER`, which changes nothing, and arguments of terms.

use super::args::{Arg, Args};
use super::bundle::Text;
use super::fragment::{Fragment, push, push_text};
use super::plural::category;
use fluent_syntax::ast::{Expression, Identifier, InlineExpression, Pattern, PatternElement, Variant, VariantKey};

/// How far messages may refer to one another.
const MAX_DEPTH: u8 = 12;

pub(super) fn resolve(text: &Text, id: &str, args: &Args) -> Vec<Fragment> {
    let mut out = Vec::new();
    Resolver { text, args, out: &mut out }.message(id, 0);
    out
}

struct Resolver<'a> {
    text: &'a Text,
    args: &'a Args,
    out: &'a mut Vec<Fragment>,
}

impl Resolver<'_> {
    fn message(&mut self, id: &str, depth: u8) {
        match self.text.find(id).filter(|_| depth < MAX_DEPTH) {
            // What a message of the fallback refers to is sought in the fallback.
            Some((pattern, text)) => Resolver { text, args: self.args, out: self.out }.pattern(pattern, depth),
            None => push_text(self.out, id),
        }
    }

    fn pattern(&mut self, pattern: &Pattern<String>, depth: u8) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => push_text(self.out, value),
                PatternElement::Placeable { expression } => self.expression(expression, depth),
            }
        }
    }

    fn expression(&mut self, expression: &Expression<String>, depth: u8) {
        match expression {
            Expression::Inline(inline) => self.inline(inline, depth),
            Expression::Select { selector, variants } => {
                if let Some(variant) = self.choose(selector, variants) {
                    self.pattern(&variant.value, depth);
                }
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<String>, depth: u8) {
        match inline {
            InlineExpression::StringLiteral { value } | InlineExpression::NumberLiteral { value } => {
                push_text(self.out, value);
            }
            InlineExpression::VariableReference { id } => self.variable(&id.name, depth),
            InlineExpression::MessageReference { id, attribute } => {
                self.message(&full_id("", id, attribute.as_ref()), depth + 1);
            }
            InlineExpression::TermReference { id, attribute, .. } => {
                self.message(&full_id("-", id, attribute.as_ref()), depth + 1);
            }
            InlineExpression::Placeable { expression } => self.expression(expression, depth),
            InlineExpression::FunctionReference { arguments, .. } => {
                if let Some(first) = arguments.positional.first() {
                    self.inline(first, depth);
                }
            }
        }
    }

    fn variable(&mut self, name: &str, depth: u8) {
        match self.args.get(name) {
            Some(Arg::Text(text)) => push_text(self.out, text),
            Some(Arg::Number(number)) => {
                let grouped = group(*number, self.text);
                push_text(self.out, &grouped);
            }
            Some(Arg::Code(code)) => self.out.push(Fragment::Code(code.clone())),
            Some(Arg::Link { text, target }) => {
                self.out.push(Fragment::Link { text: text.clone(), target: *target });
            }
            Some(Arg::Word(id)) => self.message(id, depth + 1),
            Some(Arg::Rich(fragments)) => fragments.iter().for_each(|f| push(self.out, f)),
            None => push_text(self.out, &format!("{{${name}}}")),
        }
    }

    fn choose<'v>(
        &self,
        selector: &InlineExpression<String>,
        variants: &'v [Variant<String>],
    ) -> Option<&'v Variant<String>> {
        let value = self.selected(selector);
        let hit = value.as_ref().and_then(|value| variants.iter().find(|v| fits(&v.key, value, self.text.locale())));
        hit.or_else(|| variants.iter().find(|v| v.default))
    }

    fn selected(&self, selector: &InlineExpression<String>) -> Option<Arg> {
        match selector {
            InlineExpression::VariableReference { id } => self.args.get(&id.name).cloned(),
            InlineExpression::FunctionReference { arguments, .. } => {
                arguments.positional.first().and_then(|first| self.selected(first))
            }
            _ => None,
        }
    }
}

fn full_id(sign: &str, id: &Identifier<String>, attribute: Option<&Identifier<String>>) -> String {
    match attribute {
        Some(attribute) => format!("{sign}{}.{}", id.name, attribute.name),
        None => format!("{sign}{}", id.name),
    }
}

fn fits(key: &VariantKey<String>, value: &Arg, locale: &str) -> bool {
    match (key, value) {
        (VariantKey::Identifier { name }, Arg::Number(number)) => name == category(locale, *number),
        (VariantKey::NumberLiteral { value }, Arg::Number(number)) => *value == number.to_string(),
        (VariantKey::Identifier { name }, Arg::Text(text)) => name == text,
        (VariantKey::Identifier { name }, Arg::Word(id)) => name == id,
        _ => false,
    }
}

/// Digits in groups of three, with the sign that the language puts between.
fn group(number: u64, text: &Text) -> String {
    let digits = number.to_string();
    let sign = text.find("digit-group").map_or_else(String::new, |_| text.get("digit-group"));
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push_str(&sign);
        }
        out.push(digit);
    }
    out
}
