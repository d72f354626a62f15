from fastapi import FastAPI

# run 1 POST /reports

app = FastAPI()


def render_report():  # cpu 30s
    return "report.pdf"


@app.post("/reports")
def order_report():
    return render_report()
