# needs fastapi
# says the app got one request for each route (GET /a, GET /b)
# says GET /a: 1 × 200
import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
async def a():
    return {}


@app.get("/b")
async def b():
    return {}


@app.get("/c/{number}")
async def c(number: int):
    return {}


if __name__ == "__main__":
    uvicorn.run(app)
