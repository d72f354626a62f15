//! Assignments to names, attributes and tuples of them.

use super::super::tree::{ExprKind, PythonExpr};
use super::super::value::Value;
use super::Translator;
use super::expression::nth_item;

impl<'t> Translator<'t> {
    pub(super) fn assign_target(&mut self, target: &'t PythonExpr<'t>, value: Value) {
        match &target.kind {
            ExprKind::Name(name) => self.set_name(name, value),
            ExprKind::Attribute(of, name) => {
                // AnyIO's `current_default_thread_limiter().total_tokens = 100`.
                if *name == "total_tokens"
                    && let Some(tokens) = value.count()
                {
                    self.pool = Some(tokens);
                }
                if let Value::Instance(object) = self.evaluate_expr(of) {
                    self.name_shared(&value, name);
                    if let Some(object) = self.objects.get_mut(object) {
                        object.attributes.insert(name, value);
                    }
                }
            }
            ExprKind::Starred(inner) => self.assign_target(inner, Value::Unknown),
            ExprKind::Tuple(parts) | ExprKind::List(parts) => {
                for (place, part) in parts.iter().enumerate() {
                    let item = match &value {
                        Value::Many(items) => nth_item(items, place as u64),
                        _ => None,
                    };
                    self.assign_target(part, item.unwrap_or(Value::Unknown));
                }
            }
            ExprKind::Subscript(..) => {
                self.evaluate_expr(target);
            }
            _ => {}
        }
    }

    /// `tasks += [create_task(f())]` or `total += await f()`.
    pub(super) fn update_target(&mut self, target: &'t PythonExpr<'t>, value: &'t PythonExpr<'t>) {
        let added = self.evaluate_settled(value);
        let Some(name) = target.name() else { return };
        // A list keeps its items, e.g. tasks; any other result becomes unknown.
        let new = match (self.find_name(name).cloned(), added) {
            (Some(Value::Many(mut items)), Value::Many(more)) => {
                items.extend(more);
                self.limit_value(Value::Many(items), target.line)
            }
            _ => Value::Unknown,
        };
        self.set_name(name, new);
    }

    /// Stores a receiver that its method changed, e.g. `tasks.append(…)`, `thread.start()`.
    pub(super) fn store_value(&mut self, place: &'t PythonExpr<'t>, value: Value) {
        let value = self.limit_value(value, place.line);
        match &place.kind {
            ExprKind::Name(name) => {
                // Appending needs no `global`, so the scope that has the name is changed.
                let mut scope = Some(self.current_frame().scope);
                while let Some(at) = scope {
                    if let Some(old) = self.scopes[at].names.get_mut(*name) {
                        *old = value;
                        return;
                    }
                    scope = self.scopes[at].parent;
                }
            }
            ExprKind::Attribute(..) => self.assign_target(place, value),
            _ => {}
        }
    }

    /// Names a resource after its first attribute, unless it has a name.
    fn name_shared(&mut self, value: &Value, name: &str) {
        if let Value::Shared(shared) = value
            && let Some(declared) = self.shared.get_mut(shared.0)
            && declared.name.is_empty()
        {
            declared.name = name.to_owned();
        }
    }
}
