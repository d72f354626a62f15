# ending refused
# says needs the network
import http.client as client
import importlib

real = importlib.import_module("http.client")
real.HTTPConnection("example.org").request("GET", "/")
