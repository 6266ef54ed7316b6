//! The meaning of an error code and its remedy, in English and Korean. The texts are in data files
//! beside this one.

use std::fmt;

use super::table::{WIDTH, wrapped};

/// One block for each meaning, six lines: the codes and their provider, meaning and remedy in
/// English, meaning and remedy in Korean, the source. A blank line separates blocks.
const TEXTS: [&str; 6] = [
    include_str!("kakao.txt"),
    include_str!("naver.txt"),
    include_str!("google.txt"),
    include_str!("oauth.txt"),
    include_str!("own.txt"),
    include_str!("causes.txt"),
];

/// The most letters by which a near spelling differs. A short code has a lower limit, half of its
/// length.
const NEAR: usize = 3;
/// The most near spellings that are returned.
const MOST_NEAR: usize = 5;

/// The meaning of a code at one provider, and the remedy.
///
/// The texts come from the provider's documentation or from a standard, which
/// [`source`](Self::source) names.
///
/// ```
/// let explanations = tower_phone_auth::doctor::explain("koe006");
/// let [explanation] = explanations.as_slice() else { unreachable!() };
/// assert_eq!((explanation.code(), explanation.provider()), ("KOE006", "Kakao"));
/// assert!(explanation.english().remedy.contains("/auth/callback/kakao"));
/// assert!(explanation.korean().meaning.contains("리다이렉트 URI"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// As the provider writes it.
    code: &'static str,
    /// A provider, a standard, or a place in the log of this crate.
    provider: &'static str,
    english: Advice,
    korean: Advice,
    /// An address or a name.
    source: &'static str,
}

/// A meaning and a remedy in one language. See [`Explanation`].
///
/// ```
/// use tower_phone_auth::doctor::explain;
///
/// let found = &explain("KOE006")[0];
/// let advice = found.english();
/// println!("{} Remedy: {}", advice.meaning, advice.remedy);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    /// The cause, in a sentence or two.
    pub meaning: &'static str,
    /// The remedy.
    pub remedy: &'static str,
}

impl Explanation {
    /// The code as the provider writes it, such as `KOE006`.
    ///
    /// ```
    /// use tower_phone_auth::doctor::explain;
    ///
    /// let found = &explain("KOE006")[0];
    /// assert_eq!(found.code(), "KOE006");
    /// ```
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The provider or the standard whose code it is, such as `Kakao` or `OAuth 2.0`; for a code of
    /// this crate, the place of the code, such as `ID token`.
    ///
    /// ```
    /// use tower_phone_auth::doctor::explain;
    ///
    /// let found = &explain("KOE006")[0];
    /// assert_eq!(found.provider(), "Kakao");
    /// ```
    #[must_use]
    pub fn provider(&self) -> &'static str {
        self.provider
    }

    /// The advice in English.
    ///
    /// ```
    /// use tower_phone_auth::doctor::explain;
    ///
    /// let found = &explain("KOE006")[0];
    /// assert!(found.english().meaning.contains("redirect URI"));
    /// ```
    #[must_use]
    pub fn english(&self) -> Advice {
        self.english
    }

    /// The advice in Korean.
    ///
    /// ```
    /// use tower_phone_auth::doctor::explain;
    ///
    /// let found = &explain("KOE006")[0];
    /// assert!(found.korean().meaning.contains("리다이렉트 URI"));
    /// ```
    #[must_use]
    pub fn korean(&self) -> Advice {
        self.korean
    }

    /// The address or name of the documentation from which the meaning is known.
    ///
    /// ```
    /// use tower_phone_auth::doctor::explain;
    ///
    /// let found = &explain("KOE006")[0];
    /// assert!(found.source().starts_with("https://developers.kakao.com/"));
    /// ```
    #[must_use]
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// The known codes with a spelling near `code`, the nearest first, at most five.
    ///
    /// ```
    /// use tower_phone_auth::doctor::Explanation;
    ///
    /// assert_eq!(Explanation::near("invalid_scop"), ["invalid_scope"]);
    /// ```
    #[must_use]
    pub fn near(code: &str) -> Vec<&'static str> {
        let code = code.trim().to_lowercase();
        let far = |known: &&str| distance(&code, &known.to_lowercase());
        let most = NEAR.min(code.chars().count() / 2);
        let mut near: Vec<&str> = Vec::new();
        for explanation in all() {
            if far(&explanation.code) <= most && !near.contains(&explanation.code) {
                near.push(explanation.code);
            }
        }
        near.sort_by_key(far);
        near.truncate(MOST_NEAR);
        near
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code,
            provider,
            english,
            korean,
            source,
        } = self;
        writeln!(f, "{code} ({provider})")?;
        let lines = [
            ("  cause   ", english.meaning),
            ("  remedy  ", english.remedy),
            ("  원인    ", korean.meaning),
            ("  조치    ", korean.remedy),
            ("  source  ", source),
        ];
        let lines = lines
            .iter()
            .flat_map(|(mark, text)| wrapped(mark, text, WIDTH));
        f.write_str(&lines.collect::<Vec<_>>().join("\n"))
    }
}

