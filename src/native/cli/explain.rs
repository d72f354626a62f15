//! `explain`: the long text about a problem's code.

use super::args::ExplainArgs;
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use crate::paint::text::plain;
use crate::script::{Code, explain as explained};

pub(super) fn explain(args: &ExplainArgs, console: &mut Console) -> Result<Exit, Failure> {
    let code = Code::from_name(&args.code).ok_or_else(|| Failure::UnknownCode {
        code: plain(&args.code),
    })?;
    console.print(&explained(code, console.style.language))?;
    Ok(Exit::Holds)
}
