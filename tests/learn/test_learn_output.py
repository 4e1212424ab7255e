"""What `cablenorm learn` writes is whole or is not there."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from common import ONLY_SMALL
from learning import learn, refused, write

from normalizer.cli.learn import command as group

GOOD = {"clean": "Cuba", "ocr": "Guba"}


def test_an_output_that_cannot_be(tmp_path: Path) -> None:
    pairs = write(tmp_path / "p.jsonl", [GOOD])
    absent = tmp_path / "none" / "made.yaml"
    assert f"{absent} cannot be written: there is no folder" in refused("confusions", pairs, "--out", absent)
    for folder in (tmp_path, "."):
        result = learn("confusions", pairs, "--out", folder)
        assert result.exit_code == 2
        assert "is a directory" in result.stderr
    long = tmp_path / ("x" * 255)
    assert "cannot be written: File name too long" in refused("confusions", pairs, "--out", long)
    (tmp_path / "word_counts.txt").mkdir()
    assert "word_counts.txt cannot be written" in refused("words", pairs, "--out", tmp_path, *ONLY_SMALL)
    assert sorted(f.name for f in tmp_path.iterdir()) == ["p.jsonl", "word_counts.txt"]


@pytest.mark.parametrize(("fault", "code"), [(OSError(28, "No space left on device"), 2), (KeyboardInterrupt(), 130)])
def test_what_is_cut_short_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException, code: int
) -> None:
    pairs, made = write(tmp_path / "p.jsonl", [GOOD]), tmp_path / "made.yaml"
    made.write_text("old", "utf-8")
    whole = Path.write_text

    def half(self: Path, data: str, *args: object, **more: object) -> int:
        whole(self, data[: len(data) // 2])
        raise fault

    monkeypatch.setattr(Path, "write_text", half)
    assert learn("confusions", pairs, "--out", made).exit_code == code
    assert learn("words", pairs, "--out", tmp_path, *ONLY_SMALL).exit_code == code
    assert made.read_text("utf-8") == "old"
    assert sorted(f.name for f in tmp_path.iterdir()) == ["made.yaml", "p.jsonl"]


@pytest.mark.parametrize("kind", ["confusions", "words", "score", "priors"])
def test_nothing_to_learn_from_is_wrong_use(tmp_path: Path, kind: str) -> None:
    assert learn(kind, "--out", tmp_path).exit_code == 2


@pytest.mark.parametrize("kind", ["confusions", "words", "score", "priors"])
def test_every_option_is_explained(kind: str) -> None:
    (command,) = [c for name, c in group.commands.items() if name == kind]
    assert all(option.help for option in command.params if isinstance(option, click.Option))
