"""Benchmarks: `python3 start.py bench NAME` runs `benchmarks/NAME.py` in the site's environment.

A benchmark is a module with a `main()` behind `if __name__ == "__main__"`. It takes its own arguments, prints what it
measures, and its last line is `ratio R (what R compares)`: how many times better the first of the two things is. The
servers run; the database has its tables only if the site was started once on this state folder.
"""
