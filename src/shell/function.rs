//! Functions of the shell: their arguments, what is local to them, how they end. Source: bash(1), "FUNCTIONS".

use super::array::Array;
use super::compound::MAX_ROUNDS;
use super::expand::is_name;
use super::parse::{Compound, Redirect};
use super::run::Leave;
use super::{Output, Shell};
use std::rc::Rc;

/// How deep commands nest that functions run.
const MAX_LEVELS: usize = 64;
/// Most functions that are kept.
const MAX_FUNCTIONS: usize = 1000;

/// A function.
#[derive(Clone, Debug)]
pub(super) struct Function {
    name: Rc<str>,
    body: Rc<Compound>,
    redirects: Rc<Vec<Redirect>>,
}

fn is_option(word: &str) -> bool {
    word.starts_with(['-', '+']) && word != "--"
}

/// Variables that a running function has for itself, with what they were before; `None` where they were not there.
pub(super) type Locals = Vec<(String, Option<String>, Option<Array>)>;

impl Shell {
    pub(super) fn define(&mut self, name: &str, body: &Rc<Compound>, redirects: &Rc<Vec<Redirect>>) {
        self.own.functions.retain(|f| f.name.as_ref() != name);
        if self.own.functions.len() < MAX_FUNCTIONS {
            let (body, redirects) = (Rc::clone(body), Rc::clone(redirects));
            self.own.functions.push(Function { name: name.into(), body, redirects });
        }
    }

    pub(super) fn function(&self, name: &str) -> Option<Function> {
        self.own.functions.iter().find(|f| f.name.as_ref() == name).cloned()
    }

    pub(super) fn forget_function(&mut self, name: &str) {
        self.own.functions.retain(|f| f.name.as_ref() != name);
    }

    /// Runs a function with its arguments.
    pub(super) fn call(&mut self, name: &str, function: &Function, args: &[String], stdin: Option<String>) -> Output {
        if self.own.depth >= MAX_LEVELS {
            self.own.leaving = Some(Leave::All);
            return Output::fail(1, format!("bash: {name}: maximum function nesting level exceeded ({MAX_LEVELS})"));
        }
        self.own.rounds += 1;
        if self.own.rounds > MAX_ROUNDS {
            self.own.leaving = Some(Leave::All);
            return Self::too_many_rounds();
        }
        let before = std::mem::replace(&mut self.own.arguments, args.to_vec());
        let loops = std::mem::take(&mut self.own.loops);
        self.own.calls.push(Locals::new());
        let output = self.compound(&function.body, &function.redirects, stdin);
        (self.own.arguments, self.own.loops) = (before, loops);
        self.own.leaving = self.own.leaving.filter(|leave| *leave != Leave::Function);
        for (name, value, array) in self.own.calls.pop().unwrap_or_default().into_iter().rev() {
            self.put_back(&name, value, array);
        }
        output
    }

    pub(super) fn put_back(&mut self, name: &str, value: Option<String>, array: Option<Array>) {
        self.own.arrays.retain(|(n, _)| n != name);
        self.own.arrays.extend(array.map(|array| (name.to_owned(), array)));
        match value {
            Some(value) => self.set_variable(name, value),
            None => self.own.vars.retain(|(n, _)| n != name),
        }
    }

    /// `local NAME[=VALUE]...`
    pub(super) fn local(&mut self, args: &[String]) -> Output {
        if self.own.calls.is_empty() {
            return Output::fail(1, "bash: local: can only be used in a function");
        }
        let mut output = Output::default();
        for arg in args.iter().filter(|arg| !arg.starts_with('-')) {
            let (name, value) = arg.split_once('=').map_or((arg.as_str(), None), |(name, value)| (name, Some(value)));
            if is_name(name) {
                self.make_local(name, value);
            } else {
                output.err += &format!("bash: local: `{arg}': not a valid identifier\n");
                output.status = 1;
            }
        }
        output
    }

    fn make_local(&mut self, name: &str, value: Option<&str>) {
        let (before, array) = self.both_of(name);
        let Some(locals) = self.own.calls.last_mut() else { return };
        if !locals.iter().any(|(n, _, _)| n == name) {
            locals.push((name.to_owned(), before, array));
            self.put_back(name, None, None);
        }
        if let Some(value) = value {
            self.set_variable(name, value.to_owned());
        }
    }

    /// `return [N]`
    pub(super) fn return_with(&mut self, args: &[String]) -> Output {
        if self.own.calls.is_empty() {
            return Output::fail(2, "bash: return: can only `return' from a function or sourced script");
        }
        self.own.leaving = Some(Leave::Function);
        match args.first().map(|text| (text, text.parse::<i64>())) {
            None => Output { status: self.own.status, ..Output::default() },
            Some((_, Ok(number))) => {
                Output { status: u8::try_from(number.rem_euclid(256)).unwrap_or_default(), ..Output::default() }
            }
            Some((text, Err(_))) => Output::fail(2, format!("bash: return: {text}: numeric argument required")),
        }
    }

    /// `shift [N]`
    pub(super) fn shift(&mut self, args: &[String]) -> Output {
        let count = args.first().map_or(Ok(1), |text| text.parse::<usize>());
        match (count, args.first()) {
            (Ok(count), _) if count <= self.own.arguments.len() => {
                self.own.arguments.drain(..count);
                Output::default()
            }
            (Err(_), Some(text)) => Output::fail(1, format!("bash: shift: {text}: numeric argument required")),
            _ => Output::fail(1, ""),
        }
    }

    /// `set -- WORD...`: the arguments anew.
    pub(super) fn set(&mut self, args: &[String]) -> Output {
        let mut rest = args;
        while let Some((option, after)) = rest.split_first().filter(|(word, _)| is_option(word)) {
            // The name of an option stands behind `-o`.
            let named = usize::from(option.ends_with('o')).min(after.len());
            if option.contains('u') || (named == 1 && after[0] == "nounset") {
                self.own.unset_is_wrong = option.starts_with('-');
            }
            rest = &after[named..];
        }
        if !rest.is_empty() {
            self.own.arguments = rest.iter().skip(usize::from(rest[0] == "--")).cloned().collect();
        }
        Output::default()
    }

    /// `$1`, `$#`, `$@` and the like; nothing for other names.
    pub(super) fn argument(&self, name: &str) -> Option<String> {
        let all = &self.own.arguments;
        match name {
            "#" => Some(all.len().to_string()),
            "@" | "*" => (!all.is_empty()).then(|| all.join(" ")),
            "0" => Some("bash".to_owned()),
            number => all.get(number.parse::<usize>().ok()?.checked_sub(1)?).cloned(),
        }
    }
}
