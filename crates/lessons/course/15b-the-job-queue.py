import asyncio

from celery import Celery
from fastapi import FastAPI

# Where Celery is installed, run this with `--stand-in celery`.
# run 1 POST /reports
# run 4 GET /reports/1 every 10s from 10s

app = FastAPI()
jobs = Celery("jobs", broker="redis://localhost")
reports = []


@jobs.task
def render_report():  # cpu 30s
    return "report.pdf"


@app.post("/reports")
async def order_report():  # cpu 10ms
    reports.append(render_report.delay())
    return len(reports)


@app.get("/reports/{number}")
async def poll(number: int):
    # Reads the result.
    await asyncio.sleep(0.01)
    return reports[number - 1].ready()
