//! The length of texts in EUC-KR, in which Korean carriers count.

/// The number of bytes. `None` if a character is not in the character set, such as an emoji.
///
/// ASCII has one byte, all other characters have two. The ranges are those of KS X 1001 as a whole,
/// and all Hangul syllables, which carriers accept in its extension CP949. A few symbols of the
/// ranges are missing in the real set.
pub(super) fn length(text: &str) -> Option<usize> {
    text.chars().map(width).sum()
}

fn width(character: char) -> Option<usize> {
    match character {
        '\n' | '\r' | ' '..='~' => Some(1),
        // Hangul syllables, letters, and Chinese characters.
        '가'..='힣' | 'ㄱ'..='ㆎ' | '\u{4e00}'..='\u{9fff}' => Some(2),
        // Greek, Cyrillic, kana, full-width forms, box drawing, circled and Roman numbers.
        'Α'..='ω' | 'Ё'..='ё' | 'ぁ'..='ヶ' | '！'..='～' | '─'..='╋' => Some(2),
        '①'..='⑮' | 'Ⅰ'..='ⅹ' | '㈀'..='㉻' | '\u{3000}'..='\u{3015}' => Some(2),
        // Signs that are common in messages.
        '·' | '…' | '‘' | '’' | '“' | '”' | '※' | '―' | '→' | '←' | '↑' | '↓' => {
            Some(2)
        }
        '°' | '±' | '×' | '÷' | '§' | '☆' | '★' | '○' | '●' | '◎' | '□' | '■' | '△' | '▲' => {
            Some(2)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn a_hangul_syllable_has_two_bytes_and_an_emoji_none() {
        let text = "[데모] 인증번호는 123456 입니다.\n@example.kr #123456";
        assert_eq!(length(text), Some(52));
        assert_eq!(length("😀"), None);
        assert_eq!(length("—"), None);
        assert_eq!(length("뷁…"), Some(4));
    }
}
