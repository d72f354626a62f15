//! A small JSON reader and writer for the content of a link.
//!
//! A JSON library would enlarge the page's program. The reader accepts any valid JSON object and
//! skips unknown fields. Invalid text gives `None`, never a panic.

use std::fmt::Write;

use super::Shared;

/// The greatest depth of arrays and objects in skipped fields; it bounds the recursion.
const DEPTH_MAX: u32 = 16;

pub(super) fn write(shared: &Shared) -> String {
    let mut out = String::from("{\"script\":");
    write_text(&mut out, &shared.script);
    if let Some(at_ns) = shared.at_ns {
        let _ = write!(out, ",\"at_ns\":{at_ns}");
    }
    if shared.by_thread {
        out.push_str(",\"by_thread\":true");
    }
    let texts = [
        ("language", &shared.language),
        ("program", &shared.program),
        ("requests", &shared.requests),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            out.push(',');
            write_text(&mut out, name);
            out.push(':');
            write_text(&mut out, text);
        }
    }
    out.push('}');
    out
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // JSON forbids raw control characters in strings.
            '\0'..' ' => {
                let _ = write!(out, "\\u{:04x}", character as u32);
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// Reads a link's object. `None` if the text is not a JSON object, or a field has another type.
pub(super) fn read(text: &str) -> Option<Shared> {
    let mut reader = FieldReader { rest: text };
    let mut shared = Shared::default();
    reader.expect_mark('{')?;
    if !reader.skip_mark('}') {
        loop {
            reader.read_field(&mut shared)?;
            if !reader.skip_mark(',') {
                break;
            }
        }
        reader.expect_mark('}')?;
    }
    reader.rest.trim_ascii_start().is_empty().then_some(shared)
}

struct FieldReader<'a> {
    rest: &'a str,
}

impl<'a> FieldReader<'a> {
    fn read_field(&mut self, shared: &mut Shared) -> Option<()> {
        let name = self.read_text()?;
        self.expect_mark(':')?;
        let text = match name.as_str() {
            "language" => Some(&mut shared.language),
            "program" => Some(&mut shared.program),
            "requests" => Some(&mut shared.requests),
            _ => None,
        };
        if let Some(text) = text {
            *text = if self.skip_word("null") {
                None
            } else {
                Some(self.read_text()?)
            };
            return Some(());
        }
        match name.as_str() {
            "script" => shared.script = self.read_text()?,
            "at_ns" if !self.skip_word("null") => {
                shared.at_ns = Some(self.read_plain().parse().ok()?);
            }
            "by_thread" => shared.by_thread = self.read_plain().parse().ok()?,
            // `null`, which the guard above has read.
            "at_ns" => {}
            _ => self.skip_value(DEPTH_MAX)?,
        }
        Some(())
    }

