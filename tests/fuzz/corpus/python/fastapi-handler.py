from fastapi import FastAPI
import time
app = FastAPI()
@app.get("/x")
async def x():
    time.sleep(1)
    return 1
