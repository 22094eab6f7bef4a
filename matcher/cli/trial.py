"""The demo's parts: its sample, its model beside it, its one consultation, and what to try next."""

import json
import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from matcher.atomic_file import write_atomically
from matcher.cli.progress import Progress
from matcher.dataset import Dataset
from matcher.lang import Lang
from matcher.rankers import make_ranker
from matcher.rankers.model_file import load_model
from matcher.reading import parse_consultation, read_dataset
from matcher.sample import generate, write
from matcher.shortlist import Shortlist, shortlist
from matcher.training import train

LAST_DAY = pd.Timestamp("2026-03-31")  # the sample's dates end here
CONSULTATIONS_PER_EXPERT, MOST_CONSULTATIONS = 5, 20_000
SEED, SHOWN = 7, 5
MODEL, QUESTION = "demo.model", "demo-consultation.json"
PREFECTURE = "32"
ASKED: dict[str, Any] = {
    "category": "sales.web",
    "secondary_categories": ["product.branding"],
    "prefecture_code": PREFECTURE,
    "municipality": "松江市",
    "industry": "09",
    "employees": 8,
    "mode": "onsite",
    "description": "創業130年の和菓子店です。茶会向けの注文と観光客の減少で、"
    "店頭の売上はこの3年で3割ほど落ちました。"
    "自社のホームページはありますが更新が止まっており、日持ちのする羊羹や落雁を全国に届けるネットショップを"
    "始めたいと考えています。InstagramなどのSNSでも季節の菓子を紹介したいのですが、写真の撮り方や続け方が"
    "わかりません。社内に詳しい者がいないので、できれば店に来て、送料や決済の決め方から一緒に手を動かしてくれる方をお願いします。",
}
_TOLD: dict[str, dict[Lang, str]] = {
    "made": {
        "ja": "{experts:,} 人の登録専門家と {consultations:,} 件の相談、{dispatches:,} 件の過去の派遣を作りました"
        "（{seconds:.0f} 秒、架空のデータ: {folder}）",
        "en": "made {experts:,} registered experts, {consultations:,} consultations and {dispatches:,} past "
        "dispatches ({seconds:.0f} s, all invented: {folder})",
    },
    "learned": {
        "ja": "結果のわかっている {outcomes:,} 件の派遣から、誰が解決しやすいかを学習しました（{seconds:.0f} 秒）",
        "en": "learned from {outcomes:,} dispatches with a known outcome who solves what ({seconds:.0f} s)",
    },
    "ranked": {
        "ja": "次の相談について {experts:,} 人全員を調べました（{seconds:.0f} 秒）",
        "en": "looked at all {experts:,} experts for the consultation below ({seconds:.0f} s)",
    },
}
_NEXT: dict[Lang, tuple[str, str, str]] = {
    "ja": ("次に試すなら:", "1. 1 位と 2 位のどこが違うのかを見る", "2. 自分の相談で推薦を作る"),
    "en": ("Try next:", "1. see where the first and the second differ", "2. ask for a consultation of your own"),
}
_OWN = {
    "category": "finance.cashflow",
    "prefecture": "石川県",
    "municipality": "七尾市",
    "text": "旅館を営んでいます。改装の借入の返済が重く、資金繰り表の作り方から相談したいです。",
}


def default_folder(here: Path) -> Path:
    """Where the sample goes: a checkout's `data/sample`, else `matcher-demo`, below `here`, as a relative path."""
    checkout = (here / "pyproject.toml").is_file() and (here / "data" / "README.md").is_file()
    return Path("data", "sample") if checkout else Path("matcher-demo")


def make_sample(folder: Path, *, experts: int, progress: Progress) -> dict[str, int]:
    """Writes the sample and returns its counts. Raises `MatcherError` for a folder with other things in it."""
    consultations = min(MOST_CONSULTATIONS, CONSULTATIONS_PER_EXPERT * experts)
    world = generate(experts=experts, consultations=consultations, seed=SEED, progress=progress)
    write(world, folder)
    return world.data.counts()


def train_on(folder: Path) -> Mapping[str, Any]:
    """Trains on the sample as it lies on disk, the model beside it; returns its card."""
    data = read_dataset(folder, as_of=LAST_DAY)
    return train(data, make_ranker("additive"), path=folder / MODEL, as_of=LAST_DAY).card


def ask(folder: Path, lang: Lang) -> Shortlist:
    """The shortlist of the demo's consultation, which is kept beside the sample."""
    data = read_dataset(folder, as_of=LAST_DAY)
    fields = ASKED | _client_of(data)
    write_atomically(folder / QUESTION, (json.dumps(fields, ensure_ascii=False, indent=1) + "\n").encode())
    model = load_model(folder / MODEL)
    consultation = parse_consultation(fields, data, as_of=LAST_DAY)
    return shortlist(model.ranker, data, consultation, on=LAST_DAY, model_card=model.card, k=SHOWN, lang=lang)


def _client_of(data: Dataset) -> dict[str, str]:
    """A registered client and a hub of the prefecture, where the sample has them."""
    clients = data.clients[(data.clients["prefecture_code"] == PREFECTURE) & (data.clients["registered"] == 1)]
    hubs = data.hubs[data.hubs["prefecture_code"] == PREFECTURE]
    found = {"client_id": clients["client_id"], "hub_id": hubs["hub_id"]}
    return {name: str(ids.iloc[0]) for name, ids in found.items() if len(ids)}


def told(step: str, lang: Lang, seconds: float, **facts: Any) -> str:
    """What a step did, in a sentence."""
    return _TOLD[step][lang].format(seconds=seconds, **facts) + "\n"


def quoted(made: Shortlist) -> str:
    """The client's words."""
    return f"「{made.consultation.description}」"


def next_steps(folder: Path, made: Shortlist, lang: Lang) -> Iterator[str]:
    """Two commands to copy, each with what it shows."""
    heading, compare, own = _NEXT[lang]
    language = () if lang == "ja" else ("--lang", lang)
    common = (str(folder), "--model", str(folder / MODEL), "--as-of", f"{LAST_DAY:%Y-%m-%d}", *language)
    flags = [part for name, value in _OWN.items() for part in (f"--{name}", value)]
    both = [part for item in made.items[:2] for part in ("--expert", item.expert_id)]
    yield heading
    if both:
        yield f"  {compare}"
        question = ("--json-input", str(folder / QUESTION))
        yield f"     {command()} {shlex.join(['explain', *common, *question, *both])}"
    yield f"  {own}"
    yield f"     {command()} {shlex.join(['shortlist', *common, *flags])}"


def command() -> str:
    """How this program was called, so that it can be called again from here."""
    called = Path(sys.argv[0])
    if called.name != "matcher":
        return shlex.join([sys.executable, "-m", "matcher.cli"])
    found = shutil.which("matcher")
    if found and Path(found).resolve() == called.resolve():
        return "matcher"
    below = os.path.relpath(called)
    return shlex.quote(str(called.absolute()) if below.startswith(os.pardir) else below)
