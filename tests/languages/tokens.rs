//! A lexer for the part of Rust that macros and their literals need: words, signs and strings,
//! without comments.
//!
//! Finding the macros is left to `sources`.

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Word(String),
    Sign(char),
    /// The value of a string literal.
    Text(String),
}

/// Each token with its byte offset.
pub(crate) fn tokens(source: &str) -> Vec<(usize, Token)> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        let (length, token) = next(&source[at..], first);
        if let Some(token) = token {
            tokens.push((at, token));
        }
        at += length;
    }
    tokens
}

fn next(rest: &str, first: char) -> (usize, Option<Token>) {
    match first {
        _ if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), None),
        '"' => {
            let (length, text) = text(rest);
            (length, Some(Token::Text(text)))
        }
        'r' if rest[1..].trim_start_matches('#').starts_with('"') => raw(rest),
        // A lifetime or a character literal.
        '\'' => (character(rest), None),
        _ if first.is_alphanumeric() || first == '_' => {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            let word = &rest[..end.unwrap_or(rest.len())];
            (word.len(), Some(Token::Word(word.to_owned())))
        }
        _ if first.is_whitespace() => (first.len_utf8(), None),
        _ => (first.len_utf8(), Some(Token::Sign(first))),
    }
}

/// The length of `'a'` or `'\''`; for a lifetime such as `'static`, that of its quote.
fn character(rest: &str) -> usize {
    let mut letters = rest.char_indices().skip(1);
    match letters.next() {
        Some((_, '\\')) => 3 + rest[3..].find('\'').unwrap_or(0),
        _ => match letters.next() {
            Some((at, '\'')) => at + 1,
            _ => 1,
        },
    }
}

fn raw(rest: &str) -> (usize, Option<Token>) {
    let marks = rest[1..].chars().take_while(|&c| c == '#').count();
    let close = format!("\"{}", "#".repeat(marks));
    let start = 2 + marks;
    let end = start + rest[start..].find(&close).expect("a raw string is closed");
    let text = rest[start..end].to_owned();
    (end + close.len(), Some(Token::Text(text)))
}

fn text(rest: &str) -> (usize, String) {
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (at + 1, text),
            '\\' => match letters.next().expect("a string is closed").1 {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                '\n' => while letters.next_if(|(_, c)| c.is_whitespace()).is_some() {},
                'u' => {
                    let code: String = letters
                        .by_ref()
                        .map(|(_, c)| c)
                        .take_while(|&c| c != '}')
                        .filter(char::is_ascii_hexdigit)
                        .collect();
                    let code = u32::from_str_radix(&code, 16).expect("hexadecimal");
                    text.extend(char::from_u32(code));
                }
                other => text.push(other),
            },
            _ => text.push(letter),
        }
    }
    panic!("a string is not closed: {rest:.40}");
}

#[test]
fn words_signs_and_strings_are_distinguished() {
    let check = |source: &str, expected: &[&str]| {
        let found: Vec<_> = tokens(source)
            .into_iter()
            .map(|(_, token)| match token {
                Token::Word(word) => word,
                Token::Sign(sign) => sign.to_string(),
                Token::Text(text) => format!("<{text}>"),
            })
            .collect();
        assert_eq!(found, expected);
    };
    check(
        "say!(a, \"b\") // \"c\"",
        &["say", "!", "(", "a", ",", "<b>", ")"],
    );
    check("'\"' '\\'' 'static \"x\"", &["static", "<x>"]);
    check("\"a\\n\\\"b\\\" \\\n    c\"", &["<a\n\"b\" c>"]);
    check("r#\"a\"b\"# r\"c\" run", &["<a\"b>", "<c>", "run"]);
    check("\"\\u{b5}s\"", &["<µs>"]);
}
