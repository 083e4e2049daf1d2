//! Sorting with one algorithm for all types: the sorts of the standard library are compiled anew for each, at four
//! kilobytes a time.

/// Below this an insertion is quicker than a merge.
const FEW: usize = 16;

/// Sorts by a key; what is equal keeps its order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    let count = items.len();
    if count <= FEW {
        for end in 1..count {
            let mut at = end;
            while at > 0 && key(&items[at]) < key(&items[at - 1]) {
                items.swap(at, at - 1);
                at -= 1;
            }
        }
        return;
    }
    let order = order(count, &|a, b| key(&items[a]) < key(&items[b]));
    arrange(order, &mut |a, b| items.swap(a, b));
}

/// Sorts; what is equal keeps its order.
pub fn sort<T: Ord + Copy>(items: &mut [T]) {
    sort_by_key(items, |item| *item);
}

/// Sorts, and leaves one of each.
pub fn sort_dedup<T: Ord + Copy>(items: &mut Vec<T>) {
    sort(items);
    items.dedup();
}

/// The positions of `count` items in their order: runs of one, of two, of four and so on are merged.
fn order(count: usize, before: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut from: Vec<usize> = (0..count).collect();
    let mut run = 1;
    while run < count {
        let mut to = Vec::with_capacity(count);
        for pair in from.chunks(2 * run) {
            let (mut left, mut right) = pair.split_at(run.min(pair.len()));
            while let ([a, rest_left @ ..], [b, rest_right @ ..]) = (left, right) {
                if before(*b, *a) {
                    to.push(*b);
                    right = rest_right;
                } else {
                    to.push(*a);
                    left = rest_left;
                }
            }
            to.extend_from_slice(left);
            to.extend_from_slice(right);
        }
        from = to;
        run *= 2;
    }
    from
}

/// Brings every item to its place, along the circles in which they change places.
fn arrange(mut order: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        let mut at = start;
        loop {
            let from = order[at];
            order[at] = at;
            if from == start {
                break;
            }
            swap(at, from);
            at = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sort_by_key;

    #[test]
    fn sorts_as_the_standard_library_does() {
        for count in [0, 1, 2, 15, 16, 17, 64, 100, 1000] {
            let items: Vec<(u64, u64)> = (0..count).map(|n| (n * 7919 % 13, n)).collect();
            let (mut ours, mut theirs) = (items.clone(), items);
            sort_by_key(&mut ours, |item| item.0);
            theirs.sort_by_key(|item| item.0);
            assert_eq!(ours, theirs, "{count}");
        }
    }
}
