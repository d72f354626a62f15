# prints@ 20ms abc | 20ms raw
import os
import tempfile

with tempfile.TemporaryDirectory() as folder:
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False) as file:
        file.write("abc")
    with open(file.name) as again:
        print(again.read())
    os.remove(file.name)
os.write(1, b"raw\n")
