//! An ordered map of any size whose copies are free, and of which a change copies one part.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// Most entries of one part. A change of a map that is shared copies one part and the list of parts.
const PART: usize = 32;

type Part<K, V> = Rc<Vec<(K, V)>>;

/// Ordered map in parts, each a shared sorted vector. It does what `rpds::RedBlackTreeMap` does in a quarter of the
/// code, which is compiled anew for every pair of types.
#[derive(Clone, Debug)]
pub struct Ordered<K, V> {
    /// In order; none is empty.
    parts: Rc<Vec<Part<K, V>>>,
    len: usize,
}

impl<K, V> Default for Ordered<K, V> {
    fn default() -> Self {
        Self { parts: Rc::default(), len: 0 }
    }
}

impl<K, V> Ordered<K, V> {
    pub const fn len(&self) -> usize {
        self.len
    }

    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Entries in key order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.parts.iter().flat_map(|part| part.iter()).map(|(k, v)| (k, v))
    }

    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.iter().map(|(_, v)| v)
    }

    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.iter().map(|(k, _)| k)
    }

    pub fn first(&self) -> Option<(&K, &V)> {
        self.parts.first().and_then(|part| part.first()).map(|(k, v)| (k, v))
    }

    /// Where a key is, or where it would have to be put: the part, and the place in it.
    fn find(&self, compare: &dyn Fn(&K) -> Ordering) -> Result<(usize, usize), (usize, usize)> {
        let later =
            self.parts.partition_point(|part| part.first().is_some_and(|(k, _)| compare(k) != Ordering::Greater));
        let number = later.saturating_sub(1);
        let Some(part) = self.parts.get(number) else { return Err((0, 0)) };
        let place = part.partition_point(|(k, _)| compare(k) == Ordering::Less);
        let is_here = part.get(place).is_some_and(|(k, _)| compare(k) == Ordering::Equal);
        if is_here { Ok((number, place)) } else { Err((number, place)) }
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let (number, place) = self.find(&|k| k.borrow().cmp(key)).ok()?;
        Some(&self.parts[number][place].1)
    }

    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }

    /// Entries from a key on, in key order.
    pub fn from<'a>(&'a self, key: &K) -> impl Iterator<Item = (&'a K, &'a V)> + use<'a, K, V>
    where
        K: Ord,
    {
        let (number, place) = match self.find(&|k| k.cmp(key)) {
            Ok(found) | Err(found) => found,
        };
        let parts = self.parts.get(number..).unwrap_or_default();
        parts.iter().flat_map(|part| part.iter()).skip(place).map(|(k, v)| (k, v))
    }
}

impl<K: Ord + Clone, V: Clone> Ordered<K, V> {
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let (number, place) = self.find(&|k| k.cmp(key)).ok()?;
        Some(&mut self.part_mut(number)[place].1)
    }

    fn part_mut(&mut self, number: usize) -> &mut Vec<(K, V)> {
        Rc::make_mut(&mut Rc::make_mut(&mut self.parts)[number])
    }

    /// Sets the value of a key.
    pub fn insert(&mut self, key: K, value: V) {
        match self.find(&|k| k.cmp(&key)) {
            Ok((number, place)) => self.part_mut(number)[place].1 = value,
            Err(place) => {
                self.insert_at(place, key, value);
            }
        }
    }

    /// Puts a new entry where it belongs; returns where it then is.
    fn insert_at(&mut self, (number, place): (usize, usize), key: K, value: V) -> (usize, usize) {
        self.len += 1;
        if self.parts.is_empty() {
            self.parts = Rc::new(vec![Rc::default()]);
        }
        let part = self.part_mut(number);
        part.insert(place, (key, value));
        if part.len() <= PART {
            return (number, place);
        }
        // What only grows at its end leaves full parts behind.
        let at = if place == PART { PART } else { PART / 2 };
        let rest = part.split_off(at);
        Rc::make_mut(&mut self.parts).insert(number + 1, Rc::new(rest));
        if place < at { (number, place) } else { (number + 1, place - at) }
    }

    /// The value of a key, which is made when there is none yet.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let (number, place) = match self.find(&|k| k.cmp(&key)) {
            Ok(place) => place,
            Err(place) => self.insert_at(place, key, make()),
        };
        &mut self.part_mut(number)[place].1
    }

    /// Takes a key out. `false` when it was not there.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        let Ok((number, place)) = self.find(&|k| k.borrow().cmp(key)) else { return false };
        self.len -= 1;
        let part = self.part_mut(number);
        part.remove(place);
        if part.is_empty() {
            Rc::make_mut(&mut self.parts).remove(number);
        }
        true
    }
}

impl<K: Ord + Clone, V: Clone> FromIterator<(K, V)> for Ordered<K, V> {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(entries: T) -> Self {
        let mut map = Self::default();
        map.extend(entries);
        map
    }
}

impl<K: Ord + Clone, V: Clone> Extend<(K, V)> for Ordered<K, V> {
    fn extend<T: IntoIterator<Item = (K, V)>>(&mut self, entries: T) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for Ordered<K, V> {
    /// Where the parts end says nothing.
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && (Rc::ptr_eq(&self.parts, &other.parts) || self.iter().eq(other.iter()))
    }
}

impl<K: Eq, V: Eq> Eq for Ordered<K, V> {}

impl<K: Hash, V: Hash> Hash for Ordered<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len.hash(state);
        self.iter().for_each(|entry| entry.hash(state));
    }
}

#[cfg(test)]
mod tests {
    use super::Ordered;
    use std::collections::BTreeMap;

    /// A walk through all keys, up, down and mixed, against the map of the standard library.
    #[test]
    fn agrees_with_the_standard_library() {
        for step in [1_u32, 7919, 9999] {
            let (mut ours, mut theirs) = (Ordered::default(), BTreeMap::new());
            let keys = || (1..=1000_u32).map(move |n| n * step % 10_000);
            for key in keys() {
                ours.insert(key, key + 1);
                theirs.insert(key, key + 1);
                assert_eq!(*ours.get_or_insert_with(key, || 0), key + 1);
                assert_eq!(*ours.get_or_insert_with(key + 20_000, || key), key);
                assert!(ours.remove(&(key + 20_000)));
                assert_eq!(ours.len(), theirs.len());
            }
            let before = ours.clone();
            for key in keys().filter(|key| key % 3 != 0) {
                assert_eq!(ours.remove(&key), theirs.remove(&key).is_some());
                assert!(!ours.remove(&key));
            }
            assert!(ours.iter().eq(theirs.iter()) && ours.iter().rev().eq(theirs.iter().rev()));
            assert_eq!(ours.first(), theirs.first_key_value());
            for key in (0..10_100).step_by(33) {
                assert_eq!(ours.get(&key), theirs.get(&key));
                assert!(ours.from(&key).eq(theirs.range(key..)));
            }
            assert_eq!(before.len(), 1000, "a copy keeps what it had");
            assert!(ours == theirs.into_iter().collect() && ours != before);
        }
    }
}
