"""A Sphinx directive for Loopscope: a script that runs in HTML, and its chart in other formats.

In conf.py, with this file in the same folder or elsewhere on `sys.path`:

    extensions = ["loopscope_sphinx"]
    loopscope_script = "https://…/embed.js"

In a page, with the element's attributes as options:

    .. loopscope::
       :height: 400

       make_pasta: cpu 3 -> await 5
       make_toast: cpu 6

HTML gets a `<loopscope-lab>` that contains the script. Every other builder gets the script as text
and a picture of its chart, drawn by the `loopscope` on PATH.
"""

import hashlib
import html
import os
import subprocess
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

ATTRIBUTES = ["height", "theme", "lang", "panes", "frozen", "editable", "guess", "goal"]


class lab(nodes.General, nodes.Element):
    """A script and its attributes; replaced when the builder is known."""


class Loopscope(SphinxDirective):
    has_content = True
    option_spec = {name: directives.unchanged for name in ATTRIBUTES}

    def run(self):
        self.assert_has_content()
        script = "\n".join(self.content) + "\n"
        node = lab(script, script=script, attributes=dict(self.options))
        self.set_source_info(node)
        return [node]


class ForBuilder(SphinxPostTransform):
    """Replaces the scripts of a page by their form for the builder."""

    # # Before Sphinx collects the images of a page.
    default_priority = 50

    def run(self, **options):
        is_html = self.app.builder.format == "html"
        for node in list(self.document.findall(lab)):
            node.replace_self(element(node) if is_html else self.on_paper(node))

    def on_paper(self, node):
        script = node["script"]
        uri = os.path.relpath(self.picture(script), self.app.srcdir)
        image = nodes.image(uri=uri, candidates={"*": uri}, alt=script)
        self.env.images.add_file(self.env.docname, uri)
        return [nodes.literal_block(script, script, language="none"), image]

    def picture(self, script):
        """The picture of a script, drawn only if the script is new."""
        name = hashlib.sha256(script.encode()).hexdigest()[:16]
        file = Path(self.app.doctreedir) / "loopscope" / f"{name}.png"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            draw(script, file)
        return file


def element(node):
    given = "".join(f' {name}="{html.escape(value)}"' for name, value in node["attributes"].items())
    text = f"<loopscope-lab{given}><pre>{html.escape(node['script'])}</pre></loopscope-lab>"
    return nodes.raw("", text, format="html")


def draw(script, file):
    command = ["loopscope", "draw", "-", "--output", str(file)]
    try:
        subprocess.run(command, input=script, text=True, check=True, stderr=subprocess.PIPE)
    except FileNotFoundError as missing:
        raise ExtensionError("loopscope, which draws the charts, is not on PATH") from missing
    except subprocess.CalledProcessError as error:
        raise ExtensionError(f"a script cannot be drawn:\n{error.stderr}") from error


def add_script(app):
    if app.config.loopscope_script:
        app.add_js_file(app.config.loopscope_script, loading_method="async")


def setup(app):
    app.add_config_value("loopscope_script", "", "html")
    app.add_node(lab)
    app.add_directive("loopscope", Loopscope)
    app.add_post_transform(ForBuilder)
    app.connect("builder-inited", add_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
