# ending exit
# says stopped: the program ended itself: no configuration
raise SystemExit("no configuration")
