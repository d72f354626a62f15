//! The lexer: Python text to tokens for names, numbers, strings, signs and indentation.
//!
//! Follows CPython's tokenizer for valid programs and continues after invalid text: a
//! character that begins no token becomes [`PythonTokenKind::Unknown`], which no production accepts.
//! The lexer finds the braces of f-strings, as CPython does since 3.12; the parser reads
//! the expressions inside.

use unicode_ident::{is_xid_continue, is_xid_start};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PythonTokenKind {
    Name,
    Number,
    /// A string literal with its prefix and quotes, e.g. `rb"a"`.
    Text,
    /// An operator or delimiter of one to three characters, e.g. `+`, `//=`, `->`.
    Sign,
    Newline,
    Indent,
    Dedent,
    Unknown,
    End,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct PythonToken<'a> {
    pub(super) kind: PythonTokenKind,
    pub(super) text: &'a str,
    pub(super) line: u32,
}

/// A comment with its `#`.
#[derive(Clone, Copy, Debug)]
pub(super) struct PythonComment<'a> {
    pub(super) text: &'a str,
    pub(super) line: u32,
    /// Bytes of its line before it.
    pub(super) column: usize,
    /// Whether its line has no code.
    pub(super) is_alone: bool,
}

/// Columns between tab stops, as in CPython.
const TAB: usize = 8;

/// All tokens of a text; the last one is [`PythonTokenKind::End`].
pub(super) fn tokenize(text: &str, first_line: u32) -> Vec<PythonToken<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lexer = Lexer::new(text, first_line);
    lexer.read_lines();
    lexer.tokens
}

/// The comments of a text.
pub(super) fn comments(text: &str, first_line: u32) -> Vec<PythonComment<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lexer = Lexer::new(text, first_line);
    lexer.read_lines();
    lexer.comments
}

