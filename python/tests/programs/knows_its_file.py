# prints True True True
import os
import sys

folder = os.path.dirname(os.path.abspath(sys.argv[0]))
print(sys.path[0] == folder, os.path.isabs(__file__), os.path.dirname(__file__) == folder)
