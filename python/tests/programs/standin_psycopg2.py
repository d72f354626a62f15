# total 100ms
# with stand_in psycopg2
import psycopg2

connection = psycopg2.connect("dbname=test")
cursor = connection.cursor()
cursor.execute("select 1")
for row in cursor.fetchall():
    row[0]
connection.close()
