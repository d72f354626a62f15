"""`loopscope.Lab`: a script in a notebook that its reader changes, as a widget.

    lab = loopscope.Lab("pool 4\\ndef ping: block 1s\\nrun 8 ping", goal="under 2 s")

Each change is simulated by the notebook's kernel, with the program `loopscope`: the browser needs
nothing but this package's own files, and no network.
"""

import html
import itertools
import os
import pathlib
from typing import Any

from . import api, durations, goals
from .errors import LoopscopeError, ScriptError

try:
    import anywidget
    import traitlets
except ImportError:
    raise LoopscopeError("a lab in a notebook needs anywidget: `pip install anywidget`") from None

_numbers = itertools.count(1)


class Lab(anywidget.AnyWidget):
    """A script with its chart, which follows each change; with a goal an exercise.

    `script` and `goal` can be set. `total`, in seconds, `reached` and `run` say how it goes; `total`
    and `reached` are traits, so that `lab.observe(…, names="reached")` and other widgets follow them.
    """

    _esm = pathlib.Path(__file__).with_name("lab.js")

    script = traitlets.Unicode(help="The script.").tag(sync=True)
    goal = traitlets.Unicode("", help="In words or as claims.").tag(sync=True)
    #: `None` while the script has errors.
    total = traitlets.Float(None, allow_none=True, read_only=True).tag(sync=True)
    #: `None` without a goal.
    reached = traitlets.Bool(None, allow_none=True, read_only=True).tag(sync=True)

    #: For the view: its name, the chart, and the line below it.
    _lab = traitlets.Unicode().tag(sync=True)
    _svg = traitlets.Unicode().tag(sync=True)
    _said = traitlets.Unicode().tag(sync=True)

    #: The last run; `None` while the script has errors.
    run: api.Run | None = None

    def __init__(self, script: str | os.PathLike[str], goal: str = "", **more: Any) -> None:
        text = os.fspath(script)
        if "\n" not in text and text.endswith(".loop"):
            text = api.script_in(text)
        self._picture: Any = None
        super().__init__(script=text, goal=goal, _lab=f"{os.getpid()}-{next(_numbers)}", **more)
        self._simulate()
        self.observe(self._simulate, names=["script", "goal"])

    def _simulate(self, _: object = None) -> None:
        claims = goals.claims(self.goal)
        self.run, reached, trouble = None, False if claims else None, ""
        text = self.script if self.script.endswith("\n") else f"{self.script}\n"
        try:
            self.run, reached, trouble = _judged(text, claims)
        except ScriptError as error:
            trouble = str(error)
        with self.hold_sync():
            self.set_trait("total", self.run.total if self.run else None)
            self.set_trait("reached", reached)
            if self.run:
                self.set_trait("_svg", self.run.svg())
            self.set_trait("_said", self._words(trouble))
        if self._picture is not None:
            self._picture.update(self._still(), raw=True)

    def _words(self, trouble: str) -> str:
        """The line below the chart."""
        if self.run is None:
            return trouble
        words = [f"total {durations.show(self.run.total_ns)}"]
        if self.goal:
            words.append(f"{'✓' if self.reached else '✗'} goal: {self.goal}")
        return " · ".join(words) + (f"\n{trouble}" if trouble else "")

    def _still(self) -> dict[str, str]:
        """The lab as a picture, for where no widget is shown, e.g. an exported notebook."""
        said = f"<pre>{html.escape(self._said)}</pre>"
        script = f"<pre>{html.escape(self.script)}</pre>"
        chart = f'<div style="max-width:960px">{self._svg}</div>'
        picture = f'<div data-loopscope-lab="{self._lab}">{script}{chart}{said}</div>'
        return {"text/html": picture, "text/plain": f"{self.script}\n{self._said}"}

    def _ipython_display_(self) -> None:
        """Shows the widget and, in an output of its own, the picture. The view hides the picture; in an
        exported notebook, where there is no view, it stays."""
        from IPython.display import display

        bundle: Any = self._repr_mimebundle_()
        data = dict(bundle[0] if isinstance(bundle, tuple) else bundle or {})
        data["text/plain"] = "a lab of Loopscope"
        display(data, raw=True)  # type: ignore[no-untyped-call]
        self._picture = display(self._still(), raw=True, display_id=True)  # type: ignore[no-untyped-call]


def _judged(text: str, claims: list[str]) -> tuple[api.Run, bool | None, str]:
    """The run, whether all claims hold, and why they cannot be judged."""
    expected = "".join(f"expect {claim}\n" for claim in claims)
    try:
        run = api.ScriptRun(text + expected, [])
    except ScriptError as error:
        if not claims:
            raise
        # An error of the script itself is raised again, without the lines of the goal.
        return api.ScriptRun(text, []), False, f"the goal cannot be judged: {error}"
    holds = [holds for _, holds in run.claims()][-len(claims) :] if claims else []
    return run, all(holds) if claims else None, ""
