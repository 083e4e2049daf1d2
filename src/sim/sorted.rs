//! A small ordered map whose copies are free until one of them changes.

use std::rc::Rc;

/// Ordered map in one shared vector. Copies share it; the first change of a shared one copies the entries.
/// Meant for the tables of one host (tens to hundreds of entries), where a flat vector beats a tree.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sorted<K, V>(Rc<Vec<(K, V)>>);

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self(Rc::new(Vec::new()))
    }
}

impl<K: Ord + Clone, V: Clone> Sorted<K, V> {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn position(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(k, _)| k.cmp(key))
    }

    pub fn get(&self, key: &K) -> Option<&V> {
        self.position(key).ok().map(|i| &self.0[i].1)
    }

    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let i = self.position(key).ok()?;
        Some(&mut Rc::make_mut(&mut self.0)[i].1)
    }

    pub fn contains_key(&self, key: &K) -> bool {
        self.position(key).is_ok()
    }

    /// Sets the value of a key; returns the one before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.position(&key) {
            Ok(i) => Some(std::mem::replace(&mut Rc::make_mut(&mut self.0)[i].1, value)),
            Err(i) => {
                Rc::make_mut(&mut self.0).insert(i, (key, value));
                None
            }
        }
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        let i = self.position(key).ok()?;
        Some(Rc::make_mut(&mut self.0).remove(i).1)
    }

    /// Keeps the entries for which `keep` holds; leaves a shared vector alone when all stay.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        if self.0.iter().any(|(k, v)| !keep(k, v)) {
            Rc::make_mut(&mut self.0).retain(|(k, v)| keep(k, v));
        }
    }

    pub fn clear(&mut self) {
        self.0 = Rc::new(Vec::new());
    }

    /// Entries in key order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + ExactSizeIterator {
        self.0.iter().map(|(k, v)| (k, v))
    }

    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.0.iter().map(|(_, v)| v)
    }

    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.0.iter().map(|(k, _)| k)
    }
}

impl<K: Ord + Clone, V: Clone> FromIterator<(K, V)> for Sorted<K, V> {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(iter: T) -> Self {
        let mut map = Self::default();
        for (k, v) in iter {
            map.insert(k, v);
        }
        map
    }
}
