# prints \udcff
print("\udcff".encode("ascii", "backslashreplace").decode())
