# ending error
# error ValueError: is no load
# with requests fast GET slow
async def app(scope, receive, send):
    pass
