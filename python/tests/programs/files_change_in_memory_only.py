# prints True True 3 | ['moved'] | False False
# says is made in memory only: a run changes no file
import os
import pathlib
import tempfile

folder = os.path.join(tempfile.gettempdir(), "loopscope-never-made", "inner")
os.makedirs(folder)
os.makedirs(folder, exist_ok=True)
first, second = os.path.join(folder, "first"), pathlib.Path(folder, "second")
second.touch()
with open(first, "w") as file:
    file.write("abc")
print(os.path.isdir(folder), second.exists(), os.path.getsize(first))
os.replace(first, second)
second.rename(os.path.join(folder, "moved"))
print([name for name in ("first", "second", "moved") if os.path.exists(os.path.join(folder, name))])
os.remove(os.path.join(folder, "moved"))
os.rmdir(folder)
assert "loopscope-never-made" not in os.listdir(tempfile.gettempdir())
try:
    os.remove(first)
except FileNotFoundError:
    print(os.path.exists(folder), os.path.exists(first))
