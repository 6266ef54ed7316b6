//! Inputs are text with placeholders, so that a seed can name values that differ in each run.

/// The first byte chooses, the rest is the input.
pub fn choice(data: &[u8]) -> Option<(u8, &[u8])> {
    data.split_first().map(|(choice, rest)| (*choice, rest))
}

/// The first line, and the rest.
pub fn line(data: &[u8]) -> (&[u8], &[u8]) {
    match data.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&data[..end], &data[end + 1..]),
        None => (data, b""),
    }
}

/// Replaces `{name}` by its value.
pub fn fill(data: &[u8], values: &[(&str, &str)]) -> Vec<u8> {
    let mut filled = Vec::with_capacity(data.len() + 64);
    let mut rest = data;
    while let Some((first, after)) = rest.split_first() {
        let known = values.iter().find_map(|(name, value)| {
            let after = after.strip_prefix(name.as_bytes())?.strip_prefix(b"}")?;
            (*first == b'{').then_some((value, after))
        });
        match known {
            Some((value, after)) => {
                filled.extend_from_slice(value.as_bytes());
                rest = after;
            }
            None => {
                filled.push(*first);
                rest = after;
            }
        }
    }
    filled
}

/// Changes bytes: each three bytes of `edits` are a position and a change.
pub fn edit(bytes: &mut Vec<u8>, edits: &[u8]) {
    for edit in edits.as_chunks::<3>().0.iter().take(64) {
        let [place, kind, value] = *edit;
        let place = usize::from(place) | usize::from(kind >> 4) << 8;
        let Some(place) = place.checked_rem(bytes.len()) else {
            return;
        };
        match kind & 7 {
            0 | 1 => bytes[place] = value,
            2 => bytes[place] ^= value,
            3 => bytes.insert(place, value),
            4 => drop(bytes.remove(place)),
            5 => bytes.truncate(place),
            6 => bytes.extend(std::iter::repeat_n(0, usize::from(value) % 33)),
            _ => bytes[place] = bytes[place].wrapping_add(value),
        }
    }
}
