match x:
    case [1, *rest] if rest:
        f()
    case {"a": b} | C(d=e):
        pass
