//! Edits of settings, runs and resources: the statements with a number.

use super::EditableScript;
use crate::diagnostic::Edit;
use crate::syntax::{StatementNode, StatementNodeKind};
use crate::vocabulary::{ResourceWord, SETTINGS, SettingWord, lookup, spelling};
use model::workload::ResourceIndex;

impl EditableScript<'_> {
    /// Gives a setting a value, e.g. `pool 40`: in the line that sets it, or in a new line behind the
    /// opening comment, beside the other settings.
    pub fn set(&self, setting: SettingWord, value: &str) -> Edit {
        let written = format!("{} {value}", spelling(SETTINGS, setting));
        let mut items = self.tree.items.iter();
        match items.find(|item| self.sets(item, setting)) {
            Some(item) => Edit::replace(item.span, written),
            None => self.insert_setting(&written),
        }
    }

    /// Whether the statement gives the setting a value, or tries to: `pool many`.
    fn sets(&self, item: &StatementNode, setting: SettingWord) -> bool {
        match &item.kind {
            StatementNodeKind::Setting(found) => found.word == setting,
            // `executor (cpu 1)` is a segment without a task rather than a setting.
            StatementNodeKind::Broken if setting != SettingWord::Executor => {
                let first = self.token_behind(item.span.start);
                first.and_then(|token| lookup(SETTINGS, token.span.of(self.text))) == Some(setting)
            }
            _ => false,
        }
    }

    fn insert_setting(&self, written: &str) -> Edit {
        let line_break = self.line_break();
        let Some(first) = self.tree.items.first() else {
            let text = self.text.trim_start_matches('\u{feff}');
            let is_new_line = text.is_empty() || text.ends_with(['\n', '\r']);
            let before = if is_new_line { "" } else { line_break };
            let end = self.text.len() as u32;
            return Edit::insert(end, format!("{before}{written}{line_break}"));
        };
        // In front of the first statement, which moves to a line of its own.
        let indent = self.indent_of_line(first.line);
        let gap = match first.kind {
            StatementNodeKind::Task(_) => line_break,
            _ => "",
        };
        let text = format!("{written}{line_break}{gap}{indent}");
        Edit::insert(first.span.start, text)
    }

    /// Sets the number of instances of the first run: `run 3 ping`.
    pub fn set_run_count(&self, count: u64) -> Option<Edit> {
        let mut items = self.tree.items.iter();
        let member = items.find_map(|item| match &item.kind {
            StatementNodeKind::Run(run) => run.members.first(),
            _ => None,
        })?;
        Some(match member.count {
            Some(old) => Edit::replace(old.span, count.to_string()),
            None => Edit::insert(member.name.start, format!("{count} ")),
        })
    }

    /// Sets the size of a queue or a semaphore: `queue q 100`.
    pub fn set_resource_size(&self, resource: ResourceIndex, size: u32) -> Option<Edit> {
        let items = self.tree.items.iter();
        let mut resources = items.filter_map(|item| match &item.kind {
            StatementNodeKind::Resource(resource) => Some(resource),
            _ => None,
        });
        let resource = resources.nth(resource.0 as usize)?;
        Some(match resource.size {
            Some(old) => Edit::replace(old.span, size.to_string()),
            None if resource.word == ResourceWord::Queue => {
                Edit::insert(resource.name.end, format!(" {size}"))
            }
            None => return None,
        })
    }
}
