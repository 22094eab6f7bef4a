from pathlib import Path

import pytest

from matcher.reading.encoding import scan

NAMES = "名前\n髙﨑 一郎\nﾃｽﾄ ﾀﾛｳ\n邉 次郎\n"


def scanned(tmp_path: Path, data: bytes) -> tuple[str, int, int]:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    found = scan(path)
    return found.encoding, found.row, found.offset


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_both_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    assert scanned(tmp_path, NAMES.encode(encoding)) == (encoding, 0, 0)


def test_half_width_katakana_that_happen_to_be_utf8_are_no_mix(tmp_path: Path) -> None:
    lines = "名前,ﾃｱ\n\nﾃｱ\n".encode("cp932")
    assert lines.split(b"\n")[2].decode("utf-8")
    assert scanned(tmp_path, lines)[0] == "cp932"


def test_a_cp932_row_in_a_utf8_file_is_found_by_row_and_byte(tmp_path: Path) -> None:
    before = 'id,name\n1,"東京の\n花子"\n2,'.encode()
    assert scanned(tmp_path, before + "大阪\n".encode("cp932")) == ("", 3, len(before))


def test_a_utf8_row_in_a_cp932_file_is_found_though_cp932_can_read_it(tmp_path: Path) -> None:
    before, row = "id,name\n1,大阪\n".encode("cp932"), "2,かな\n".encode()
    assert row.decode("cp932")
    assert scanned(tmp_path, before + row) == ("", 3, len(before))


@pytest.mark.parametrize("byte", [b"\x80", b"\xa0", b"\xfd", b"\xff"])
def test_single_bytes_that_are_no_character_are_not_cp932(tmp_path: Path, byte: bytes) -> None:
    before = "名,名\n".encode("cp932")
    assert scanned(tmp_path, before + byte + b"\n") == ("", 2, len(before))


def test_neither_encoding_is_refused(tmp_path: Path) -> None:
    assert scanned(tmp_path, b"id,name\n1,Ren\xe9\n")[:2] == ("", 2)


def test_nul_bytes_are_refused_by_row_and_byte(tmp_path: Path) -> None:
    assert scanned(tmp_path, b"id\n1\n\0\n") == ("", 3, 5)


def test_utf16_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id\n1\n".encode("utf-16"))
    assert "UTF-16" in scan(path).accepted


def test_an_invalid_byte_at_a_chunks_edge_keeps_its_offset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.reading.encoding._CHUNK", 4)
    assert scanned(tmp_path, "ab\nあい\n".encode() + b"\xff\n")[1:] == (3, 10)
