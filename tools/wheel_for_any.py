"""Makes the wheel for systems without a program of their own, e.g. Windows: the Python package alone.

`python3 tools/wheel_for_any.py WHEEL FOLDER` takes the program out of a wheel of `make wheel`. Functions,
programs, apps, tests and notebook cells of Python run without it; scripts, findings and charts need it.
"""

import base64
import hashlib
import pathlib
import re
import sys
import zipfile


def record_line(name: str, data: bytes) -> str:
    """A line of RECORD: path, hash, size."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(data)}\n"


def without_program(wheel: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    name, version = wheel.name.split("-")[:2]
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        files = {
            entry.filename: archive.read(entry)
            for entry in archive.infolist()
            if not entry.filename.startswith(f"{name}-{version}.data/")
        }
    description = files[f"{info}/WHEEL"].decode()
    description = re.sub(r"(?m)^Tag: .*\n", "", description).rstrip("\n") + "\nTag: py3-none-any\n"
    description = re.sub(r"(?m)^Root-Is-Purelib: .*$", "Root-Is-Purelib: true", description)
    files[f"{info}/WHEEL"] = description.encode()
    del files[f"{info}/RECORD"]
    record = "".join(record_line(*file) for file in files.items()) + f"{info}/RECORD,,\n"
    files[f"{info}/RECORD"] = record.encode()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for filename, data in files.items():
            # One date, so that the same wheel gives the same bytes.
            archive.writestr(zipfile.ZipInfo(filename), data, zipfile.ZIP_DEFLATED)
    return path


if __name__ == "__main__":
    print(without_program(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
