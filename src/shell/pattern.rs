//! Patterns with `*`, `?` and `[...]`. Source: bash(1), "Pattern Matching".

/// Most steps of what is matched for one word: each letter is a step for each place in the pattern that it may fit.
pub(super) const MAX_STEPS: usize = 1 << 21;
/// Longest class in brackets, in letters.
const MAX_CLASS: usize = 256;

const NAMED: [(&str, &[(char, char)]); 9] = [
    ("[:alnum:]", &[('a', 'z'), ('A', 'Z'), ('0', '9')]),
    ("[:alpha:]", &[('a', 'z'), ('A', 'Z')]),
    ("[:blank:]", &[(' ', ' '), ('\t', '\t')]),
    ("[:digit:]", &[('0', '9')]),
    ("[:lower:]", &[('a', 'z')]),
    ("[:punct:]", &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')]),
    ("[:space:]", &[('\t', '\r'), (' ', ' ')]),
    ("[:upper:]", &[('A', 'Z')]),
    ("[:xdigit:]", &[('0', '9'), ('a', 'f'), ('A', 'F')]),
];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// `*`
    Many,
    /// `?`
    Any,
    Letter(char),
    Class {
        not: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Part {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Many | Self::Any => true,
            Self::Letter(letter) => *letter == c,
            Self::Class { not, ranges } => ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *not,
        }
    }
}

/// A pattern.
#[derive(Clone, Debug)]
pub(super) struct Pattern(Vec<Part>);

impl Pattern {
    pub(super) fn read(text: &str) -> Self {
        let letters: Vec<char> = text.chars().collect();
        let mut parts = Vec::new();
        let mut at = 0;
        while let Some(c) = letters.get(at) {
            let class = if *c == '[' { class(&letters[at..]) } else { None };
            let (len, part) = class.unwrap_or_else(|| match (c, letters.get(at + 1)) {
                ('*', _) => (1, Part::Many),
                ('?', _) => (1, Part::Any),
                ('\\', Some(next)) => (2, Part::Letter(*next)),
                _ => (1, Part::Letter(*c)),
            });
            at += len;
            if part != Part::Many || parts.last() != Some(&Part::Many) {
                parts.push(part);
            }
        }
        Self(parts)
    }

    /// The pattern of a text that is read from its end.
    pub(super) fn reversed(mut self) -> Self {
        self.0.reverse();
        self
    }

    /// Whether a whole text fits. One of which that takes too long to say does not.
    pub(super) fn fits(&self, text: &str) -> bool {
        let longest = self.beginnings(text.chars(), &mut MAX_STEPS.clone()).map(|(_, longest)| longest);
        longest == Some(text.len())
    }

    /// Bytes of the shortest and of the longest beginning that fit; `room` is how many steps are left for that.
    pub(super) fn beginnings(&self, letters: impl Iterator<Item = char>, room: &mut usize) -> Option<(usize, usize)> {
        let mut places = Vec::new();
        self.enter(&mut places, 0);
        let mut found = self.is_through(&places).then_some((0, 0));
        let mut bytes = 0;
        for c in letters {
            *room = room.checked_sub(places.len())?;
            let mut next = Vec::with_capacity(places.len() + 1);
            for place in places {
                match self.0.get(place) {
                    Some(Part::Many) => self.enter(&mut next, place),
                    Some(part) if part.takes(c) => self.enter(&mut next, place + 1),
                    _ => {}
                }
            }
            if next.is_empty() {
                break;
            }
            places = next;
            bytes += c.len_utf8();
            if self.is_through(&places) {
                found = Some((found.map_or(bytes, |(shortest, _)| shortest), bytes));
            }
        }
        found
    }

    /// Adds a place, and those behind it that need no letter. Places come in order.
    fn enter(&self, places: &mut Vec<usize>, mut place: usize) {
        loop {
            if places.last().is_none_or(|last| *last < place) {
                places.push(place);
            }
            if self.0.get(place) != Some(&Part::Many) {
                return;
            }
            place += 1;
        }
    }

    fn is_through(&self, places: &[usize]) -> bool {
        places.last() == Some(&self.0.len())
    }
}

/// A class and its length; `None` where no bracket closes it.
fn class(letters: &[char]) -> Option<(usize, Part)> {
    let letters = letters.get(..MAX_CLASS).unwrap_or(letters);
    let not = matches!(letters.get(1), Some('!' | '^'));
    let first = 1 + usize::from(not);
    let mut ranges = Vec::new();
    let mut at = first;
    loop {
        if at > first && letters.get(at) == Some(&']') {
            return Some((at + 1, Part::Class { not, ranges }));
        }
        if let Some((len, all)) = named(&letters[at..]) {
            ranges.extend(all);
            at += len;
            continue;
        }
        let (len, low) = letter(letters.get(at..)?)?;
        at += len;
        let upper = letters.get(at + 1).filter(|c| letters[at] == '-' && **c != ']');
        match upper.and_then(|_| letter(&letters[at + 1..])) {
            Some((len, high)) => {
                ranges.push((low, high));
                at += 1 + len;
            }
            None => ranges.push((low, low)),
        }
    }
}

/// `[:digit:]` and the like.
fn named(letters: &[char]) -> Option<(usize, &'static [(char, char)])> {
    let is = |name: &str| name.chars().enumerate().all(|(at, c)| letters.get(at) == Some(&c));
    NAMED.iter().find(|(name, _)| is(name)).map(|(name, ranges)| (name.len(), *ranges))
}

/// A letter of a class, which may be quoted, and its length.
fn letter(letters: &[char]) -> Option<(usize, char)> {
    match letters {
        ['\\', c, ..] => Some((2, *c)),
        [c, ..] => Some((1, *c)),
        [] => None,
    }
}
