"""Check the vendored front-end files against their sums: `python -m tests.vendor_sums`; `--write` writes them anew."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (ROOT / "static" / "vendor", ROOT / "tests" / "browser" / "vendor")
SUMS = "SHA384SUMS"


def sums_of(folder: Path) -> str:
    """Return one line a file of the folder, `sum  path`, in the layout that sha384sum reads."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    return "".join(
        f"{hashlib.sha384(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in files
    )


def differences(folder: Path) -> list[str]:
    """Name the files of the folder that were changed, added or removed since the sums were written."""
    written, found = (folder / SUMS).read_text(), sums_of(folder)
    odd = set(written.splitlines()) ^ set(found.splitlines())
    return sorted({line.split("  ", 1)[1] for line in odd})


def main(arguments: list[str]) -> int:
    """Write or check the sums; return the exit status."""
    if "--write" in arguments:
        for folder in FOLDERS:
            (folder / SUMS).write_text(sums_of(folder))
    odd = [f"{folder.relative_to(ROOT)}/{name}" for folder in FOLDERS for name in differences(folder)]
    print(f"Not as vendored: {', '.join(odd)}." if odd else "All vendored files are as their sums say.")
    return 1 if odd else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
