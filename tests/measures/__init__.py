"""What ``make bench`` measures beside the pages; each module returns entries of ``bench.json``."""
