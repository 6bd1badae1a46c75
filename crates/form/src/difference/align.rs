//! Which rows of two lists belong to each other.

use std::ops::Range;

use serde_json::Value;

/// So many pairs of rows are compared at most: for more, rows in the middle belong together by their places.
const MOST: usize = 1 << 16;

/// The rows of two lists side by side, in order: equal ones as many as can be, and of those between them each with the
/// one that has its place. A row that has none beside it is gone, or new.
pub(crate) fn align(old: &[Value], new: &[Value]) -> Vec<[Option<usize>; 2]> {
    let same = |(old, new): &(&Value, &Value)| old == new;
    let head = old.iter().zip(new).take_while(same).count();
    let rest = [&old[head..], &new[head..]];
    let tail = rest[0].iter().rev().zip(rest[1].iter().rev());
    let tail = tail.take_while(same).count();
    let [old_end, new_end] = [old.len() - tail, new.len() - tail];
    let mut equal = common(&old[head..old_end], &new[head..new_end]);
    // The end of both: what follows is the same.
    equal.push((old_end - head, new_end - head));
    let mut rows: Vec<_> = (0..head).map(|row| [Some(row), Some(row)]).collect();
    let mut from = (head, head);
    for (one, other) in equal {
        let at = (head + one, head + other);
        beside(from.0..at.0, from.1..at.1, &mut rows);
        if at.0 < old_end {
            rows.push([Some(at.0), Some(at.1)]);
        }
        from = (at.0 + 1, at.1 + 1);
    }
    rows.extend((0..tail).map(|row| [Some(old_end + row), Some(new_end + row)]));
    rows
}

/// Puts the rows of two ranges beside each other.
fn beside(old: Range<usize>, new: Range<usize>, rows: &mut Vec<[Option<usize>; 2]>) {
    for row in 0..old.len().max(new.len()) {
        let [old, new] =
            [&old, &new].map(|range| Some(range.start + row).filter(|at| range.contains(at)));
        rows.push([old, new]);
    }
}

/// The longest row of pairs of equal values, in order.
fn common(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    if old.len() * new.len() > MOST {
        return pairs;
    }
    // How many there are from here on, for each place in both.
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for (i, one) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            longest[i * width + j] = if one == other {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both lists, a letter for each row, with `-` where there is none.
    fn aligned(old: &str, new: &str) -> String {
        let [old, new] = [old, new].map(|list| -> Vec<Value> {
            list.chars()
                .map(|row| Value::from(row.to_string()))
                .collect()
        });
        let letter = |list: &[Value], row: Option<usize>| {
            row.map_or("-".to_owned(), |row| {
                list[row].as_str().unwrap_or_default().to_owned()
            })
        };
        let rows = align(&old, &new);
        let rows = rows
            .iter()
            .map(|[one, other]| letter(&old, *one) + &letter(&new, *other));
        rows.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn f40_rows_belong_to_equal_ones_and_else_to_their_place() {
        for (old, new, rows) in [
            ("", "", ""),
            ("", "a", "-a"),
            ("ab", "", "a- b-"),
            ("abc", "abc", "aa bb cc"),
            ("abcd", "bcxd", "a- bb cc -x dd"),
            ("abc", "xbyc", "ax bb -y cc"),
            ("abcde", "axe", "aa bx c- d- ee"),
            ("aab", "ab", "aa a- bb"),
            ("ab", "ba", "a- bb -a"),
        ] {
            assert_eq!(aligned(old, new), rows, "{old} {new}");
        }
    }
}
