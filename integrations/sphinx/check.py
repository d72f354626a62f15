"""Builds a small project with Sphinx and checks its HTML and LaTeX.

`check.py LOOPSCOPE` installs a pinned Sphinx into target/sphinx, once.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).resolve().parent
HOME = HERE.parent.parent / "target/sphinx"
SPHINX = "sphinx==9.0.4"

CONF = f"""
import sys
sys.path.insert(0, {str(HERE)!r})
extensions = ["loopscope_sphinx"]
loopscope_script = "https://example.org/embed.js"
"""

INDEX = """
Title
=====

.. toctree::

   folder/page
"""

PAGE = """
Page
====

.. loopscope::
   :height: 400

   a: cpu 3 -> await 5

* In a list:

  .. loopscope::

     b: cpu 1
"""


def main():
    loopscope = pathlib.Path(sys.argv[1]).resolve()
    python = installed()
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "source"
        (source / "folder").mkdir(parents=True)
        (source / "conf.py").write_text(CONF)
        (source / "index.rst").write_text(INDEX)
        page = source / "folder/page.rst"
        page.write_text(PAGE)
        build = lambda builder: built(python, loopscope, builder, source, pathlib.Path(folder))

        written = (build("html") / "folder/page.html").read_text()
        expect('<loopscope-lab height="400"><pre>a: cpu 3 -&gt; await 5' in written, written)
        expect("https://example.org/embed.js" in written, written)
        expect(".png" not in written, written)

        # The same parsed pages, now for LaTeX.
        latex = build("latex")
        pictures = list(latex.glob("*.png"))
        expect(len(pictures) == 2, pictures)
        text = next(latex.glob("*.tex")).read_text()
        expect(all(picture.stem in text for picture in pictures), text)
        expect("a: cpu 3" in text and "loopscope-lab" not in text, text)

        page.write_text(".. loopscope::\n\n   a: awiat 3\n")
        failed = build("latex")
        expect(isinstance(failed, str) and "awiat" in failed, failed)
    print("Sphinx: HTML has the elements, LaTeX the pictures")


def installed():
    python = HOME / "bin/python"
    if not (HOME / SPHINX).exists():
        venv.create(HOME, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", SPHINX], check=True)
        (HOME / SPHINX).touch()
    return python


def built(python, loopscope, builder, source, folder):
    """The folder of the result, or Sphinx's messages if it failed."""
    out = folder / builder
    command = [python, "-m", "sphinx", "-b", builder, "-d", folder / "read", "-W", "-q", source, out]
    path = f"{loopscope.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(command, env=os.environ | {"PATH": path}, stderr=subprocess.PIPE, text=True)
    return out if done.returncode == 0 else done.stderr


def expect(holds, otherwise):
    if not holds:
        sys.exit(f"not as expected: {otherwise}")


if __name__ == "__main__":
    main()
