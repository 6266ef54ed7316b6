//! The report as a table of fixed width.

use std::fmt;

use super::report::{Check, CheckState, Report};

/// The columns of the table.
pub(super) const WIDTH: usize = 120;
/// The width of the column of subjects, in columns. A longer name of a provider extends into the
/// next column.
const LONGEST_SUBJECT: usize = 16;
/// The states in the order of the last line, the worst first.
const STATES: [CheckState; 4] = [
    CheckState::Failed,
    CheckState::Warning,
    CheckState::Note,
    CheckState::Ok,
];

/// Writes the table, and a last line with the number of checks of each state.
pub(super) fn write(f: &mut fmt::Formatter<'_>, report: &Report) -> fmt::Result {
    let checks = report.checks();
    let longest = |text: fn(&Check) -> &str| checks.iter().map(|check| text(check).len()).max();
    let subjects = longest(Check::subject).unwrap_or_default();
    let subjects = subjects.min(LONGEST_SUBJECT);
    let names = longest(Check::name).unwrap_or_default();
    for check in checks {
        let (state, name) = (check.state().to_string(), check.name());
        let head = format!(
            "{state:<7}  {:<subjects$}  {name:<names$}  ",
            check.subject()
        );
        let indent = head.chars().count();
        for (number, line) in lines(check, WIDTH.saturating_sub(indent))
            .iter()
            .enumerate()
        {
            match number {
                0 => writeln!(f, "{head}{line}")?,
                _ => writeln!(f, "{:indent$}{line}", "")?,
            }
        }
    }
    let count = |state| checks.iter().filter(|check| check.state() == state).count();
    let counts = STATES.map(|state| counted(count(state), state));
    writeln!(f, "\n{}", counts.join(", "))
}

/// A number of checks of one state, such as `2 warnings`.
fn counted(number: usize, state: CheckState) -> String {
    let plural = match state {
        CheckState::Note | CheckState::Warning if number != 1 => "s",
        _ => "",
    };
    format!("{number} {state}{plural}")
}

/// The text of a check: the found value. If the check is not good, also the expected value and the
/// remedy.
fn lines(check: &Check, width: usize) -> Vec<String> {
    let mut lines = wrapped("", check.found(), width);
    if check.state() >= CheckState::Warning {
        lines.extend(wrapped("expected: ", check.expected(), width));
    }
    if let Some(remedy) = check.remedy() {
        lines.extend(wrapped("-> ", remedy, width));
    }
    lines
}

/// The text behind a mark, in lines of at most `width` columns. Lines after the first are indented
/// by the width of the mark.
pub(super) fn wrapped(mark: &str, text: &str, width: usize) -> Vec<String> {
    let blank = " ".repeat(columns(mark));
    let mut lines = vec![mark.to_owned()];
    let mut used = blank.len();
    let mut is_first = true;
    for word in text.split(' ') {
        let mut rest = word;
        let gap = usize::from(!is_first);
        if used + gap + columns(rest) > width && !is_first {
            lines.push(blank.clone());
            used = blank.len();
        } else if gap == 1 {
            push(&mut lines, " ");
            used += 1;
        }
        // A word that is longer than a line is broken.
        while columns(rest) > width.saturating_sub(used).max(2) {
            let (line, more) = cut(rest, width.saturating_sub(used).max(2));
            push(&mut lines, line);
            lines.push(blank.clone());
            (used, rest) = (blank.len(), more);
        }
        push(&mut lines, rest);
        used += columns(rest);
        is_first = false;
    }
    lines
}

/// Appends to the last line.
fn push(lines: &mut [String], text: &str) {
    if let Some(last) = lines.last_mut() {
        last.push_str(text);
    }
}

/// Splits off as much as fits into `most` columns.
fn cut(word: &str, most: usize) -> (&str, &str) {
    let mut used = 0;
    let end = word.char_indices().find(|(_, letter)| {
        used += column(*letter);
        used > most
    });
    word.split_at(end.map_or(word.len(), |(index, _)| index))
}

/// The columns of a text in a terminal.
fn columns(text: &str) -> usize {
    text.chars().map(column).sum()
}

/// The columns of a character. East Asian characters take two. Other characters that are not ASCII
/// may take two, so they count as two, because a line that is too short does less harm.
fn column(letter: char) -> usize {
    if letter.is_ascii() { 1 } else { 2 }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_long_words_anywhere() {
        for (text, expected) in [
            ("", &[""][..]),
            ("one two", &["one two"]),
            ("one two three", &["one two", "three"]),
            ("abcdefghijklmnopqr x", &["abcdefghij", "klmnopqr x"]),
            ("a abcdefghijklm", &["a", "abcdefghij", "klm"]),
            ("로그인 화면이", &["로그인", "화면이"]),
            ("로그인화면이름", &["로그인화면", "이름"]),
        ] {
            assert_eq!(wrapped("", text, 10), expected, "{text}");
        }
        assert_eq!(wrapped("-> ", "one two", 8), ["-> one", "   two"]);
        assert_eq!(wrapped("뜻 ", "one two", 8), ["뜻 one", "   two"]);
    }

    #[test]
    fn no_line_is_longer_than_the_width() {
        let long = format!("https://{}.example/{}", "a".repeat(200), "가".repeat(100));
        let subject = "n".repeat(32);
        let check = Check::new("client_authentication", &subject, (&long, &long));
        let check = check.is(CheckState::Failed, format!("set {long} and {long}"));
        let text = Report::new(vec![check]).to_string();
        assert!(text.lines().all(|line| columns(line) <= WIDTH), "{text}");
    }
}
