#!/usr/bin/python3
"""Do two result folders hold the same bits, but for how long the runs took? same_data.py FOLDER FOLDER. Needs h5py."""
import sys

import h5py


def fields(folder):
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Dataset) and not name.startswith("performance/"):
            value = item[()]
            found[name] = value.tobytes() if item.dtype.kind != "O" else repr(value)

    with h5py.File(folder + "/result.h5") as file:
        file.visititems(visit)
    return found


if __name__ == "__main__":
    one, other = map(fields, sys.argv[1:])
    different = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    print(f"{len(one)} fields, {len(different)} of them differ", *different)
    sys.exit(bool(different) or len(one) < 50)
