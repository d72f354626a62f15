# needs fastapi
# says POST /items: 1 × 200, 1 × 422
# with requests 1 POST /items {"name": "a"}
# with requests 1 POST /items {"wrong": "a"}
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str


@app.post("/items")
async def create(item: Item):
    return item
