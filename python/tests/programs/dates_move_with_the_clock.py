# total 25h
# prints 0:00:00 | True True | 1 day, 1:00:00 | 1 | True
# with time_limit 3d
import asyncio
import datetime
from datetime import date, timedelta


async def main():
    before, day = datetime.datetime.now(), date.today()
    print(datetime.datetime.now() - before)
    print(isinstance(before, datetime.datetime), isinstance(before + timedelta(1), date))
    await asyncio.sleep(25 * 3600)
    print(datetime.datetime.now() - before)
    print((date.today() - day).days)
    print(datetime.datetime.now(datetime.timezone.utc).year == 2026)


asyncio.run(main())
