# total 0s
# prints True True worker
import threading

seen = []


def work():
    seen.append((threading.get_ident(), threading.current_thread().name))


for _ in range(2):
    thread = threading.Thread(target=work, name="worker")
    thread.start()
    thread.join()
print(seen[0][0] != threading.get_ident(), seen[0][0] != seen[1][0], seen[0][1])
