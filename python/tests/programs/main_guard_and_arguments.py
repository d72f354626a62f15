# prints __main__ ['a', '--b'] True
# with arguments a --b
import sys

if __name__ == "__main__":
    print(__name__, sys.argv[1:], sys.argv[0] == __file__)