/// The tokens of an expression inside an f-string. Line breaks and indents are ignored.
pub(super) fn tokens_inside(text: &str, line: u32) -> Vec<PythonToken<'_>> {
    let mut lexer = Lexer::new(text, line);
    // One bracket that never closes makes the lexer treat line breaks as blanks.
    lexer.brackets = 1;
    lexer.inside = true;
    while lexer.at < text.len() {
        lexer.read_token();
    }
    lexer.push_token(PythonTokenKind::End, lexer.at);
    lexer.tokens
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    /// The number of open brackets. Line breaks inside brackets end no statement.
    brackets: u32,
    /// Whether the text is an expression inside an f-string.
    inside: bool,
    indents: Vec<usize>,
    tokens: Vec<PythonToken<'a>>,
    comments: Vec<PythonComment<'a>>,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str, line: u32) -> Self {
        Self {
            text,
            at: 0,
            line,
            brackets: 0,
            inside: false,
            indents: vec![0],
            tokens: Vec::new(),
            comments: Vec::new(),
        }
    }

    fn read_lines(&mut self) {
        while self.at < self.text.len() {
            if !self.read_indentation() {
                continue;
            }
            while self.at < self.text.len() && !self.at_line_break() {
                self.read_token();
            }
            if self.at < self.text.len() {
                self.push_token(PythonTokenKind::Newline, self.at);
                self.line_break();
            }
        }
        // The last line may lack its line break, and the grammar expects one.
        if self
            .tokens
            .last()
            .is_some_and(|token| token.kind != PythonTokenKind::Newline)
        {
            self.push_token(PythonTokenKind::Newline, self.at);
        }
        for _ in 1..self.indents.len() {
            self.push_token(PythonTokenKind::Dedent, self.at);
        }
        self.push_token(PythonTokenKind::End, self.at);
    }

    /// Reads the indent of a line and pushes `Indent` and `Dedent` tokens. Returns `false` for a
    /// line without code.
    fn read_indentation(&mut self) -> bool {
        let mut width = 0;
        loop {
            match self.peek() {
                Some(' ') => width += 1,
                Some('\t') => width = (width / TAB + 1) * TAB,
                // A form feed resets the column, as in CPython.
                Some('\u{c}') => width = 0,
                _ => break,
            }
            self.at += 1;
        }
        if self.peek() == Some('#') {
            self.skip_comment();
        }
        if self.at_line_break() {
            self.line_break();
            return false;
        }
        if self.at == self.text.len() {
            return false;
        }
        if width > self.current_indent() {
            self.indents.push(width);
            self.push_token(PythonTokenKind::Indent, self.at);
        }
        self.push_dedents(width);
        true
    }

    fn push_dedents(&mut self, width: usize) {
        // CPython refuses a dedent to a new column; here the next outer block continues.
        while width < self.current_indent() {
            self.indents.pop();
            self.push_token(PythonTokenKind::Dedent, self.at);
        }
    }

    fn current_indent(&self) -> usize {
        self.indents.last().copied().unwrap_or(0)
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Whether the next character is a line break that ends a statement.
    fn at_line_break(&self) -> bool {
        self.brackets == 0 && matches!(self.peek(), Some('\n' | '\r'))
    }

    fn line_break(&mut self) {
        self.at += if self.rest().starts_with("\r\n") {
            2
        } else {
            1
        };
        self.line += 1;
        // These keywords begin no line of an expression, so an earlier bracket is unclosed.
        // Closing it here confines the damage to one statement.
        let begins = ["def ", "async def ", "class ", "import "];
        if self.brackets > 0
            && !self.inside
            && begins.iter().any(|word| self.rest().starts_with(word))
        {
            self.brackets = 0;
            self.push_token(PythonTokenKind::Newline, self.at);
            self.push_dedents(0);
        }
    }

    fn skip_comment(&mut self) {
        let length = self.rest().find(['\n', '\r']);
        let end = self.at + length.unwrap_or(self.rest().len());
        let start = self.text[..self.at]
            .rfind(['\n', '\r'])
            .map_or(0, |at| at + 1);
        self.comments.push(PythonComment {
            text: &self.text[self.at..end],
            line: self.line,
            column: self.at - start,
            is_alone: self.text[start..self.at].trim().is_empty(),
        });
        self.at = end;
    }

    fn push_token(&mut self, kind: PythonTokenKind, start: usize) {
        let text = &self.text[start..self.at];
        let line = self.line;
        self.tokens.push(PythonToken { kind, text, line });
    }

    /// Reads one token, or skips a blank.
    fn read_token(&mut self) {
        let start = self.at;
        let Some(first) = self.peek() else { return };
        match first {
            ' ' | '\t' | '\u{c}' => self.at += 1,
            '\n' | '\r' => self.line_break(),
            '#' => self.skip_comment(),
            '\\' if self.rest()[1..].starts_with(['\n', '\r']) => {
                self.at += 1;
                self.line_break();
            }
            '"' | '\'' => self.read_string(start, false),
            '0'..='9' => self.read_number(),
            '.' if self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => self.read_number(),
            c if c == '_' || is_xid_start(c) => self.read_word(),
            _ => self.read_sign(),
        }
    }

    fn read_word(&mut self) {
        let start = self.at;
        self.skip_while(is_xid_continue);
        let word = &self.text[start..self.at];
        // A prefix touches its quotes: `f"x"` is one token, `f "x"` is a name and a string.
        let quoted = self.rest().starts_with(['"', '\'']);
        if quoted && is_prefix(word) {
            self.read_string(start, word.contains(['f', 'F', 't', 'T']));
        } else {
            self.push_token(PythonTokenKind::Name, start);
        }
    }

    fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        let end = self.rest().find(|c| !wanted(c));
        self.at += end.unwrap_or(self.rest().len());
    }

    /// A number, e.g. `1_000`, `0xff`, `1.5e-3`, `2j`.
    fn read_number(&mut self) {
        let start = self.at;
        let based = ["0x", "0X", "0o", "0O", "0b", "0B"];
        if based.iter().any(|base| self.rest().starts_with(base)) {
            self.at += 2;
            self.skip_while(|c| c.is_ascii_hexdigit() || c == '_');
            return self.push_token(PythonTokenKind::Number, start);
        }
        let digit = |c: char| c.is_ascii_digit() || c == '_';
        self.skip_while(digit);
        if self.rest().starts_with('.') {
            self.at += 1;
            self.skip_while(digit);
        }
        if let Some(rest) = self.rest().strip_prefix(['e', 'E']) {
            let sign = usize::from(rest.starts_with(['+', '-']));
            // In `1else` the `e` begins a keyword, so an exponent needs a digit.
            if rest[sign..].starts_with(|c: char| c.is_ascii_digit()) {
                self.at += 1 + sign;
                self.skip_while(digit);
            }
        }
        if self.rest().starts_with(['j', 'J']) {
            self.at += 1;
        }
        self.push_token(PythonTokenKind::Number, start);
    }

    /// A string, from its quotes on. Its prefix begins at `start`.
    fn read_string(&mut self, start: usize, braces: bool) {
        let line = self.line;
        let end = string_end(self.text, self.at, braces);
        let (kind, end) = match end {
            Some(end) => (PythonTokenKind::Text, end),
            // An unclosed literal ends at its line, so that the next line is readable again.
            None => {
                let rest = self.rest();
                (
                    PythonTokenKind::Unknown,
                    self.at + rest.find(['\n', '\r']).unwrap_or(rest.len()),
                )
            }
        };
        self.at = end;
        let text = &self.text[start..end];
        // The token has the first line of a literal, as in CPython's `ast`.
        self.line += lines_in(text);
        self.tokens.push(PythonToken { kind, text, line });
    }

    fn read_sign(&mut self) {
        // Longest first: `**=` must not be read as `**`.
        const SIGNS: [&str; 24] = [
            "**=", "//=", ">>=", "<<=", "...", "->", ":=", "**", "//", ">>", "<<", "<=", ">=",
            "==", "!=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=",
        ];
        let start = self.at;
        let rest = self.rest();
        if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            self.at += sign.len();
            return self.push_token(PythonTokenKind::Sign, start);
        }
        let Some(c) = self.peek() else { return };
        self.at += c.len_utf8();
        match c {
            '(' | '[' | '{' => self.brackets += 1,
            // A stray closing bracket must not make the count negative.
            ')' | ']' | '}' => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
        let known = "()[]{}+-*/%@&|^~<>=.,:;!".contains(c);
        self.push_token(
            if known {
                PythonTokenKind::Sign
            } else {
                PythonTokenKind::Unknown
            },
            start,
        );
    }
}

