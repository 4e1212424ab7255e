"""Compiles the modules that a run spends its time in, where the machine has a C compiler; hatchling calls it.

They stay ordinary Python, and run as such where they are not compiled: in an editable install, and where no compiler
is found. `CABLENORM_COMPILE=0` leaves them as they are, `CABLENORM_COMPILE=1` fails rather than do without.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

GROUPS = {
    "exact": ["exact.py", "folding.py", "spans.py", "words.py"],
    "headers": ["headers/*.py"],
    "repair": ["repair/**/*.py"],
    "resolver": ["resolver/*.py"],
}
"""What is compiled together, of `normalizer/`; groups are compiled side by side."""
SETUP = """
from mypyc.build import mypycify
from setuptools import setup

groups = {groups!r}
extensions = mypycify(
    ["--ignore-missing-imports", *(name for names, _ in groups for name in names)],
    opt_level="2", debug_level="0", separate=groups,
)
setup(name="normalizer", packages=[], ext_modules=extensions)
"""


class CompileError(RuntimeError):
    """The modules cannot be compiled here."""


class CompileHook(BuildHookInterface[Any]):
    """Puts compiled modules into the wheel, beside their sources."""

    _folder: TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, unless told not to; edits of an editable install are to take effect at once."""
        wish = os.environ.get("CABLENORM_COMPILE", "")
        if wish not in ("", "0", "1"):
            raise ValueError(f"CABLENORM_COMPILE is {wish!r}; 0, 1 or nothing are known")
        if self.target_name != "wheel" or version == "editable" or wish == "0":
            return
        self._folder = TemporaryDirectory()
        try:
            built = _compile(Path(self.root), Path(self._folder.name))
        except CompileError as error:
            if wish:
                raise
            self.app.display_warning(f"cablenorm will run as plain Python, slower by a third or so: {error}")
            return
        made = (file for file in built.rglob("*") if file.is_file())
        build_data["force_include"].update({str(file): file.relative_to(built).as_posix() for file in made})
        build_data.update(pure_python=False, infer_tag=True)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind but the wheel."""
        if self._folder is not None:
            self._folder.cleanup()


def _compile(root: Path, folder: Path) -> Path:
    """The folder, within `folder`, of what was compiled of the package in `root`; it is laid out as in the wheel.

    Raises:
        CompileError: There is no C compiler, or it or mypyc failed.
    """
    command = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
    # What compiles on Windows stands on no path; setuptools finds it.
    if sys.platform != "win32" and shutil.which(command) is None:
        raise CompileError(f"there is no C compiler {command}")
    copy, built = folder / "copy", folder / "built"
    package = copy / "normalizer"
    shutil.copytree(root / "normalizer", package, ignore=shutil.ignore_patterns("data", "__pycache__"))
    groups = []
    for name, parts in GROUPS.items():
        files = [file for part in parts for file in package.glob(part)]
        groups.append((sorted(file.relative_to(copy).as_posix() for file in files), f"normalizer_{name}"))
    (copy / "setup.py").write_text(SETUP.format(groups=groups), encoding="utf-8")
    argv = [sys.executable, "setup.py", "build_ext", f"--build-lib={built}", f"--parallel={os.cpu_count() or 1}"]
    done = subprocess.run(argv, cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise CompileError(f"compiling failed:\n{done.stdout[-2000:]}")
    return built
