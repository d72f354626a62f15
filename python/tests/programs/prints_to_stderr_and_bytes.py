# prints err | bytes | no newline
import sys

print("err", file=sys.stderr)
sys.stdout.buffer.write(b"bytes\n")
print("no newline", end="")
