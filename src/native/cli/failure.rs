//! Why a command could not do its work. What is wrong with a script is no
//! failure of a command: see [`super::diagnose`].

use std::io::{self, ErrorKind};
use std::path::PathBuf;

use super::exit::Exit;
use super::source::shown;
use super::words::Say;
use crate::import::OpenError;
use crate::language::{Language, say, text};
use crate::limits::DETAIL_RECORDS_MAX;
use crate::link::LinkError;
use crate::native::png::PngError;
use crate::native::serve::ServeError;
use crate::native::verify::VerifyError;
use crate::sweep::VaryError;
use crate::sweep::table::MergeError;

#[derive(Debug)]
pub(super) enum Failure {
    /// A script that cannot be read.
    Read {
        path: PathBuf,
        error: io::Error,
    },
    /// Far more than any script, or than any trace.
    TooLarge {
        path: PathBuf,
        most: usize,
    },
    /// A file that cannot be written.
    Write {
        path: PathBuf,
        error: io::Error,
    },
    /// `-o` with the file that the command reads.
    OntoInput {
        path: PathBuf,
    },
    /// Standard output does not take it.
    Output(io::Error),
    /// `-o` with an ending that names no format.
    UnknownEnding {
        path: PathBuf,
    },
    /// `--summary` leaves out the very tasks that the table lists.
    NoSummaryAsCsv,
    /// No problem has this code.
    UnknownCode {
        code: String,
    },
    /// `sweep` of what cannot be varied.
    Vary(VaryError),
    /// `merge` of what does not belong together.
    Merge(MergeError),
    /// A line of a table of libraries that is not of its form.
    Library {
        path: PathBuf,
        line: usize,
    },
    /// `exercise` of no family.
    NoSuchFamily {
        name: String,
    },
    /// An answer that cannot be read, or a question without one.
    NoAnswer {
        text: String,
    },
    /// `lessons` of none.
    NoSuchLesson {
        name: String,
    },
    /// A link that cannot be made or read.
    Link(LinkError),
    /// `why` about a task that never was.
    NoSuchTask {
        task: String,
        known: String,
    },
    /// `why` of a run whose spans would take too much memory.
    TooLongToExplain,
    Png(PngError),
    Verify(VerifyError),
    Serve(ServeError),
    /// A file that `calibrate` did not write.
    NoCosts {
        path: PathBuf,
    },
    /// What `mdbook` was given is no book of mdBook's.
    NoBook,
    /// A file that is no trace.
    Open {
        path: PathBuf,
        error: OpenError,
    },
}

