"""Which encoding a CSV file is in: UTF-8 strictly, else CP932 strictly, else a fault naming row and byte."""

import codecs
import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

ENCODINGS = ("utf-8-sig", "cp932")
_CHUNK = 1 << 22
_JAPANESE = re.compile("[ぁ-ヿ一-鿿]")
# Python's codec lets these pass, single bytes that are no character of CP932.
_NO_CP932 = ("\x80", "\uf8f0", "\uf8f1", "\uf8f2", "\uf8f3")
# UTF-8 kana read as CP932 begin with one of three rare kanji, and UTF-8 kanji leave half-width katakana behind.
_GIBBERISH = re.compile(r"[縺繧繝ｱ-ﾟ｡-ｰ]")


@dataclass(frozen=True)
class Scan:
    """`encoding` is a Python codec name, "" where none fits; then `offset` (bytes), `row`, `accepted` say why.

    `even_quotes` is whether the double quotes pair up, as in every well-formed file.
    """

    encoding: str
    even_quotes: bool = True
    offset: int = 0
    row: int = 0
    accepted: str = ""


def scan(path: Path) -> Scan:
    """Reads the bytes once in bounded memory; a file without a byte is the caller's to refuse."""
    with path.open("rb") as file:
        start = file.read(3)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Scan("", accepted="UTF-8 か CP932 の CSV (this is UTF-16; save as CSV UTF-8)")
    nul, quotes = _nul_and_quotes(path)
    if nul is not None:
        return _refused(path, nul, "NUL (0x00) を含まない文字 (text without NUL bytes)")
    invalid_utf8 = _first_invalid(path, "utf-8")
    if invalid_utf8 is None:
        return Scan("utf-8-sig" if start == codecs.BOM_UTF8 else "utf-8", quotes % 2 == 0)
    invalid_cp932 = _first_invalid(path, "cp932")
    foreign = _first_utf8_line(path) if invalid_cp932 is None else None
    if invalid_cp932 is None and foreign is None:
        return Scan("cp932", quotes % 2 == 0)
    return _refused(path, max(invalid_utf8, foreign or invalid_cp932 or 0), _both(path, invalid_utf8))


def record_at(path: Path, offset: int) -> int:
    """The spreadsheet row that holds a byte: quoted line breaks do not count."""
    with path.open("rb") as file:
        before = io.StringIO(file.read(offset + 1).decode("latin-1"), newline="")
    limit = csv.field_size_limit(offset + 2)
    try:
        return sum(1 for _ in csv.reader(before))
    finally:
        csv.field_size_limit(limit)


def _refused(path: Path, offset: int, accepted: str) -> Scan:
    return Scan("", offset=offset, row=record_at(path, offset), accepted=accepted)


def _both(path: Path, invalid_utf8: int) -> str:
    line = _line(path, invalid_utf8)
    mixed = _decodes(line, "cp932") and _first_utf8_line(path) is not None
    found = "UTF-8 と CP932 が混在 (mixed UTF-8 and CP932)" if mixed else "neither UTF-8 nor CP932"
    return f"ファイル全体が UTF-8 か CP932 (one encoding, UTF-8 or CP932, for the whole file); {found}"


def _nul_and_quotes(path: Path) -> tuple[int | None, int]:
    read = quotes = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if (nul := chunk.find(b"\0")) >= 0:
                return read + nul, quotes
            read += len(chunk)
            quotes += chunk.count(b'"')
    return None, quotes


def _first_invalid(path: Path, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    read = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return read - pending + error.start
            if encoding == "cp932" and (strange := [at for sign in _NO_CP932 if (at := text.find(sign)) >= 0]):
                return read - pending + len(text[: min(strange)].encode(encoding))
            if not chunk:
                return None
            read += len(chunk)


def _first_utf8_line(path: Path) -> int | None:
    """Where the first line is that is text in UTF-8 and gibberish in CP932; None where there is none."""
    offset = 0
    with path.open("rb") as file:
        for line in file:
            if not line.isascii() and _is_foreign(line):
                return offset
            offset += len(line)
    return None


def _is_foreign(line: bytes) -> bool:
    """Short CP932 words may be valid UTF-8 too, but then they are not Japanese there and gibberish here."""
    if not _decodes(line, "utf-8"):
        return False
    return bool(_JAPANESE.search(line.decode("utf-8")) and _GIBBERISH.search(line.decode("cp932", "replace")))


def _line(path: Path, offset: int) -> bytes:
    with path.open("rb") as file:
        return next(line for line in file if file.tell() > offset)


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
