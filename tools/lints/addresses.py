"""No file names a package registry's host or a folder of one person's machine.

Story: a lock file with download addresses in it works on one network only, and a path of the author's machine in a script
works on one machine only (`work/views` is a path of our API). Where packages come from is the host's configuration;
paths are relative to the clone.
"""

import re
import sys

from _tracked import ROOT, files, text_of

REGISTRIES = ("pypi", "python" + "hosted", "npmjs", "yarnpkg", "debian")
FORBIDDEN = re.compile(
    rf"\b(?:{'|'.join(REGISTRIES)})[.](?:org|com)\b|/home/[a-z]+/|(?<![\w./])/(?:root/|work/(?!views))"
)


def main() -> int:
    found: list[str] = []
    for path in files():
        name = str(path.relative_to(ROOT))
        text = text_of(path)
        if text is None:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            hit = FORBIDDEN.search(line)
            if hit is not None:
                found.append(f"{name}:{number}: names {hit[0]}")
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
