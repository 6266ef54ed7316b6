//! The characters and the length of a message in EUC-KR (KS X 1001).

/// The characters of KS X 1001, which EUC-KR encodes in two bytes. One bit for each character of
/// Unicode's first plane, the lowest bit of a byte first. Made with the codec `euc_kr` of Python.
static KS_X_1001: &[u8; 8192] = include_bytes!("ks_x_1001.bin");

/// The first character that is neither printable ASCII nor in KS X 1001.
pub(super) fn unencodable(text: &str) -> Option<char> {
    let is_encodable =
        |character: char| matches!(character, ' '..='~') || is_in_ks_x_1001(character);
    text.chars().find(|character| !is_encodable(*character))
}

pub(super) fn is_in_ks_x_1001(character: char) -> bool {
    let index = u32::from(character);
    let byte = usize::try_from(index / 8)
        .ok()
        .and_then(|at| KS_X_1001.get(at));
    byte.is_some_and(|byte| byte >> (index % 8) & 1 == 1)
}

/// The bytes of a text in EUC-KR.
pub(super) fn bytes(text: &str) -> usize {
    let of = |character: char| if character.is_ascii() { 1 } else { 2 };
    text.chars().map(of).sum()
}
