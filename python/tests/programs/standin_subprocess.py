# total 1s
# prints 0
import subprocess

done = subprocess.run(["rm", "-rf", "/"], capture_output=True)
print(done.returncode)
