# ending error
# error ValueError line 5: is no load


# run 20 GET /users at once
async def app(scope, receive, send):
    pass
