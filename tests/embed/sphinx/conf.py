import os
import sys

sys.path.insert(0, os.path.abspath("../../../integrations/sphinx"))

project = "Concurrency by example"
extensions = ["loopscope_sphinx"]
loopscope_script = "https://loopscope.example/embed/v1/embed.js"
html_theme = "alabaster"
