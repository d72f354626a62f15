# prints 2026-01-01 00:00:05 hello
import logging
import time

logging.Formatter.converter = time.gmtime
logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%Y-%m-%d %H:%M:%S")
time.sleep(5)
logging.warning("hello")
