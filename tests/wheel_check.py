"""Builds the wheel, installs it in an empty environment outside the checkout, and runs the demo there.

Run by `make wheel-check`. Dependencies come from the lock file, hashes checked; `pip check` then holds the
wheel's own list of them against what was installed. Exit code 1 with one line when anything fails.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from email.parser import Parser
from importlib import metadata
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parents[1]
SHIPPED = {"matcher", "service"}
NEEDED = ("README.md", "programme.toml", "reference/municipalities.csv", "reference/municipalities.LICENSE")
LOAD_EVERYTHING = """
import importlib, pkgutil, sys, matcher, service
for package in (matcher, service):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
from matcher.reference import distance, files, industries, municipalities, prefectures, taxonomy
rows = {
    "prefectures": len(prefectures.prefectures()),
    "industries": len(industries.industries()),
    "categories": len(taxonomy.Taxonomy.builtin().codes),
    "municipalities": len(municipalities.municipalities()),
}
assert municipalities.find_municipality("13", "新宿区")
assert files.reference_path("reference").is_relative_to(sys.prefix), "data outside the environment"
assert matcher.__file__.startswith(sys.prefix), "package outside the environment"
print(", ".join(f"{count} {name}" for name, count in rows.items()))
"""


class CheckFailedError(Exception):
    """A step that failed, with the end of what it printed."""


def run(step: str, *command: str | Path, cwd: Path) -> str:
    """The command's standard output. Raises `CheckFailedError` with its last lines, addresses taken out."""
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=900)
    if done.returncode:
        last = (done.stdout + done.stderr).strip().splitlines()[-15:]
        said = re.sub(r"\w+://\S+", "<address>", "\n".join(last))
        raise CheckFailedError(f"{step}: exit code {done.returncode}\n{said}")
    return done.stdout


def build(folder: Path) -> Path:
    """Builds the wheel into `folder`, with the build backend of the lock file."""
    run(
        "build",
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        "--wheel",
        "--outdir",
        folder,
        CHECKOUT,
        cwd=folder,
    )
    return next(folder.glob("*.whl"))


def check_contents(wheel: Path) -> int:
    """The number of files in the wheel. Raises `CheckFailedError` for what must not, or must, be there."""
    names = [PurePosixPath(name) for name in zipfile.ZipFile(wheel).namelist()]
    foreign = [
        str(name)
        for name in names
        if not (name.parts[0] in SHIPPED or name.parts[0].endswith(".dist-info"))
        or "tests" in name.parts
        or name.is_relative_to("matcher/_data/sample")
    ]
    missing = [name for name in NEEDED if PurePosixPath("matcher/_data", name) not in names]
    if foreign or missing:
        raise CheckFailedError(f"contents: must not be shipped {foreign[:5]}, missing {missing}")
    return len(names)


def dependencies(wheel: Path) -> set[str]:
    """Canonical names of all packages that the wheel needs, directly or not, on this platform."""
    with zipfile.ZipFile(wheel) as archive:
        card = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        todo = _applicable(Parser().parsestr(archive.read(card).decode()).get_all("Requires-Dist", []))
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo |= _applicable(metadata.requires(name) or [])
    return found


def _applicable(requirements: list[str]) -> set[str]:
    parsed = [Requirement(text) for text in requirements]
    return {canonicalize_name(r.name) for r in parsed if r.marker is None or r.marker.evaluate({"extra": ""})}


def locked(names: set[str]) -> str:
    """The lock file's entries of these packages, hashes included."""
    entries = re.split(r"\n(?=[A-Za-z0-9])", (CHECKOUT / "requirements.lock").read_text(encoding="utf-8"))
    return "\n".join(entry for entry in entries if canonicalize_name(entry.split("==")[0].strip()) in names)


def install(wheel: Path, folder: Path) -> Path:
    """The `bin` folder of a new environment that holds the wheel and its dependencies, and nothing else."""
    run("environment", sys.executable, "-m", "venv", folder / "environment", cwd=folder)
    lock, binaries = folder / "needed.lock", folder / "environment" / "bin"
    lock.write_text(locked(dependencies(wheel)), encoding="utf-8")
    pip = (binaries / "python", "-m", "pip", "--disable-pip-version-check")
    run("dependencies", *pip, "install", "--quiet", "--require-hashes", "-r", lock, cwd=folder)
    run("installation", *pip, "install", "--quiet", "--no-deps", wheel, cwd=folder)
    run("dependencies", *pip, "check", cwd=folder)
    return binaries


def check(folder: Path) -> str:
    """All steps in `folder`; one line of what was found. Raises `CheckFailedError`."""
    if folder.resolve().is_relative_to(CHECKOUT):
        raise CheckFailedError(f"place: {folder} lies in the checkout")
    wheel = build(folder)
    files = check_contents(wheel)
    binaries = install(wheel, folder)
    empty = folder / "empty"
    empty.mkdir()
    tables = run("modules and tables", binaries / "python", "-c", LOAD_EVERYTHING, cwd=empty).strip()
    begun = time.perf_counter()
    if not run("demo", binaries / "matcher", "demo", cwd=empty).strip():
        raise CheckFailedError("demo: printed nothing")
    return f"{wheel.name}, {files} files; {tables}; demo ran in {time.perf_counter() - begun:.0f} s"


def main() -> int:
    """Prints one line of result; 0 when all is well."""
    with tempfile.TemporaryDirectory(prefix="wheel-check-") as folder:
        try:
            print("wheel check passed:", check(Path(folder)))
        except CheckFailedError as failure:
            print("wheel check FAILED:", failure, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
