"""Stand-ins for libraries that a program imports and that are not there.

- `table`: what a call usually does, and for how long, as the static reader says.
- `objects`: the objects that stand for everything a library gives.
- `finder`: the import of a module that is not installed.
- `celery`: tasks, workers and results, which need more than a length.
"""
