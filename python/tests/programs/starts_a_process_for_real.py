# ending refused
# says `subprocess.Popen` starts another process
import importlib

importlib.import_module("subprocess").run(["true"])
