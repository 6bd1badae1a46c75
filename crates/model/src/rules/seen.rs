//! [`Seen`]: which of many keys stood before.

/// Keys in the order in which they came, found again in constant time.
///
/// A request may have thousands of rows, and rules about rows that repeat are asked after every keystroke. This
/// is a table of places with open addressing; std's map would hash ten times as long, against attacks that
/// nobody mounts on a request of their own.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    keys: Vec<&'a [u8]>,
    /// Numbers of keys, counted from 1, each at the first free place from its hash on; 0 is a free place.
    places: Vec<u32>,
}

impl<'a> Seen<'a> {
    /// Room for so many keys.
    pub(super) fn of(count: usize) -> Self {
        // Half of the places stay free, so searches are short.
        let places = (count * 2).next_power_of_two().max(2);
        Self {
            keys: Vec::with_capacity(count),
            places: vec![0; places],
        }
    }

    /// Notes a key and returns the number of the same key before it, if there is one. Numbers count from 0,
    /// keys that repeat included. There must be room.
    pub(super) fn add(&mut self, key: &'a [u8]) -> Option<usize> {
        let (place, before) = self.look(key);
        self.keys.push(key);
        if before.is_none() {
            self.places[place] = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        }
        before
    }

    /// Passes over a number, for a row that has no key.
    pub(super) fn skip(&mut self) {
        self.keys.push(&[]);
    }

    /// The number of the first key that is the same.
    pub(super) fn find(&self, key: &[u8]) -> Option<usize> {
        self.look(key).1
    }

    /// The place of a key, or where it belongs; and its number.
    fn look(&self, key: &[u8]) -> (usize, Option<usize>) {
        let mask = self.places.len() - 1;
        let mut place = hash(key) & mask;
        loop {
            match self.places[place] as usize {
                0 => return (place, None),
                number if self.keys[number - 1] == key => return (place, Some(number - 1)),
                _ => place = (place + 1) & mask,
            }
        }
    }
}

/// Mixes eight bytes at a time. A product carries differences upwards only, so the upper half comes down each
/// time.
fn hash(key: &[u8]) -> usize {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| {
        let product = (hash ^ word).wrapping_mul(ODD);
        product ^ product >> 32
    };
    let (words, rest) = key.as_chunks::<8>();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    let mut hash = words.fold(key.len() as u64, mix);
    let rest = rest
        .iter()
        .fold(0, |word, byte| word << 8 | u64::from(*byte));
    hash = mix(hash, rest).wrapping_mul(ODD);
    usize::try_from(hash >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn finds_what_a_map_finds(keys in vec("[a-c/]{0,12}", 0..40), other in "[a-c/]{0,12}") {
            let mut seen = Seen::of(keys.len());
            let mut map = HashMap::new();
            for (n, key) in keys.iter().enumerate() {
                if key.ends_with('a') {
                    seen.skip();
                    continue;
                }
                prop_assert_eq!(seen.add(key.as_bytes()), map.get(key).copied());
                map.entry(key).or_insert(n);
            }
            for key in keys.iter().chain([&other]) {
                prop_assert_eq!(seen.find(key.as_bytes()), map.get(key).copied());
            }
        }
    }

    #[test]
    fn hashes_of_paths_differ() {
        for prefix in [
            "",
            "/",
            "/mnt/a/",
            "/mnt/data/",
            "/mnt/dynamic/dataset-",
            "/mnt/data/some/longer/name/",
        ] {
            let paths: Vec<_> = (0..4096).map(|n| format!("{prefix}{n}")).collect();
            let mut seen = Seen::of(paths.len());
            for path in &paths {
                assert_eq!(seen.add(path.as_bytes()), None);
            }
            // The longest run of taken places is the longest search.
            let runs = seen.places.split(|place| *place == 0).map(<[u32]>::len);
            assert!(runs.max() < Some(64), "after {prefix}");
        }
    }
}