    fn skip_mark(&mut self, mark: char) -> bool {
        self.rest = self.rest.trim_ascii_start();
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect_mark(&mut self, mark: char) -> Option<()> {
        self.skip_mark(mark).then_some(())
    }

    fn skip_word(&mut self, word: &str) -> bool {
        self.rest = self.rest.trim_ascii_start();
        let rest = self.rest.strip_prefix(word);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Reads a number, `true`, `false` or `null`.
    fn read_plain(&mut self) -> &'a str {
        self.rest = self.rest.trim_ascii_start();
        let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let end = self.rest.find(|c| !inside(c)).unwrap_or(self.rest.len());
        let (plain, rest) = self.rest.split_at(end);
        self.rest = rest;
        plain
    }

    fn read_text(&mut self) -> Option<String> {
        self.expect_mark('"')?;
        let mut text = String::new();
        loop {
            let end = self.rest.find(|c| matches!(c, '"' | '\\' | '\0'..' '))?;
            text.push_str(&self.rest[..end]);
            let mark = self.rest.as_bytes()[end];
            self.rest = &self.rest[end + 1..];
            match mark {
                b'"' => return Some(text),
                b'\\' => text.push(self.read_escape()?),
                _ => return None,
            }
        }
    }

    fn read_escape(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let escaped = characters.next()?;
        self.rest = characters.as_str();
        Some(match escaped {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => return self.read_code_unit(),
            '"' | '\\' | '/' => escaped,
            _ => return None,
        })
    }

    /// Reads the digits of `\u`. A character above U+FFFF has two escapes, a surrogate pair, e.g.
    /// `\ud83c\udf5d` → 🍝.
    fn read_code_unit(&mut self) -> Option<char> {
        let first = self.four_digits()?;
        let second = match first {
            0xd800..0xdc00 => {
                self.rest = self.rest.strip_prefix("\\u")?;
                Some(self.four_digits()?)
            }
            _ => None,
        };
        let units = std::iter::once(first).chain(second);
        char::decode_utf16(units).next()?.ok()
    }

    fn four_digits(&mut self) -> Option<u16> {
        let (digits, rest) = self.rest.split_at_checked(4)?;
        self.rest = rest;
        // `from_str_radix` accepts a sign, too.
        let only_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u16::from_str_radix(digits, 16).ok().filter(|_| only_digits)
    }

    /// Skips a value.
    fn skip_value(&mut self, depth: u32) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        self.rest = self.rest.trim_ascii_start();
        match self.rest.chars().next()? {
            '"' => self.read_text().map(drop),
            '[' => self.pass_all(']', depth),
            '{' => self.pass_all('}', depth),
            _ => (!self.read_plain().is_empty()).then_some(()),
        }
    }

    fn pass_all(&mut self, end: char, depth: u32) -> Option<()> {
        self.rest = &self.rest[1..];
        if self.skip_mark(end) {
            return Some(());
        }
        loop {
            if end == '}' {
                self.read_text()?;
                self.expect_mark(':')?;
            }
            self.skip_value(depth)?;
            if !self.skip_mark(',') {
                return self.expect_mark(end);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, script: Option<&str>) {
        assert_eq!(read(text).map(|shared| shared.script).as_deref(), script);
    }

    #[test]
    fn it_reads_what_others_write() {
        check(
            " { \"script\" : \"a\\u0041\\ud83c\\udf5d\\/\" } ",
            Some("aA🍝/"),
        );
        check("{}", Some(""));
        check(
            "{\"at_ns\":null,\"language\":null,\"script\":\"x\"}",
            Some("x"),
        );
    }

    #[test]
    fn fields_of_later_versions_are_passed_over() {
        check(
            "{\"new\":[1,{\"a\":[]},-2.5e3,\"]\"],\"script\":\"x\",\"b\":{}}",
            Some("x"),
        );
    }

    #[test]
    fn what_is_no_object_is_nothing() {
        for text in [
            "",
            "{",
            "[]",
            "{\"script\":1}",
            "{\"script\":\"a}",
            "{\"script\":\"a\"}}",
            "{\"script\":\"\\ud800\"}",
            "{\"script\":\"\\u00\"}",
            "{\"script\":\"\n\"}",
            "{\"at_ns\":-1}",
            "{\"by_thread\":1}",
            "{\"program\":1}",
            "{\"x\":}",
        ] {
            check(text, None);
        }
        check(&format!("{{\"x\":{}", "[".repeat(100_000)), None);
    }

    #[test]
    fn the_writer_is_understood_by_others() {
        let shared = Shared {
            script: "a\"\\\n\t\u{1}파".into(),
            at_ns: Some(u64::MAX),
            by_thread: true,
            language: Some("ko".into()),
            program: Some("print(\"파\")\n".into()),
            requests: Some("9 GET /".into()),
        };
        let value: serde_json::Value = serde_json::from_str(&write(&shared)).expect("valid JSON");
        assert_eq!(value["script"], shared.script);
        assert_eq!(value["at_ns"], u64::MAX);
        assert_eq!(value["program"], "print(\"파\")\n");
        assert_eq!(read(&write(&shared)), Some(shared));
    }
}
