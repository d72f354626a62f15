# ending error
# error KeyboardInterrupt line 3
raise KeyboardInterrupt
