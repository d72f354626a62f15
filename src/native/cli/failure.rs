//! Why a command could not do its work. What is wrong with a script is no
//! failure of a command: see [`super::diagnose`].

use std::io::{self, ErrorKind};
use std::path::PathBuf;

use super::exit::Exit;
use super::source::{INPUT_BYTES_MAX, shown};
use crate::language::Language;

#[derive(Debug)]
pub(super) enum Failure {
    /// A script that cannot be read.
    Read { path: PathBuf, error: io::Error },
    /// Far more than any script.
    TooLarge { path: PathBuf },
    /// A file that cannot be written.
    Write { path: PathBuf, error: io::Error },
    /// Standard output does not take it.
    Output(io::Error),
    /// `-o` with an ending that names no format.
    UnknownEnding { path: PathBuf },
}

impl Failure {
    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::TooLarge { .. } => Exit::Invalid,
            Self::Read { .. }
            | Self::Write { .. }
            | Self::Output(_)
            | Self::UnknownEnding { .. } => Exit::Usage,
        }
    }

    pub(super) fn message(&self, language: Language) -> String {
        match language {
            Language::En => self.english(),
            Language::Ko => self.korean(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Read { path, error } => {
                format!(
                    "cannot read `{}`: {}",
                    shown(path),
                    reason(error, Language::En)
                )
            }
            Self::TooLarge { path } => format!(
                "`{}` is larger than {INPUT_BYTES_MAX} bytes, so it is no script",
                shown(path)
            ),
            Self::Write { path, error } => {
                format!(
                    "cannot write `{}`: {}",
                    shown(path),
                    reason(error, Language::En)
                )
            }
            Self::Output(error) => {
                format!(
                    "cannot write to standard output: {}",
                    reason(error, Language::En)
                )
            }
            Self::UnknownEnding { path } => format!(
                "no picture format ends like `{}`; write a name that ends in .svg or .txt",
                shown(path)
            ),
        }
    }

    fn korean(&self) -> String {
        match self {
            Self::Read { path, error } => {
                format!(
                    "`{}` 파일을 읽을 수 없습니다: {}",
                    shown(path),
                    reason(error, Language::Ko)
                )
            }
            Self::TooLarge { path } => format!(
                "`{}` 파일이 {INPUT_BYTES_MAX}바이트보다 커서 스크립트가 아닙니다",
                shown(path)
            ),
            Self::Write { path, error } => {
                format!(
                    "`{}` 파일에 쓸 수 없습니다: {}",
                    shown(path),
                    reason(error, Language::Ko)
                )
            }
            Self::Output(error) => {
                format!(
                    "표준 출력에 쓸 수 없습니다: {}",
                    reason(error, Language::Ko)
                )
            }
            Self::UnknownEnding { path } => format!(
                "`{}`: 알 수 없는 그림 형식입니다. .svg나 .txt로 끝나는 이름을 쓰세요",
                shown(path)
            ),
        }
    }
}

/// What the operating system says, in our words where they are clearer.
fn reason(error: &io::Error, language: Language) -> String {
    let (en, ko) = match error.kind() {
        ErrorKind::NotFound => ("there is no such file", "그런 파일이 없습니다"),
        ErrorKind::IsADirectory => ("it is a folder", "폴더입니다"),
        ErrorKind::NotADirectory => (
            "part of its path is no folder",
            "경로에 폴더가 아닌 것이 있습니다",
        ),
        ErrorKind::PermissionDenied => ("permission denied", "권한이 없습니다"),
        ErrorKind::StorageFull => ("the disk is full", "디스크가 가득 찼습니다"),
        _ => return error.to_string(),
    };
    match language {
        Language::En => en,
        Language::Ko => ko,
    }
    .to_owned()
}
