# The answer comes first, then the work.
# needs fastapi
# total 5s
# prints@ 5s mailed
# says GET /: 1 × 200; answered after 0s
# with requests 1 GET /
import time

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def mail():
    time.sleep(5)
    print("mailed")


@app.get("/")
async def handler(tasks: BackgroundTasks):
    tasks.add_task(mail)
    return {}
