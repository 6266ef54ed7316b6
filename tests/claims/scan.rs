//! Finds tests and modules in a source text, without a parser. Comments and literals are blanked,
//! then words and brackets are read one by one. A function counts if it is only inside of modules
//! and macros like `proptest!`.

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Test {
        inside: Vec<String>,
        name: String,
        ignored: bool,
    },
    OverBoth {
        inside: Vec<String>,
        name: String,
    },
    Module {
        inside: Vec<String>,
        name: String,
        path: Option<String>,
    },
}

#[derive(Debug, PartialEq, Eq)]
enum Block {
    Module(String),
    Macro,
    Other,
}

/// The tests and modules of the text, in its order.
pub(crate) fn items(text: &str) -> Vec<Item> {
    let blanked = blank(text);
    let words = words(&blanked);
    let mut scan = Scan {
        text,
        words: &words,
        at: 0,
        blocks: Vec::new(),
        attributes: Vec::new(),
        found: Vec::new(),
    };
    while scan.at < words.len() {
        scan.step();
    }
    scan.found
}

struct Scan<'a> {
    text: &'a str,
    words: &'a [(usize, &'a str)],
    at: usize,
    blocks: Vec<Block>,
    attributes: Vec<String>,
    found: Vec<Item>,
}

impl<'a> Scan<'a> {
    fn word(&self, ahead: usize) -> &'a str {
        self.words
            .get(self.at + ahead)
            .map_or("", |(_, word)| *word)
    }

    fn step(&mut self) {
        match (self.word(0), self.word(1), self.word(2)) {
            ("#", "[", _) => return self.attribute(),
            ("mod", name, ";") => self.module(name),
            ("mod", name, "{") => return self.open(Block::Module(name.to_owned()), 3),
            ("fn", name, _) => self.function(name),
            ("over_both", "!", "(") => return self.over_both(),
            ("macro_rules", "!", _) => return self.open(Block::Other, 4),
            (_, "!", "{") => return self.open(Block::Macro, 3),
            ("{", ..) => return self.open(Block::Other, 1),
            ("}", ..) => {
                self.blocks.pop();
                self.attributes.clear();
            }
            (";", ..) => self.attributes.clear(),
            _ => {}
        }
        self.at += 1;
    }

    fn open(&mut self, block: Block, words: usize) {
        self.blocks.push(block);
        self.attributes.clear();
        self.at += words;
    }

    /// The names of the modules around this place; `None` inside of a function or an `impl`.
    fn inside(&self) -> Option<Vec<String>> {
        let mut inside = Vec::new();
        for block in &self.blocks {
            match block {
                Block::Module(name) => inside.push(name.clone()),
                Block::Macro => {}
                Block::Other => return None,
            }
        }
        Some(inside)
    }

    fn attribute(&mut self) {
        let start = self.words[self.at + 1].0 + 1;
        let mut depth = 0;
        loop {
            self.at += 1;
            match self.word(0) {
                "[" => depth += 1,
                "]" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        let end = self
            .words
            .get(self.at)
            .map_or(self.text.len(), |(at, _)| *at);
        self.attributes
            .push(self.text[start..end].trim().to_owned());
        self.at += 1;
    }

    fn module(&mut self, name: &str) {
        let path = self.attributes.iter().find_map(|attribute| {
            let value = attribute
                .strip_prefix("path")?
                .trim_start()
                .strip_prefix('=')?;
            Some(value.trim().trim_matches('"').to_owned())
        });
        if let Some(inside) = self.inside() {
            let name = name.to_owned();
            self.found.push(Item::Module { inside, name, path });
        }
    }

    fn function(&mut self, name: &str) {
        let starts = |start: &str| {
            self.attributes
                .iter()
                .any(|attribute| attribute.starts_with(start))
        };
        let test =
            self.attributes.iter().any(|attribute| attribute == "test") || starts("tokio::test");
        let ignored = starts("ignore");
        if let Some(inside) = self.inside().filter(|_| test) {
            let name = name.to_owned();
            self.found.push(Item::Test {
                inside,
                name,
                ignored,
            });
        }
        self.attributes.clear();
    }

    fn over_both(&mut self) {
        self.at += 3;
        while !matches!(self.word(0), ")" | "") {
            if let (Some(inside), true) = (self.inside(), self.word(0) != ",") {
                let name = self.word(0).to_owned();
                self.found.push(Item::OverBoth { inside, name });
            }
            self.at += 1;
        }
    }
}

/// The words of the text with their positions: whole identifiers, and single other characters.
fn words(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let part = |c: char| c.is_alphanumeric() || c == '_';
        let length = match part(first) {
            true => rest.find(|c| !part(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        if !first.is_whitespace() {
            words.push((text.len() - rest.len(), &rest[..length]));
        }
        rest = &rest[length..];
    }
    words
}

/// The same text with spaces in place of comments, strings and characters.
fn blank(text: &str) -> String {
    let mut blanked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let literal = literal(rest, blanked.chars().next_back());
        match literal {
            0 => blanked.push(first),
            _ => blanked.extend(std::iter::repeat_n(' ', literal)),
        }
        rest = &rest[literal.max(first.len_utf8())..];
    }
    blanked
}

/// The length in bytes of the comment or literal at the start of the text.
fn literal(text: &str, before: Option<char>) -> usize {
    let all = text.len();
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(all);
    }
    if text.starts_with("/*") {
        return text.find("*/").map_or(all, |end| end + 2);
    }
    if text.starts_with('"') {
        return quoted(text, '"');
    }
    let word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if text.starts_with('r') || text.starts_with("br") {
        let hashes = text.trim_start_matches(['b', 'r']);
        let marks = hashes.len() - hashes.trim_start_matches('#').len();
        if !word && hashes[marks..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(marks));
            let start = text.len() - hashes.len() + marks + 1;
            return text[start..]
                .find(&close)
                .map_or(all, |end| start + end + close.len());
        }
    }
    let mut after = text.chars().skip(1);
    let character =
        text.starts_with('\'') && (after.next() == Some('\\') || after.next() == Some('\''));
    if character { quoted(text, '\'') } else { 0 }
}

/// The length in bytes of a quoted text with escapes, including its quotes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests;
