//! The help in other languages: the texts of [`super::args`], each with its
//! translation. What the parser itself says about wrong usage is English.

use clap::{Arg, Command};

use crate::language::{Language, Text, say, text};

/// The command, its help in this language. English is as the parser has it.
pub(super) fn localised(command: Command, language: Language) -> Command {
    match language {
        Language::En => command,
        _ => Help(language).command(command),
    }
}

/// The help in a language other than English.
#[derive(Clone, Copy)]
struct Help(Language);

impl Help {
    fn command(self, mut command: Command) -> Command {
        let about = command
            .get_about()
            .and_then(|text| self.said(&text.to_string()));
        if let Some(about) = about {
            command = command.about(about);
        }
        let after = command
            .get_after_help()
            .and_then(|text| self.said(&text.to_string()));
        if let Some(after) = after {
            command = command.after_help(after);
        }
        let usage = text!("Usage", "사용법").of(self.0);
        command
            .help_template(format!(
                "{{about-with-newline}}\n{usage}: {{usage}}\n\n{{all-args}}{{after-help}}"
            ))
            .subcommand_help_heading(text!("Commands", "명령").of(self.0))
            .mut_args(|argument| self.argument(argument))
            .mut_subcommands(|command| self.command(command))
    }

    fn argument(self, argument: Arg) -> Arg {
        let help = argument.get_help().map(ToString::to_string);
        let help = help.and_then(|help| self.said(&help)).unwrap_or_default();
        let heading = self.heading(&argument);
        let argument = argument.help_heading(heading);
        if !argument.get_action().takes_values() {
            return argument.help(help);
        }
        let help = format!("{help}{}", self.values(&argument));
        argument
            .help(help)
            .hide_default_value(true)
            .hide_possible_values(true)
    }

    fn heading(self, argument: &Arg) -> &'static str {
        let text = match argument.get_help_heading() {
            Some(heading) => return self.said(heading).unwrap_or_default(),
            None if argument.is_positional() => text!("Arguments", "인자"),
            None => text!("Options", "옵션"),
        };
        text.of(self.0)
    }

    /// ` [기본값: text] [값: text, json, csv]`
    fn values(self, argument: &Arg) -> String {
        let mut text = String::new();
        let defaults = argument.get_default_values().iter();
        let defaults: Vec<_> = defaults.filter_map(|value| value.to_str()).collect();
        if !defaults.is_empty() {
            let values = defaults.join(", ");
            text.push(' ');
            text.push_str(&say!(
                self.0,
                "[default: {values}]",
                "[기본값: {values}]",
                values
            ));
        }
        let possible = argument.get_possible_values();
        let possible: Vec<_> = possible.iter().map(|value| value.get_name()).collect();
        if !possible.is_empty() {
            let values = possible.join(", ");
            text.push(' ');
            text.push_str(&say!(
                self.0,
                "[possible values: {values}]",
                "[값: {values}]",
                values
            ));
        }
        text
    }

    /// The text of [`super::args`] in this language.
    fn said(self, en: &str) -> Option<&'static str> {
        texts()
            .find(|text| text.en() == en)
            .map(|text| text.of(self.0))
    }
}

fn texts() -> impl Iterator<Item = &'static Text> {
    TEXTS
        .iter()
        .chain(super::why_args::TEXTS)
        .chain(super::sweep_args::TEXTS)
        .chain(super::import::TEXTS)
        .chain(super::exercise::TEXTS)
        .chain(super::mdbook::TEXTS)
        .chain(super::lessons::TEXTS)
        .chain(super::link::TEXTS)
}

