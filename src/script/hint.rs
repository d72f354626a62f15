use super::problem::Problem;
use crate::language::Language;
pub(super) fn hints(_problem: &Problem, _language: Language) -> Vec<String> {
    Vec::new()
}
