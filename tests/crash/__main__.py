"""The harness as a program: ``python -m tests.crash [NAME …]`` plays scenarios and prints one line of JSON for each.

Exit 0 when nothing is wrong, else 1.
"""

import json
import sys

from tests.crash.playing import outcomes


def main(names: list[str]) -> int:
    """Play; how the program exits."""
    wrong = False
    for name, findings, seconds in outcomes(names):
        wrong = wrong or bool(findings)
        line = {"name": name, "findings": findings, "seconds": round(seconds, 2)}
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