const TEXTS: &[Text] = &[
    text!(
        "A concurrency playground: write a task script, see its schedule, know why",
        "동시성 놀이터: 태스크 스크립트를 쓰고, 실행 순서를 보고, 이유를 압니다"
    ),
    super::args::OVERVIEW,
    text!(
        "Language of all messages [default: as the locale says]",
        "메시지의 언어 [기본값: 로캘에 따름]"
    ),
    text!("Colours [default: auto]", "색 [기본값: auto]"),
    text!("Print help", "도움말을 보여 줍니다"),
    text!("Print version", "버전을 보여 줍니다"),
    text!("Instead of what the script says", "스크립트의 설정 대신"),
    text!(
        "The script; `-` is standard input",
        "스크립트. `-`는 표준 입력"
    ),
    text!(
        "Scripts; `-` is standard input",
        "스크립트들. `-`는 표준 입력"
    ),
    text!("Rows of the chart", "차트의 줄"),
    text!(
        "Read scripts and say every problem with its line",
        "스크립트를 읽고 모든 문제를 줄과 함께 알려 줍니다"
    ),
    text!(
        "Repair what can be repaired safely",
        "안전하게 고칠 수 있는 것을 고칩니다"
    ),
    text!(
        "Files are Markdown pages: test every script on them, expectations too",
        "파일은 마크다운 페이지입니다. 그 안의 모든 스크립트와 기대를 시험합니다"
    ),
    text!("How problems are written", "문제를 쓰는 형식"),
    text!(
        "Give scripts their one layout",
        "스크립트를 한 가지 서식으로 정리합니다"
    ),
    text!(
        "Scripts; `-` filters standard input to standard output",
        "스크립트들. `-`는 표준 입력을 표준 출력으로 정리"
    ),
    text!(
        "Change nothing, but name the files that would change, and fail",
        "바꾸지 않고, 바뀔 파일의 이름만 알리고 실패로 끝냅니다"
    ),
    text!(
        "Simulate a script: its chart, its total, its expectations",
        "스크립트를 시뮬레이션합니다: 차트, 전체 시간, 기대"
    ),
    text!("How the result is written", "결과를 쓰는 형식"),
    text!(
        "Only counts, percentiles and peaks, however many tasks there are",
        "태스크가 아무리 많아도 개수, 백분위, 최댓값만"
    ),
    text!(
        "Plain ASCII instead of block characters",
        "블록 문자 대신 ASCII로"
    ),
    text!(
        "Width in cells [default: the terminal's]",
        "너비(칸) [기본값: 터미널 너비]"
    ),
    text!("Draw the chart as a file", "차트를 파일로 그립니다"),
    text!(
        "Where to: its ending says the format, .svg, .png or .txt",
        "그릴 파일. 이름 끝이 형식입니다: .svg, .png, .txt"
    ),
    text!("A heading above the chart", "차트 위의 제목"),
    text!(
        "Light, dark, or as the reader's system is (a .png is light then)",
        "밝게, 어둡게, 또는 읽는 사람의 시스템대로(.png는 밝게)"
    ),
    text!(
        "Width in pixels, or in cells for .txt [default: 960, or 80]",
        "너비(픽셀, .txt는 칸) [기본값: 960, .txt는 80]"
    ),
    text!("Plain ASCII in .txt", ".txt를 ASCII로"),
    text!(
        "Write the script for Python, or its trace for other tools",
        "스크립트를 Python으로, 또는 실행 기록을 다른 도구용으로 씁니다"
    ),
    text!("As what", "형식"),
    text!(
        "Where to [default: `-`, standard output]",
        "쓸 파일 [기본값: `-`, 표준 출력]"
    ),
    text!(
        "Run a script for real and compare with the prediction",
        "스크립트를 실제로 실행해 예측과 비교합니다"
    ),
    text!(
        "Install what real runs need, apart from everything else",
        "실제 실행에 필요한 것을 따로 설치합니다"
    ),
    text!("What for", "설치할 것"),
    super::setup::EXAMPLE,
    text!("On which runtime", "실행할 런타임"),
    text!(
        "Real seconds for a second of the script",
        "스크립트의 1초에 쓸 실제 초"
    ),
    text!(
        "Instead: so many seconds that a run is predicted to take",
        "대신, 한 번의 실행이 걸릴 것으로 예측되는 초"
    ),
    text!("How often; the median counts", "실행 횟수. 중앙값을 씁니다"),
    text!(
        "How far a time may be off, in percent of it",
        "허용하는 오차(퍼센트)"
    ),
    text!(
        "Seconds after which a run is ended [default: by the prediction]",
        "실행을 중단할 때까지의 초 [기본값: 예측에 따름]"
    ),
    text!("How the report is written", "보고서의 형식"),
    text!(
        "Also draw both into this SVG, one over the other",
        "둘을 겹쳐 이 SVG에도 그립니다"
    ),
    super::verify::EXAMPLE,
    text!(
        "Measure what this machine's Python costs, for `--costs`",
        "이 컴퓨터의 Python 비용을 잽니다(`--costs`에 씁니다)"
    ),
    text!("Write the costs into this file", "비용을 쓸 파일"),
    super::calibrate::EXAMPLE,
    text!(
        "What the runtime itself takes, as `calibrate` measured it",
        "런타임 자체가 쓰는 시간. `calibrate`로 잰 파일"
    ),
    text!(
        "Draw a trace from a file: ours, or VizTracer's",
        "파일에 든 기록을 그립니다: loopscope나 VizTracer의 기록"
    ),
    text!(
        "The trace, as JSON; `-` is standard input",
        "JSON 기록. `-`는 표준 입력"
    ),
    text!(
        "Draw it into this file instead: .svg, .png or .txt",
        "대신 이 파일에 그립니다: .svg, .png, .txt"
    ),
    super::open::EXAMPLE,
    text!(
        "Also write the measured trace into this file, for `open`",
        "측정한 기록도 이 파일에 씁니다. `open`으로 엽니다"
    ),
    text!(
        "Serve the page on this machine, with an API for real runs",
        "이 컴퓨터에서 페이지와 실제 실행을 위한 API를 제공합니다"
    ),
    text!(
        "The port [default: one that is free]",
        "포트 [기본값: 비어 있는 포트]"
    ),
    text!(
        "The address of this machine [default: 127.0.0.1, reached by nobody else]",
        "이 컴퓨터의 주소 [기본값: 127.0.0.1, 다른 컴퓨터에서 닿지 않음]"
    ),
    text!(
        "A page from elsewhere that may verify here, too",
        "여기서 확인해도 되는 다른 곳의 페이지"
    ),
    text!(
        "Listen where other machines can reach this one",
        "다른 컴퓨터가 닿을 수 있는 주소에서 기다립니다"
    ),
    super::serve::EXAMPLE,
    text!("Explain the code of a problem", "문제의 코드를 설명합니다"),
    text!("As in `error[L401]`", "`오류[L401]`에 보이는 코드"),
    text!(
        "Print completions for a shell",
        "셸의 자동 완성을 출력합니다"
    ),
    text!("Whose", "셸"),
    text!(
        "Print the manual page, or write all of them into a folder",
        "매뉴얼을 출력하거나 모두 폴더에 씁니다"
    ),
    text!(
        "The folder; it is created if need be",
        "폴더. 없으면 만듭니다"
    ),
    text!(
        "Seed of random durations and arrivals",
        "무작위 시간과 도착의 시드"
    ),
    text!("Cores of the machine", "기계의 코어 수"),
    text!(
        "Whether threads exclude each other while they compute",
        "계산하는 스레드가 서로를 막는지"
    ),
    text!(
        "Worker threads for `def` handlers and `thread`",
        "`def` 핸들러와 `thread`의 작업 스레드 수"
    ),
    text!("Workers of the process pool", "프로세스 풀의 작업자 수"),
    text!("Server processes", "서버 프로세스 수"),
    text!(
        "Example:\n  loopscope check pasta.loop --fix",
        "예:\n  loopscope check pasta.loop --fix"
    ),
    text!(
        "Example:\n  loopscope fmt pasta.loop",
        "예:\n  loopscope fmt pasta.loop"
    ),
    text!(
        "Example:\n  loopscope run pasta.loop --cores 2",
        "예:\n  loopscope run pasta.loop --cores 2"
    ),
    text!(
        "Example:\n  loopscope draw pasta.loop -o pasta.svg --theme dark",
        "예:\n  loopscope draw pasta.loop -o pasta.svg --theme dark"
    ),
    text!(
        "Example:\n  loopscope export pasta.loop --to asyncio -o pasta.py",
        "예:\n  loopscope export pasta.loop --to asyncio -o pasta.py"
    ),
    text!(
        "Example:\n  loopscope explain L401",
        "예:\n  loopscope explain L401"
    ),
    text!(
        "Example:\n  loopscope completions bash > loopscope.bash",
        "예:\n  loopscope completions bash > loopscope.bash"
    ),
    text!(
        "Example:\n  loopscope man man1",
        "예:\n  loopscope man man1"
    ),
];

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::native::cli::args::Args;

    /// Every text of a command and its subcommands.
    fn said(command: &Command, found: &mut Vec<String>) {
        let own = [command.get_about(), command.get_after_help()];
        found.extend(own.into_iter().flatten().map(ToString::to_string));
        for argument in command.get_arguments() {
            found.extend(argument.get_help().map(ToString::to_string));
            found.extend(argument.get_help_heading().map(str::to_owned));
        }
        for sub in command.get_subcommands() {
            said(sub, found);
        }
    }

    #[test]
    fn every_text_has_a_translation_and_every_translation_a_text() {
        let mut found = Vec::new();
        said(&Args::command(), &mut found);
        for text in &found {
            assert!(
                texts().any(|known| known.en() == *text),
                "no Korean for {text:?}"
            );
        }
        for text in texts() {
            assert!(
                found.iter().any(|en| en == text.en()),
                "unused: {:?}",
                text.en()
            );
        }
    }
}
