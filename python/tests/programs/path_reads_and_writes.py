# total 20ms
# prints text
import pathlib
import tempfile

path = pathlib.Path(tempfile.gettempdir()) / "loopscope-never-written.txt"
path.write_text("text")
print(path.read_text())
