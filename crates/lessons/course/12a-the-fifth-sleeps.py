import time

from fastapi import FastAPI

# run 4 GET /quick
# run 1 GET /sleeper
# run 5 GET /quick

app = FastAPI()


@app.get("/quick")
def quick():
    time.sleep(0.1)
    return "quick"


@app.get("/sleeper")
def sleeper():
    time.sleep(20)
    return "at last"
