"""Runs of the command line in this process, and small datasets on disk to run it on."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from matcher.cli import app

AS_OF = "2026-03-31"
EXPERTS = """expert_id,name,prefecture_code,municipality,categories,introduction,years_experience,status,remote
E1,髙﨑 一郎,13,新宿区,sales.web;sales.promotion,ネットショップとSNSの立ち上げを支援します,12,active,yes
E2,佐藤 二郎,13,千代田区,finance.loan,資金繰りと融資の相談に強いです,25,active,no
E3,鈴木 三郎,14,横浜市,sales.web,ECサイトの改善と写真の撮り方,8,active,yes
E4,田中 四郎,27,大阪市,people.labour,就業規則と労務管理,30,retired,yes
E5,𠮷田 五郎,01,札幌市,sales.inbound,観光と海外向けの販路,5,,
E6,山本 六郎,40,福岡市,sales.web;finance.loan,ホームページと補助金,18,suspended,yes
"""
CONSULTATIONS = """consultation_id,category,received_on,prefecture_code,municipality,description,status,client_id
K1,sales.web,2025-04-01,13,新宿区,ネットショップを始めたい,closed,C1
K2,finance.loan,2025-05-01,13,千代田区,融資を受けたい,closed,C1
K3,sales.web,2025-06-01,14,横浜市,SNSで集客したい,closed,C2
K4,sales.web,2026-03-20,13,新宿区,ECサイトの写真を良くしたい,open,C2
K5,people.labour,2026-03-21,27,大阪市,就業規則を直したい,open,C1
"""
DISPATCHES = """dispatch_id,consultation_id,expert_id,decided_on,status,completed_on,resolved
D1,K1,E1,2025-04-05,completed,2025-05-01,1
D2,K2,E2,2025-05-03,completed,2025-06-01,1
D3,K3,E3,2025-06-03,completed,2025-07-01,0
D4,K1,E6,2025-04-06,completed,2025-05-02,0
"""
CLIENTS = "client_id,name,registered\nC1,甲商店,yes\nC2,乙商店,no\n"
ALL = {"experts": EXPERTS, "consultations": CONSULTATIONS, "dispatches": DISPATCHES, "clients": CLIENTS}


def run(*args: str | Path, stdin: str | bytes | None = None) -> Result:
    """One command line; its exit code, standard output and standard error."""
    return CliRunner().invoke(app, [str(arg) for arg in args], input=stdin, prog_name="matcher")


def done(*args: str | Path, stdin: str | bytes | None = None) -> Result:
    """One command line that must succeed."""
    result = run(*args, stdin=stdin)
    assert result.exit_code == 0, result.stderr
    return result


def refused(*args: str | Path, stdin: str | bytes | None = None) -> str:
    """The one line that a command line is refused with as the user's mistake."""
    result = run(*args, stdin=stdin)
    assert result.exit_code == 2, (result.exit_code, result.stderr, result.exception)
    assert result.stderr.startswith("エラー (error): ")
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == "" or args[0] == "check"
    return result.stderr


def as_json(*args: str | Path, stdin: str | bytes | None = None) -> Any:
    """What a command prints with --json: nothing but JSON."""
    return json.loads(done(*args, "--json", stdin=stdin).stdout)


def a_folder(folder: Path, tables: Mapping[str, str | bytes | None] = ALL, /, **more: str | bytes | None) -> Path:
    """CSV files of these tables; None leaves one out."""
    folder.mkdir(exist_ok=True)
    for name, content in {**tables, **more}.items():
        if content is not None:
            data = content if isinstance(content, bytes) else content.encode()
            (folder / f"{name}.csv").write_bytes(data)
    return folder


def trained(folder: Path, *options: str) -> Path:
    """A model of the folder, beside it."""
    model = folder.parent / f"{folder.name}.model"
    done("train", folder, "--model", model, "--as-of", AS_OF, *options)
    return model
