# total 100ms
import socket

connection = socket.create_connection(("example.org", 80))
connection.close()
