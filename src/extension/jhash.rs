//! The hash that the kernel spreads connections with: Bob Jenkins' lookup3 over words (`include/linux/jhash.h`).

/// What every hash starts from.
const START: u32 = 0xdead_beef;

/// The hash of `words`. Where it has no secret in it, it is the same on every host of one byte order.
pub(super) fn jhash(words: &[u32], initial: u32) -> u32 {
    let length = u32::try_from(words.len()).unwrap_or(u32::MAX);
    let start = START.wrapping_add(length.wrapping_mul(4)).wrapping_add(initial);
    let mut state = [start; 3];
    let mut rest = words;
    while let [a, b, c, after @ ..] = rest {
        state = add(state, [*a, *b, *c]);
        if after.is_empty() {
            return last(state);
        }
        state = mix(state);
        rest = after;
    }
    match rest {
        [a, b] => last(add(state, [*a, *b, 0])),
        [a] => last(add(state, [*a, 0, 0])),
        _ => start,
    }
}

const fn add([a, b, c]: [u32; 3], [d, e, f]: [u32; 3]) -> [u32; 3] {
    [a.wrapping_add(d), b.wrapping_add(e), c.wrapping_add(f)]
}

/// Between two threes of words.
fn mix(state: [u32; 3]) -> [u32; 3] {
    [4, 6, 8, 16, 19, 4].into_iter().fold(state, |[a, b, c], by| {
        let a = a.wrapping_sub(c) ^ c.rotate_left(by);
        [b, c.wrapping_add(b), a]
    })
}

/// After the last word.
fn last(state: [u32; 3]) -> u32 {
    let [_, hash, _] = [14, 11, 25, 16, 4, 14, 24].into_iter().fold(state, |[a, b, c], by| {
        let c = (c ^ b).wrapping_sub(b.rotate_left(by));
        [b, c, a]
    });
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the kernel was seen to choose judges the hash of four words (`nat_hash.rs`).
    #[test]
    fn no_words_have_the_start_as_their_hash() {
        assert_eq!(jhash(&[], 0), START);
        assert_eq!(jhash(&[], 1), START + 1);
    }
}
