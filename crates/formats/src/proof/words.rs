//! The words of a proof, the same in the terminal and in the page.

use super::{Difference, Proof, ProvedEvent, ProvedKind};
use texts::{Language, plain, say, text};

/// E.g. `34 of 34 events as on CPython 3.14.2`.
pub fn agreement(proof: &Proof, language: Language) -> String {
    say!(
        language,
        "{agreeing} of {events} events as on CPython {python}",
        agreeing = proof.agreeing,
        events = proof.events,
        python = proof.python
    )
}

/// Says that the run was compared with the simulation of another version than the script's, if that
/// makes a difference.
pub fn other_version(proof: &Proof, language: Language) -> Option<String> {
    let (followed, script) = proof.other_version?;
    Some(say!(
        language,
        "Compared with the simulation of CPython {followed}. The script follows CPython {script}, where its events differ.",
        followed = followed.name(),
        script = script.name()
    ))
}

/// E.g. `3s  ping 2 (line 4): prints "b"`.
pub fn event_words(event: Option<&ProvedEvent>, language: Language) -> String {
    let Some(event) = event else {
        return text!("nothing more").of(language).to_owned();
    };
    let at = event.at.label();
    let what = kind_words(&event.kind, language);
    let Some((task, number)) = &event.instance else {
        return format!("{at}  {what}");
    };
    let who = format!("{} {number}", plain(task));
    let place = match event.line {
        0 => String::new(),
        line => format!(" ({})", say!(language, "line {line}", line)),
    };
    format!("{at}  {who}{place}: {what}")
}

fn kind_words(kind: &ProvedKind, language: Language) -> String {
    let text = match kind {
        ProvedKind::Print(words) => {
            return say!(language, "prints \"{words}\"", words = plain(words));
        }
        ProvedKind::Respond => text!("responds"),
        ProvedKind::Finish => text!("ends"),
        ProvedKind::Fail => text!("fails"),
        ProvedKind::Cancel => text!("is cancelled"),
        ProvedKind::RunFinishes => text!("the run ends"),
        ProvedKind::RunIsCut => text!("`until` ends the run"),
        ProvedKind::RunIsStuck => text!("deadlock"),
        ProvedKind::Waits => text!("waits"),
    };
    text.of(language).to_owned()
}

impl Difference {
    /// What the difference means, e.g. `The same event comes 1s later on CPython.`
    pub fn explanation(&self, language: Language) -> String {
        let (Some(simulated), Some(python)) = (&self.simulated, &self.python) else {
            let text = match self.simulated {
                Some(_) => text!("CPython's run has ended; the simulation goes on."),
                None => text!("The simulation has ended; CPython's run goes on."),
            };
            return text.of(language).to_owned();
        };
        let is_same_instance = simulated.instance == python.instance;
        let is_same_kind = simulated.kind == python.kind;
        let text = match (is_same_instance, is_same_kind) {
            (true, true) if python.at > simulated.at => {
                let later = python.at.since(simulated.at).label();
                return say!(
                    language,
                    "The same event comes {later} later on CPython.",
                    later
                );
            }
            (true, true) => {
                let earlier = simulated.at.since(python.at).label();
                return say!(
                    language,
                    "The same event comes {earlier} earlier on CPython.",
                    earlier
                );
            }
            (true, false) => text!("The same task does something else at this point."),
            (false, _) if simulated.instance.is_none() || python.instance.is_none() => {
                text!("One of the runs ends here, the other goes on.")
            }
            (false, _) => text!("Another task has its turn at this point."),
        };
        text.of(language).to_owned()
    }
}
