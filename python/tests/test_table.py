"""The table of libraries is the one of the static reader, and is read by the same rules."""

import os
import unittest

from check import PROGRAMS

from loopscope.durations import MILLISECOND
from loopscope.stand_ins import table

HERE = os.path.dirname(os.path.abspath(table.__file__))
READERS = os.path.join(PROGRAMS, "..", "..", "..", "crates", "reader", "src", "library.txt")


class Table(unittest.TestCase):
    def test_is_a_copy_of_the_readers_table(self) -> None:
        if not os.path.exists(READERS):
            self.skipTest("the package is not in its repository")
        with open(READERS, encoding="utf-8") as readers:
            with open(os.path.join(HERE, "library.txt"), encoding="utf-8") as own:
                self.assertEqual(own.read(), readers.read(), "copy crates/reader/src/library.txt")

    def check(self, path: str, manner: str, ms: int = 0) -> None:
        self.assertEqual(table.look_up(path), (manner, ms * MILLISECOND))

    def test_calls_are_known_by_their_longest_path(self) -> None:
        self.check("requests.get", "block", 1_000)
        self.check("httpx.get", "block", 1_000)
        self.check("httpx.AsyncClient.get", "await", 1_000)
        self.check("redis.Redis.get", "block", 10)
        self.check("redis.asyncio.Redis.get", "await", 10)
        self.check("open", "block", 10)

    def test_what_only_prepares_takes_no_time(self) -> None:
        self.check("httpx.AsyncClient", "prepares")
        self.check("psycopg2.connect.cursor", "prepares")
        self.check("requests.get.json", "nothing")
        self.check("logging.getLogger", "nothing")
        self.check("acme.charge", "nothing")
        self.check("sqlalchemy.select", "prepares")
        self.check("sqlalchemy.func.count", "prepares")
        self.check("sqlalchemy.orm.Session.execute", "block", 100)

    def test_a_prefix_ends_at_a_dot(self) -> None:
        self.check("requests2.get", "nothing")


if __name__ == "__main__":
    unittest.main()
