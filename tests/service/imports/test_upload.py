import io
import zipfile

import pytest

from matcher.errors import DataError
from service.imports.upload import unpacked


def a_zip(*files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return target.getvalue()


def test_a_bomb_is_refused_before_anything_is_unpacked(monkeypatch):
    bomb = a_zip(("experts.csv", "0" * 50_000_000))
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("unpacked"))
    with pytest.raises(DataError, match="200"), unpacked(bomb, "upload.zip"):
        pass


def test_no_file_lies_outside_of_the_folder_and_all_are_gone_afterwards():
    content = a_zip(("../../evil.csv", "x"), ("/tmp/deep/experts.csv", "y"), ("__MACOSX/._experts.csv", "z"))
    with unpacked(content, "upload.zip") as folder:
        assert sorted(path.name for path in folder.iterdir()) == ["evil.csv", "experts.csv"]
    assert not folder.exists()
