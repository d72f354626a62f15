"""`loopscope.open`: a trace from a file as a run."""

import builtins
import os

from . import api


def open(path: str | os.PathLike[str]) -> "api.Run":
    """A trace: of `loopscope verify --trace`, of VizTracer, or one that was exported to Perfetto."""
    with builtins.open(path, "rb") as file:
        return api.ComputedRun("opens traces", file.read(), ["open", "-"], ["open", "-"])
