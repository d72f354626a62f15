# ending refused
# says line 6: `os.remove` changes files, and a run changes none
import os

# A folder, so that a run that does not refuse this removes nothing.
os.remove(os.path.dirname(os.path.abspath(__file__)))
