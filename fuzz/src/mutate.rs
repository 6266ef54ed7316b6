//! Changes inputs as a fuzzer does, but without coverage, and the same way in each run.

use fastrand::Rng;

const LONGEST: usize = 4096;
/// Bytes with a meaning in one of the formats.
const TELLING: &[u8] = b"\0\t\r\n \"#%&'+,-./0129:;<=>?@AZ[\\]_az{|}~\x7f\x80\xbf\xc0\xff";

/// A new input, made from these seeds.
pub fn mutation(seeds: &[Vec<u8>], random: &mut Rng) -> Vec<u8> {
    let mut input = pick(seeds, random).to_vec();
    for _ in 0..=random.usize(..6) {
        change(&mut input, seeds, random);
    }
    input.truncate(LONGEST);
    input
}

fn pick<'a>(seeds: &'a [Vec<u8>], random: &mut Rng) -> &'a [u8] {
    random.choice(seeds).map_or(&[], Vec::as_slice)
}

fn change(input: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Rng) {
    let place = random.usize(..=input.len());
    let end = (place + random.usize(..=16)).min(input.len());
    match random.u8(..9) {
        0 => input.insert(place, random.u8(..)),
        1 => input.insert(place, TELLING[random.usize(..TELLING.len())]),
        2 => drop(input.drain(place..end)),
        3 => input[place..end]
            .iter_mut()
            .for_each(|byte| *byte ^= 1 << random.u8(..8)),
        4 => {
            let part = input[place..end].to_vec();
            input.splice(place..place, part);
        }
        5 => {
            let other = pick(seeds, random);
            let from = random.usize(..=other.len());
            let to = (from + random.usize(..=64)).min(other.len());
            input.splice(place..end, other[from..to].iter().copied());
        }
        6 => {
            let number = [0, 1, 255, 65_536, u64::from(u32::MAX), u64::MAX][random.usize(..6)];
            input.splice(place..end, number.to_string().into_bytes());
        }
        7 => {
            let power = random.u8(..12);
            let length = random.usize(..1 << power);
            let byte = TELLING[random.usize(..TELLING.len())];
            input.splice(place..place, std::iter::repeat_n(byte, length));
        }
        _ => {
            if let Some(byte) = input.get_mut(place) {
                *byte = TELLING[random.usize(..TELLING.len())];
            }
        }
    }
}
