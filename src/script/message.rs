use super::problem::Problem;
use crate::language::Language;
pub(super) fn message(problem: &Problem, _language: Language) -> String {
    format!("{problem:?}")
}
