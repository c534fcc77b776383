"""Runs one file of tests. Ends with 77, which ctest shows as skipped, when none failed and one was skipped."""
import importlib
import os
import sys
import unittest

SKIPPED = 77


def main(path):
    folder, name = os.path.split(os.path.abspath(path))
    sys.path.insert(0, folder)
    module = importlib.import_module(os.path.splitext(name)[0])
    result = unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromModule(module))
    for test, why in result.skipped:
        print(f"skipped: {test.id()}: {why}", file=sys.stderr)
    if not result.wasSuccessful() or result.testsRun == 0:
        return 1
    return SKIPPED if result.skipped else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
