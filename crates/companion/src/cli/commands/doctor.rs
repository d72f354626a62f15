//! `doctor`: what is installed of the software that commands need, and the command that gets the
//! rest.

use std::env;
use std::fmt::Write;
use std::path::PathBuf;

use serde_json::json;

use crate::cli::colour::Ink;
use crate::cli::console::{Console, Style};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::words::Say;
use crate::serve::HAS_PAGE;
use crate::verify::{Interrupt, MissingRequirement, Runtime, VerifyError, available};
use texts::{Language, Text, say, text};

/// Show which software is installed for real runs, and how to get the rest
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope doctor")]
pub(crate) struct DoctorArgs {
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: super::compare::TableFormat,
}

/// One piece of software.
#[derive(Debug)]
struct Examined {
    /// E.g. `python`, for programs.
    code: &'static str,
    name: Text,
    /// The commands that need it.
    needed_by: &'static str,
    found: Found,
}

#[derive(Debug)]
enum Found {
    /// With its version or place, if it is known.
    Present(String),
    /// The problem, and the command that provides it.
    Missing { what: String, remedy: &'static str },
}

/// Programs that open the page, the most usual ones first.
const BROWSERS: [&str; 9] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "firefox",
    "microsoft-edge",
    "brave-browser",
    "epiphany",
    "falkon",
];

pub(crate) fn doctor(args: &DoctorArgs, console: &mut Console) -> Result<Exit, Failure> {
    let examined = examine(console.style.language)?;
    match args.format {
        super::compare::TableFormat::Text => {
            console.print(&findings_text(&examined, console.style))?;
        }
        super::compare::TableFormat::Json => {
            let entries = examined.iter().map(Examined::json).collect::<Vec<_>>();
            let result = json!({"schema": "loopscope.doctor/1", "software": entries});
            console.print(&format!("{result}\n"))?;
        }
    }
    let is_missing = |one: &Examined| matches!(one.found, Found::Missing { .. });
    Ok(if examined.iter().any(is_missing) {
        Exit::Missing
    } else {
        Exit::Holds
    })
}

fn examine(language: Language) -> Result<Vec<Examined>, Failure> {
    let interrupt = Interrupt::on_signals();
    let page = if HAS_PAGE {
        Found::Present(String::new())
    } else {
        Found::Missing {
            what: text!("this program was built without it")
                .of(language)
                .to_owned(),
            remedy: "make serve",
        }
    };
    Ok(vec![
        Examined {
            code: "python",
            name: text!("Python"),
            needed_by: "run app.py, prove, verify --on asyncio",
            found: runtime_found(Runtime::Asyncio, &interrupt, language)?,
        },
        Examined {
            code: "packages",
            name: text!("FastAPI, uvicorn, httpx and Celery"),
            needed_by: "verify --on fastapi|celery",
            found: runtime_found(Runtime::Fastapi, &interrupt, language)?,
        },
        Examined {
            code: "redis",
            name: text!("Redis"),
            needed_by: "verify --on celery",
            found: redis_found(&interrupt, language)?,
        },
        Examined {
            code: "page",
            name: text!("the page"),
            needed_by: "serve, page",
            found: page,
        },
        Examined {
            code: "browser",
            name: text!("a browser"),
            needed_by: "serve",
            found: browser_found(language),
        },
    ])
}

/// The version of the Python of a runtime, or what it lacks.
fn runtime_found(
    runtime: Runtime,
    interrupt: &Interrupt,
    language: Language,
) -> Result<Found, Failure> {
    match available(runtime, interrupt) {
        Ok(versions) => {
            let python = versions.get("Python").cloned().unwrap_or_default();
            Ok(Found::Present(match runtime {
                // The row is named after it.
                Runtime::Asyncio => python,
                _ => format!("Python {python}"),
            }))
        }
        Err(VerifyError::Missing(missing)) => Ok(missing_software(&missing, language)),
        Err(error) => Err(Failure::Verify(error)),
    }
}

/// Redis is looked for before the packages, so any other error says that it is there.
fn redis_found(interrupt: &Interrupt, language: Language) -> Result<Found, Failure> {
    match available(Runtime::Celery, interrupt) {
        Err(VerifyError::Missing(missing @ MissingRequirement::Redis)) => {
            Ok(missing_software(&missing, language))
        }
        Ok(_) | Err(VerifyError::Missing(_)) => Ok(Found::Present(String::new())),
        Err(error) => Err(Failure::Verify(error)),
    }
}

fn missing_software(missing: &MissingRequirement, language: Language) -> Found {
    Found::Missing {
        what: missing.what(language),
        remedy: missing.remedy(),
    }
}

fn browser_found(language: Language) -> Found {
    // macOS has Safari, outside of PATH.
    if cfg!(target_os = "macos") {
        return Found::Present("Safari".to_owned());
    }
    match BROWSERS.into_iter().find_map(program_in_path) {
        Some(path) => Found::Present(path.display().to_string()),
        None => Found::Missing {
            what: text!("none was found in PATH").of(language).to_owned(),
            remedy: "apt-get install chromium",
        },
    }
}

fn program_in_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

impl Examined {
    fn json(&self) -> serde_json::Value {
        let (is_present, detail, remedy) = match &self.found {
            Found::Present(detail) => (true, detail.as_str(), None),
            Found::Missing { what, remedy } => (false, what.as_str(), Some(*remedy)),
        };
        json!({
            "name": self.code,
            "present": is_present,
            "detail": detail,
            "remedy": remedy,
            "needed_by": self.needed_by,
        })
    }
}

fn findings_text(examined: &[Examined], style: Style) -> String {
    let mut text = String::new();
    let say = style.say();
    for one in examined {
        let name = one.name.of(style.language);
        let needed = style.out.paint(Ink::Faint, &say.needed_by(one.needed_by));
        let _ = match &one.found {
            Found::Present(detail) => {
                let sign = style.out.paint(Ink::Good, "✓");
                let detail = match detail.as_str() {
                    "" => String::new(),
                    detail => format!(": {detail}"),
                };
                writeln!(text, "{sign} {name}{detail} {needed}")
            }
            Found::Missing { what, remedy } => {
                let sign = style.out.paint(Ink::Error, "✗");
                writeln!(text, "{sign} {name}: {what} {needed}\n    {remedy}")
            }
        };
    }
    text
}

impl Say {
    fn needed_by(self, commands: &str) -> String {
        say!(self.0, "(for {commands})", commands)
    }
}