fn is_prefix(word: &str) -> bool {
    const PREFIXES: [&str; 10] = ["r", "u", "b", "br", "rb", "f", "fr", "rf", "t", "tr"];
    word.len() <= 2
        && PREFIXES
            .iter()
            .any(|prefix| word.eq_ignore_ascii_case(prefix))
        || word.eq_ignore_ascii_case("rt")
}

fn lines_in(text: &str) -> u32 {
    let breaks = text.bytes().enumerate().filter(|(at, byte)| {
        // `\r\n` is one line break.
        *byte == b'\n' || (*byte == b'\r' && text.as_bytes().get(at + 1) != Some(&b'\n'))
    });
    breaks.count() as u32
}

/// How deep strings nest in the braces of f-strings, e.g. two in `f"{f'{x}'}"`. The search
/// for the end recurses once per level.
const STRINGS_DEEP: usize = 8;

/// The end of the literal with its quotes at `at`; `None` if it is unclosed.
fn string_end(text: &str, at: usize, braces: bool) -> Option<usize> {
    string_end_within(text, at, braces, STRINGS_DEEP)
}

fn string_end_within(text: &str, at: usize, braces: bool, deep: usize) -> Option<usize> {
    let deep = deep.checked_sub(1)?;
    let quote = opening_quotes(&text[at..]);
    let bytes = text.as_bytes();
    let mut at = at + quote.len();
    loop {
        match *bytes.get(at)? {
            // A backslash skips the character after it. The exceptions: `\r\n` counts as one
            // character, `\N{…}` is a character's name, and `\{` still begins a field.
            b'\\' if text[at + 1..].starts_with("\r\n") => at += 3,
            b'\\' if braces && text[at + 1..].starts_with("N{") => at += 3,
            b'\\' if braces && text[at + 1..].starts_with('{') => at += 1,
            b'\\' => at += 1 + text[at + 1..].chars().next()?.len_utf8(),
            b'\n' | b'\r' if quote.len() == 1 => return None,
            _ if text[at..].starts_with(quote) => return Some(at + quote.len()),
            b'{' if braces && bytes.get(at + 1) == Some(&b'{') => at += 2,
            b'{' if braces => at = field_end(text, at + 1, quote, deep)?,
            _ => at += text[at..].chars().next()?.len_utf8(),
        }
    }
}

fn opening_quotes(text: &str) -> &str {
    let length = match text.as_bytes() {
        [a, b, c, ..] if a == b && b == c => 3,
        _ => 1,
    };
    &text[..length]
}