impl Failure {
    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::TooLarge { .. } | Self::Open { .. } => Exit::Invalid,
            Self::TooLongToExplain => Exit::Limit,
            Self::Png(PngError::NoFont) => Exit::Missing,
            Self::Verify(error) => super::verify::exit(error),
            Self::Read { .. }
            | Self::Write { .. }
            | Self::OntoInput { .. }
            | Self::Output(_)
            | Self::UnknownEnding { .. }
            | Self::NoSummaryAsCsv
            | Self::UnknownCode { .. }
            | Self::NoSuchTask { .. }
            | Self::Library { .. }
            | Self::NoSuchFamily { .. }
            | Self::NoAnswer { .. }
            | Self::NoSuchLesson { .. }
            | Self::Link(_)
            | Self::NoBook
            | Self::Vary(_)
            | Self::Merge(_)
            | Self::Serve(_)
            | Self::NoCosts { .. }
            | Self::Png(_) => Exit::Usage,
        }
    }

    pub(super) fn message(&self, language: Language) -> String {
        match self {
            Self::Read { path, error } => say!(
                language,
                "cannot read `{path}`: {error}",
                "`{path}` 파일을 읽을 수 없습니다: {error}",
                path = shown(path),
                error = reason(error, language)
            ),
            Self::TooLarge { path, most } => say!(
                language,
                "`{path}` is larger than {most} bytes, so it is not read",
                "`{path}` 파일이 {most}바이트보다 커서 읽지 않습니다",
                path = shown(path),
                most
            ),
            Self::Write { path, error } => say!(
                language,
                "cannot write `{path}`: {error}",
                "`{path}` 파일에 쓸 수 없습니다: {error}",
                path = shown(path),
                error = reason(error, language)
            ),
            Self::OntoInput { path } => say!(
                language,
                "`{path}` is the file that is read, and writing would destroy it; write to another file",
                "`{path}`: 지금 읽는 파일이라 쓰면 내용이 사라집니다. 다른 이름을 쓰세요",
                path = shown(path)
            ),
            Self::Output(error) => say!(
                language,
                "cannot write to standard output: {error}",
                "표준 출력에 쓸 수 없습니다: {error}",
                error = reason(error, language)
            ),
            Self::UnknownEnding { path } => say!(
                language,
                "no picture format ends like `{path}`; write a name that ends in .svg, .png or .txt",
                "`{path}`: 알 수 없는 그림 형식입니다. .svg, .png, .txt로 끝나는 이름을 쓰세요",
                path = shown(path)
            ),
            Self::NoSummaryAsCsv => say!(
                language,
                "`--format csv` is a line for each task, and `--summary` leaves \
                 the tasks out; write `--format json --summary`",
                "`--format csv`는 태스크마다 한 줄인데 `--summary`는 태스크를 \
                 뺍니다. `--format json --summary`를 쓰세요"
            ),
            Self::UnknownCode { code } => say!(
                language,
                "no problem has the code `{code}`; write one as in `error[L401]`",
                "`{code}`: 그런 코드가 없습니다. `error[L401]`에 보이는 대로 쓰세요",
                code
            ),
            Self::Vary(error) => error.message(language),
            Self::Merge(error) => super::sweep::unmerged(*error, language),
            Self::NoSuchFamily { name } => say!(
                language,
                "no exercises are called `{name}`; `loopscope exercise` lists them",
                "`{name}`: 그런 연습 문제가 없습니다. `loopscope exercise`가 목록을 보여 줍니다",
                name
            ),
            Self::NoSuchLesson { name } => say!(
                language,
                "there is no lesson `{name}`; `loopscope lessons` lists them",
                "`{name}`: 그런 레슨이 없습니다. `loopscope lessons`가 목록을 보여 줍니다",
                name
            ),
            Self::Link(error) => Say(language).bad_link(*error),
            Self::NoAnswer { text } => say!(
                language,
                "`{text}` is no answer here; write a time such as `9s`, or names of tasks such as `a, b`",
                "`{text}`: 답이 아닙니다. `9s` 같은 시간이나 `a, b` 같은 태스크 이름을 쓰세요",
                text
            ),
            Self::Library { path, line } => say!(
                language,
                "`{path}`, line {line}: write a path, `await`, `block`, `cpu` or `nothing`, and \
                 a time, such as `mylib.charge block 300ms`",
                "`{path}` {line}번째 줄: 경로, `await`·`block`·`cpu`·`nothing` 중 하나, 시간을 쓰세요. \
                 예: `mylib.charge block 300ms`",
                path = shown(path),
                line
            ),
            Self::NoSuchTask { task, known } => say!(
                language,
                "no task `{task}` runs; write one of {known}",
                "`{task}`: 그런 태스크는 실행되지 않습니다. {known} 중 하나를 쓰세요",
                task,
                known
            ),
            Self::TooLongToExplain => say!(
                language,
                "the run has more than {most} changes of state, too many to be explained; \
                 end it sooner with `until`",
                "상태 변화가 {most}번을 넘어 설명할 수 없습니다. `until`로 더 일찍 끝내세요",
                most = DETAIL_RECORDS_MAX
            ),
            Self::Verify(error) => error.message(language),
            Self::Serve(error) => error.message(language),
            Self::NoBook => say!(
                language,
                "standard input is no book of mdBook's; mdBook itself starts this: \
                `command = \"loopscope mdbook\"` in book.toml",
                "표준 입력이 mdBook의 책이 아닙니다. mdBook이 직접 부릅니다: \
                book.toml에 `command = \"loopscope mdbook\"`"
            ),
            Self::NoCosts { path } => say!(
                language,
                "`{path}` holds no costs; `loopscope calibrate -o costs.json` writes them",
                "`{path}` 파일에는 비용이 없습니다. `loopscope calibrate -o costs.json`으로 만드세요",
                path = shown(path)
            ),
            Self::Open { path, error } => say!(
                language,
                "cannot open `{path}`: {message}",
                "`{path}` 파일을 열 수 없습니다: {message}",
                path = shown(path),
                message = error.message(language)
            ),
            Self::Png(PngError::NoFont) => say!(
                language,
                "no font on this machine to write the chart's texts with; install one \
                 (Debian: `apt install fonts-dejavu-core fonts-noto-cjk`) or draw an SVG instead",
                "그림에 글자를 쓸 글꼴이 없습니다. 글꼴을 설치하거나 \
                 (Debian: `apt install fonts-dejavu-core fonts-noto-cjk`) SVG로 그리세요"
            ),
            Self::Png(PngError::TooLarge { width, height }) => say!(
                language,
                "a picture of {width} by {height} pixels is too large; make it narrower or draw an SVG instead",
                "{width}×{height}픽셀 그림은 너무 큽니다. 더 좁게 그리거나 SVG로 그리세요",
                width = format_args!("{width:.0}"),
                height = format_args!("{height:.0}")
            ),
            Self::Png(PngError::Failed(reason)) => say!(
                language,
                "the picture could not be made: {reason}",
                "그림을 만들 수 없습니다: {reason}",
                reason
            ),
        }
    }
}

/// What the operating system says, in our words where they are clearer.
fn reason(error: &io::Error, language: Language) -> String {
    let text = match error.kind() {
        ErrorKind::NotFound => text!(
            "there is no such file or folder",
            "그런 파일이나 폴더가 없습니다"
        ),
        ErrorKind::IsADirectory => text!("it is a folder", "폴더입니다"),
        ErrorKind::NotADirectory => text!(
            "part of its path is no folder",
            "경로에 폴더가 아닌 것이 있습니다"
        ),
        ErrorKind::PermissionDenied => text!("permission denied", "권한이 없습니다"),
        ErrorKind::AlreadyExists => text!("a file is in the way", "같은 이름의 파일이 있습니다"),
        ErrorKind::StorageFull => text!("the disk is full", "디스크가 가득 찼습니다"),
        _ => return error.to_string(),
    };
    text.of(language).to_owned()
}
