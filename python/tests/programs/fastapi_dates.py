# The program's dates are on the virtual clock, and pydantic knows their types.
# needs fastapi
# total 2s
# prints 2026-05-01 2027-01-01 | 2026-01-01 00:00:02
# says POST /visits: 1 × 200, 1 × 422
# with requests 1 POST /visits {"at": "2026-05-01T12:00:00", "until": "2027-01-01"}
# with requests 1 POST /visits {"at": "yesterday", "until": "2027-01-01"}
import asyncio
from datetime import date, datetime

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Visit(BaseModel):
    at: datetime
    until: date


@app.post("/visits")
async def visit(visit: Visit) -> Visit:
    print(visit.at.date(), visit.until)
    await asyncio.sleep(2)
    print(datetime.now())
    return visit