/// The position after the `}` of the field that begins at `at`, after its `{`.
fn field_end(text: &str, mut at: usize, quote: &str, deep: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut brackets = 0_u32;
    // After the colon comes a format such as `>{width}`: text with nested fields.
    let mut format = false;
    loop {
        let rest = text.get(at..)?;
        match *bytes.get(at)? {
            b'}' if brackets == 0 => return Some(at + 1),
            // The literal ends inside the format, so the field is unclosed.
            _ if format && rest.starts_with(quote) => return None,
            b'{' if format => at = field_end(text, at + 1, quote, deep.checked_sub(1)?)?,
            b'"' | b'\'' if !format => {
                let prefixed = text[..at].ends_with(['f', 'F', 't', 'T', 'r', 'R']);
                at = string_end_within(text, at, prefixed, deep)?;
            }
            b'(' | b'[' | b'{' => {
                brackets += 1;
                at += 1;
            }
            b')' | b']' | b'}' => {
                brackets = brackets.saturating_sub(1);
                at += 1;
            }
            b':' if brackets == 0 && !format => {
                format = true;
                at += 1;
            }
            b'\n' | b'\r' if quote.len() == 1 && format => return None,
            _ => at += rest.chars().next()?.len_utf8(),
        }
    }
}

/// The parts of a string literal.
pub(super) struct Literal<'a> {
    pub(super) raw: bool,
    pub(super) bytes: bool,
    pub(super) format: bool,
    pub(super) inside: &'a str,
}

pub(super) fn split_literal(text: &str) -> Literal<'_> {
    let start = text.find(['"', '\'']).unwrap_or(0);
    let (prefix, quoted) = text.split_at(start);
    let quote = opening_quotes(quoted).len();
    // `''` is an empty literal, not the beginning of three quotes.
    let quote = if quoted.len() < 2 * quote { 1 } else { quote };
    let has = |wanted: char| prefix.chars().any(|c| c.eq_ignore_ascii_case(&wanted));
    Literal {
        raw: has('r'),
        bytes: has('b'),
        format: has('f') || has('t'),
        inside: quoted
            .get(quote..quoted.len().saturating_sub(quote))
            .unwrap_or_default(),
    }
}

/// The expressions in the braces of an f-string's text, e.g. `["x", "y"]` for `{x!r} {y:>3}`.
pub(super) fn format_fields(inside: &str, raw: bool) -> Vec<&str> {
    let mut found = Vec::new();
    let bytes = inside.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'{' if bytes.get(at + 1) == Some(&b'{') => at += 2,
            // `\N{LATIN SMALL LETTER A}` is a character, not a field.
            b'\\' if !raw && inside[at..].starts_with("\\N{") => at += 3,
            b'\\' if !raw && inside[at..].starts_with("\\\\") => at += 2,
            b'{' => {
                // The quotes are stripped, so the closing quote cannot occur: NUL matches none.
                let Some(end) = field_end(inside, at + 1, "\0", STRINGS_DEEP) else {
                    return found;
                };
                let field = &inside[at + 1..end - 1];
                found.push(expression_of(field));
                at = end;
            }
            _ => at += 1,
        }
    }
    found
}

/// The expression of a field, without `!r`, `:>10` and `=`.
fn expression_of(field: &str) -> &str {
    let bytes = field.as_bytes();
    let mut brackets = 0_u32;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' | b'\'' => {
                let prefixed = field[..at].ends_with(['f', 'F']);
                match string_end(field, at, prefixed) {
                    Some(end) => at = end,
                    None => return field,
                }
                continue;
            }
            b'(' | b'[' | b'{' => brackets += 1,
            b')' | b']' | b'}' => brackets = brackets.saturating_sub(1),
            b':' if brackets == 0 => break,
            // `!=` is a comparison; any other `!` begins a conversion.
            b'!' if brackets == 0 && bytes.get(at + 1) != Some(&b'=') => break,
            _ => {}
        }
        at += 1;
    }
    let expression = field[..at].trim_end();
    match expression.strip_suffix('=') {
        // `{x=}` prints `x=` and its value; `==` and the like are comparisons.
        Some(shorter) if !shorter.ends_with(['=', '!', '<', '>']) => shorter.trim_end(),
        _ => expression,
    }
}