/// The meanings of a code of Kakao (`KOE006`, `-401`), Naver (`024`), Google, OAuth 2.0 and OpenID
/// Connect (`invalid_scope`), and of the codes and causes that this crate writes into its log
/// (`aud`, `phone_number_not_announced`, `CodeRejected`). Upper and lower case are the same, and
/// white space around the code does not matter.
///
/// A code may mean different things at different providers, so the list has one explanation for
/// each. The list is empty for a code that is not known; [`Explanation::near`] then finds a
/// misspelling.
///
/// ```
/// use tower_phone_auth::doctor::explain;
///
/// let providers: Vec<_> = explain(" invalid_client ").iter().map(|one| one.provider()).collect();
/// assert_eq!(providers, ["Kakao", "Naver", "OAuth 2.0"]);
/// assert!(explain("no_such_code").is_empty());
/// ```
#[must_use]
pub fn explain(code: &str) -> Vec<Explanation> {
    let code = code.trim();
    let is_it = |known: &Explanation| known.code.eq_ignore_ascii_case(code);
    all().filter(is_it).collect()
}

/// Every explanation. The texts are parsed at each call, because calls are rare.
fn all() -> impl Iterator<Item = Explanation> {
    TEXTS
        .iter()
        .flat_map(|text| text.split("\n\n"))
        .flat_map(read)
}

/// The explanations of one block: one for each of its codes. A test checks that every block is
/// whole.
fn read(block: &'static str) -> Vec<Explanation> {
    let mut lines = block.lines();
    let mut next = || lines.next().unwrap_or_default();
    let (codes, provider) = next().split_once(" | ").unwrap_or_default();
    let [english, korean] = [(); 2].map(|()| Advice {
        meaning: next(),
        remedy: next(),
    });
    let source = next();
    let codes = codes.split(", ").filter(|code| !code.is_empty());
    let explained = codes.map(|code| Explanation {
        code,
        provider,
        english,
        korean,
        source,
    });
    explained.collect()
}

/// The Levenshtein distance, in characters, because codes and misspellings may be Korean.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (above, letter) in a.chars().enumerate() {
        let mut diagonal = above;
        let mut left = above + 1;
        let mut next = vec![left];
        for (other, up) in b.iter().zip(row.iter().skip(1)) {
            let changed = diagonal + usize::from(letter != *other);
            left = changed.min(left + 1).min(up + 1);
            diagonal = *up;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_whole_and_no_code_stands_twice_at_one_provider() {
        let mut seen = Vec::new();
        for block in TEXTS.iter().flat_map(|text| text.split("\n\n")) {
            assert_eq!(block.trim_end().lines().count(), 6, "{block}");
            assert!(!read(block).is_empty(), "{block}");
        }
        for one in all() {
            let key = (one.code, one.provider);
            assert!(!seen.contains(&key), "{key:?}");
            seen.push(key);
        }
        assert!(seen.len() > 150, "{}", seen.len());
    }

    #[test]
    fn a_misspelt_code_is_near_and_another_word_is_not() {
        assert_eq!(distance("kitten", "sitting"), 3);
        for (written, near) in [
            ("KOE06", "KOE006"),
            ("invalid_scopes", "invalid_scope"),
            ("login_requird", "login_required"),
            ("redirect_uri_missmatch", "redirect_uri_mismatch"),
        ] {
            assert_eq!(Explanation::near(written).first(), Some(&near), "{written}");
        }
        for written in ["", "x", "bicycle", "로그인"] {
            assert_eq!(Explanation::near(written), [""; 0], "{written}");
        }
    }
}
