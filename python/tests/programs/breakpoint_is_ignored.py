# prints after
# says note: `breakpoint()` is ignored
breakpoint()
print("after")
