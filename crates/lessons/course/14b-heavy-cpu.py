from fastapi import FastAPI

# run 4 GET /resize
# run 1 GET /health from 1s

app = FastAPI()


def shrink():  # cpu 10s
    return "a small picture"


@app.get("/resize")
def resize():
    return shrink()


@app.get("/health")
async def health():
    print("ok")
    return "ok"
