# total 20ms
# prints one | two
# says is written into memory only: a run changes no file
import os
import tempfile

path = os.path.join(tempfile.gettempdir(), "loopscope-never-written.txt")
with open(path, "w") as file:
    file.write("one\ntwo\n")
with open(path) as file:
    for line in file:
        print(line.strip())
assert os.path.basename(path) not in os.listdir(tempfile.gettempdir())
