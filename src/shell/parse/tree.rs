//! What a line is once it has been read.

use std::rc::Rc;

/// Commands in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script(pub Vec<Item>);

/// One pipeline, and when it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub when: When,
    pub pipeline: Vec<Command>,
    /// Begun with `!`: success is failure.
    pub negated: bool,
    /// Ended with `&`.
    pub background: bool,
}

impl Item {
    /// Whether one of its commands is just this word.
    pub fn is_named(&self, name: &str) -> bool {
        self.pipeline.iter().any(|command| command.is_named(name))
    }
}

/// On what the one before a pipeline decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Always,
    /// After `&&`.
    Success,
    /// After `||`.
    Failure,
}

impl When {
    /// Whether it runs after this status.
    pub const fn holds(self, status: u8) -> bool {
        match self {
            Self::Always => true,
            Self::Success => status == 0,
            Self::Failure => status != 0,
        }
    }
}

/// One command with its assignments, words and redirections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simple {
    pub assignments: Vec<Assignment>,
    pub words: Vec<Word>,
    pub redirects: Vec<Redirect>,
    /// Arrays behind `local` and the like.
    pub declared: Vec<Assignment>,
}

impl Simple {
    /// Whether its first word is just this one.
    pub fn is_named(&self, name: &str) -> bool {
        let first = self.words.first().map(|word| word.0.as_slice());
        matches!(first, Some([Part::Text { text, .. }]) if text == name)
    }
}

/// `NAME=WORD`, `NAME[INDEX]=WORD`, `NAME=(WORD...)`, or with `+=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub name: String,
    pub index: Option<Word>,
    /// `+=`: what is there stays before it.
    pub appends: bool,
    pub value: Assigned,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assigned {
    Text(Word),
    List(Vec<Word>),
}

impl Assignment {
    /// Whether a command runs for its value.
    pub fn substitutes(&self) -> bool {
        matches!(&self.value, Assigned::Text(word) if word.substitutes())
    }
}

/// A simple command, or several under one word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Simple(Simple),
    Compound(Rc<Compound>, Vec<Redirect>),
}

impl Command {
    pub(super) fn is_named(&self, name: &str) -> bool {
        matches!(self, Self::Simple(simple) if simple.is_named(name))
    }
}

/// Commands that decide about others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compound {
    /// `for NAME in WORD...; do ...; done`
    For { name: String, words: Vec<Word>, body: Script },
    /// `for ((BEGIN; TEST; STEP)); do ...; done`
    Count { begin: Word, test: Word, step: Word, body: Script },
    /// `((...))`
    Arithmetic(Word),
    /// `[[ ... ]]`
    Test(Test),
    /// `while ...; do ...; done`, or `until`.
    While { until: bool, test: Script, body: Script },
    /// `if ...; then ...; elif ...; then ...; else ...; fi`
    If { arms: Vec<(Script, Script)>, other: Option<Script> },
    /// `case WORD in PATTERN) ...;; esac`
    Case { word: Word, arms: Vec<Arm> },
    /// `NAME() BODY`
    Function { name: String, body: Rc<Compound>, redirects: Rc<Vec<Redirect>> },
    /// `{ ...; }`
    Group(Script),
    /// `( ... )`: what it changes of the shell is gone behind it.
    Subshell(Script),
}

/// What `[[ ]]` asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// `||`
    Any(Vec<Self>),
    /// `&&`
    All(Vec<Self>),
    Not(Box<Self>),
    /// Whether a word is not empty.
    Word(Word),
    One(String, Word),
    Two(Word, String, Word),
}

/// Patterns of `case`, and what is done where one fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arm {
    pub patterns: Vec<Word>,
    pub body: Script,
    pub then: Then,
}

/// What follows an arm that was run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// `;;`
    Done,
    /// `;&`: the next arm, whatever its patterns.
    Next,
    /// `;;&`: the next arm that fits.
    Test,
}

/// Where output goes or input comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// 0, 1 or 2.
    pub from: u8,
    pub to: RedirectTo,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedirectTo {
    /// `2>&1`
    Stdout,
    /// `1>&2`
    Stderr,
    File {
        word: Word,
        /// `>>`
        append: bool,
    },
    /// `<FILE`
    Input(Word),
    /// `<<<WORD`
    String(Word),
    /// `<<WORD`; the word that was not found, where the text ended first.
    Document { body: Word, wanted: Option<String> },
}

/// A word in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word(pub Vec<Part>);

impl Word {
    /// Whether it is just this text, without a quote.
    pub fn is(&self, plain: &str) -> bool {
        matches!(self.0.as_slice(), [Part::Text { text, quoted: false }] if text == plain)
    }

    /// Whether a command runs for it.
    pub fn substitutes(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Substitution { .. }))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Text {
        text: String,
        quoted: bool,
    },
    Variable {
        name: String,
        quoted: bool,
    },
    /// `${NAME:-WORD}` and the like, with what stands behind the name.
    Parameter {
        text: String,
        quoted: bool,
    },
    /// `$((1 + 2))`
    Arithmetic {
        text: Word,
        quoted: bool,
    },
    Substitution {
        script: Script,
        quoted: bool,
    },
}

impl Part {
    pub(in crate::shell) fn is_empty_text(&self) -> bool {
        matches!(self, Self::Text { text, .. } if text.is_empty())
    }

    pub(in crate::shell) const fn is_quoted(&self) -> bool {
        match self {
            Self::Text { quoted, .. }
            | Self::Variable { quoted, .. }
            | Self::Parameter { quoted, .. }
            | Self::Arithmetic { quoted, .. }
            | Self::Substitution { quoted, .. } => *quoted,
        }
    }
}

/// What is wrong with a line. Bytes are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyntaxError {
    TooLong {
        bytes: usize,
    },
    Unterminated {
        quote: char,
    },
    Unexpected {
        token: String,
    },
    TooDeep,
    /// `done`, `fi` or a bracket is missing.
    EndOfFile,
    /// A word of bash that is not there.
    NotSimulated {
        word: String,
        near: &'static str,
    },
}

impl SyntaxError {
    /// As bash prints it.
    pub fn text(&self) -> String {
        match self {
            Self::TooLong { bytes } => format!("bash: line of {bytes} bytes: Argument list too long"),
            Self::Unterminated { quote } => {
                format!("bash: unexpected EOF while looking for matching `{quote}'")
            }
            Self::Unexpected { token } => format!("bash: syntax error near unexpected token `{token}'"),
            Self::EndOfFile => "bash: syntax error: unexpected end of file".to_owned(),
            Self::NotSimulated { word, near } => {
                format!("podhop: {word} is not simulated here; nearest: {near}")
            }
            Self::TooDeep => "bash: maximum command substitution depth exceeded".to_owned(),
        }
    }
}
