//! First in, first out, in a form whose copies share what they hold.

use rpds::Queue;
use std::rc::Rc;

/// Entries of a chunk. After a copy of the lane, a push copies less than one chunk.
const CHUNK: usize = 16;

/// Entries in the order in which they came. Copying one costs a few reference counts.
///
/// They are in chunks, so that an entry needs no memory of its own.
#[derive(Clone, Debug)]
pub struct Lane<T> {
    /// The oldest entries, of which the first `read` are gone; all are gone only in an empty lane.
    front: Rc<Vec<T>>,
    read: usize,
    /// Full chunks, oldest first.
    full: Queue<Rc<Vec<T>>>,
    /// The newest entries.
    back: Rc<Vec<T>>,
}

impl<T> Default for Lane<T> {
    fn default() -> Self {
        Self { front: Rc::default(), read: 0, full: Queue::new(), back: Rc::default() }
    }
}

impl<T: Clone> Lane<T> {
    pub fn push(&mut self, entry: T) {
        let back = Rc::make_mut(&mut self.back);
        back.push(entry);
        if back.len() == CHUNK {
            self.full.enqueue_mut(std::mem::take(&mut self.back));
        }
        self.refill();
    }

    pub fn first(&self) -> Option<&T> {
        self.front.get(self.read)
    }

    pub fn pop(&mut self) -> Option<T> {
        let first = self.first()?.clone();
        self.read += 1;
        self.refill();
        Some(first)
    }

    /// Goes on to the next chunk when the front has been read.
    fn refill(&mut self) {
        if self.read < self.front.len() {
            return;
        }
        self.read = 0;
        if let Some(next) = self.full.peek().cloned() {
            self.full.dequeue_mut();
            self.front = next;
            return;
        }
        std::mem::swap(&mut self.front, &mut self.back);
        match Rc::get_mut(&mut self.back) {
            Some(back) => back.clear(),
            None => self.back = Rc::default(),
        }
    }

    /// Entries, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        let full = self.full.iter().flat_map(|chunk| chunk.iter());
        self.front.iter().skip(self.read).chain(full).chain(self.back.iter())
    }
}

/// The same entries in the same order, however they are cut into chunks.
impl<T: Clone + PartialEq> PartialEq for Lane<T> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T: Clone + Eq> Eq for Lane<T> {}

#[cfg(test)]
mod tests {
    use super::Lane;

    /// Against the standard library's queue, with copies taken on the way.
    #[test]
    fn first_in_first_out_and_copies_stay_as_they_were() {
        let mut rng = crate::sim::rng::Rng::new(1);
        let (mut lane, mut model) = (Lane::default(), std::collections::VecDeque::new());
        let mut copies = Vec::new();
        for number in 0..5_000u32 {
            let grows = (number / 500) % 2 == 0;
            if rng.below(10) < if grows { 7 } else { 3 } {
                lane.push(number);
                model.push_back(number);
            } else {
                assert_eq!(lane.pop(), model.pop_front());
            }
            assert_eq!(lane.first(), model.front());
            if rng.below(7) == 0 {
                copies.push((lane.clone(), model.clone()));
            }
        }
        for (lane, model) in copies {
            assert!(lane.iter().eq(&model));
            let mut again = Lane::default();
            for n in &model {
                again.push(*n);
            }
            assert_eq!(lane, again);
        }
    }
}
