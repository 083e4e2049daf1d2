//! Variables: those of the shell, those that other programs see, those that a shell elsewhere has not.

use super::{Function, Shell, Terminal, array, linux};

/// What a shell has that one elsewhere has not.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    vars: Vec<(String, String)>,
    arrays: Vec<(String, array::Array)>,
    exported: Vec<String>,
    aliases: Vec<(String, String)>,
    functions: Vec<Function>,
}

/// What every shell begins with.
pub(super) const BEGUN_WITH: [(&str, &str); 2] = [("HOME", "/root"), ("USER", "root")];

impl Terminal {
    /// Begins a shell with these variables alone; what was there before.
    pub(super) fn begin(&mut self, vars: Vec<(String, String)>) -> Kept {
        let exported = vars.iter().map(|(name, _)| name.clone()).collect();
        Kept {
            vars: std::mem::replace(&mut self.vars, vars),
            arrays: std::mem::take(&mut self.arrays),
            exported: std::mem::replace(&mut self.exported, exported),
            aliases: std::mem::take(&mut self.aliases),
            functions: std::mem::take(&mut self.functions),
        }
    }

    /// Goes back to what a shell had.
    pub(super) fn restore(&mut self, kept: &Kept) {
        let Kept { vars, arrays, exported, aliases, functions } = kept.clone();
        (self.vars, self.arrays, self.exported) = (vars, arrays, exported);
        (self.aliases, self.functions) = (aliases, functions);
    }
}

impl Shell {
    pub(crate) fn variable(&self, name: &str) -> String {
        match name {
            "?" => return self.own.status.to_string(),
            "$" => return "1000".to_owned(),
            "PWD" => return self.dir().to_owned(),
            "HOSTNAME" => return linux::name(self),
            _ => {}
        }
        self.value(name).unwrap_or_default()
    }

    /// The value of a variable or an argument that is set.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let own = || self.own.vars.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
        self.argument(name).or_else(own)
    }

    /// The variables that other programs see, with their values.
    pub(super) fn exported(&self) -> Vec<(String, String)> {
        self.own.vars.iter().filter(|(name, _)| self.own.exported.contains(name)).cloned().collect()
    }

    pub(crate) fn set_variable(&mut self, name: &str, value: String) {
        match self.own.vars.iter_mut().find(|(n, _)| n == name) {
            Some((_, old)) => *old = value,
            None => self.own.vars.push((name.to_owned(), value)),
        }
    }
}
