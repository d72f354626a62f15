"""`python -m loopscope run program.py`."""

import sys

from .command import main

sys.exit(main(sys.argv[1:]))
