"""An uploaded file as a folder of tables or a workbook, for as long as it is read; bombs are refused unpacked."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from matcher.errors import DataError, Fault
from matcher.reading.xlsx_file import MAX_RATIO, MAX_UNPACKED_BYTES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP, CSV = "application/zip", "text/csv"
MEDIA_TYPES = (XLSX, ZIP, CSV)
MOST_FILES = 50
_SMALL_BYTES = 10_000_000
_LIMIT = f"{MAX_UNPACKED_BYTES // 1_000_000} MB"
_SIZES = f"展開後 {_LIMIT} まで、圧縮率 {MAX_RATIO} 倍まで ({_LIMIT} unpacked, {MAX_RATIO} times packed at most)"


def source_of(media_type: str, table: str) -> str:
    """The file name under which an upload is read, and its faults are named."""
    return {XLSX: "upload.xlsx", ZIP: "upload.zip", CSV: f"{table}.csv"}[media_type]


@contextmanager
def unpacked(content: bytes, source: str) -> Iterator[Path]:
    """The path that `matcher.reading` reads; gone afterwards. Raises `DataError` for a ZIP that cannot be unpacked."""
    with TemporaryDirectory(prefix="matcher_import_") as name:
        folder = Path(name)
        path = folder / source
        path.write_bytes(content)
        if source.endswith(".zip"):
            tables = folder / "upload"
            tables.mkdir()
            _unpack(path, tables)
            yield tables
        else:
            yield path if source.endswith(".xlsx") else folder


def _unpack(path: Path, folder: Path) -> None:
    """The archive's files without their folders, so that none can lie outside."""
    try:
        with zipfile.ZipFile(path) as archive:
            files = [part for part in archive.infolist() if not part.is_dir() and not _is_hidden(part.filename)]
            _refuse_bomb(path.name, archive.infolist())
            for part in files:
                target = folder / PurePosixPath(part.filename).name
                if target.exists():
                    raise _fault(path.name, target.name, "1 つの表に 1 ファイル (one file for each table)")
                target.write_bytes(archive.read(part))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        raise _fault(path.name, "", "パスワードのない壊れていない ZIP (an intact .zip without a password)") from None


def _refuse_bomb(name: str, parts: list[zipfile.ZipInfo]) -> None:
    size, packed = sum(part.file_size for part in parts), max(1, sum(part.compress_size for part in parts))
    if len(parts) > MOST_FILES:
        raise _fault(name, f"{len(parts)} files", f"{MOST_FILES} ファイルまで (at most that many files)")
    if size > MAX_UNPACKED_BYTES or (size > _SMALL_BYTES and size > MAX_RATIO * packed):
        raise _fault(name, f"{size:,} bytes unpacked, {packed:,} packed", _SIZES)


def _is_hidden(name: str) -> bool:
    return PurePosixPath(name).name.startswith(".") or name.startswith("__MACOSX/")


def _fault(file: str, value: str, accepted: str) -> DataError:
    return DataError([Fault("", file, 0, "", value, accepted)])
