"""How long what is kept of persons, and why: the notice (公表), and its application."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from service.access.accounts import CONSOLE
from service.settings import Settings
from service.store import audit, idempotency, retention, users
from service.store.engine import Store, Tx


@dataclass(frozen=True)
class Kept:
    """What is kept, what for, and until when; `end` deletes what is too old and counts it, None: nothing ends it."""

    what: str
    purpose: str
    until: Callable[[Settings], str]
    name: str = ""
    end: Callable[[Tx, Settings], int] | None = None


def _days(field: str) -> Callable[[Settings], str]:
    return lambda settings: f"{getattr(settings, field)} 日 (days)"


def _always(text: str) -> Callable[[Settings], str]:
    return lambda _settings: text


KEPT = (
    Kept(
        "専門家: 氏名、かな、所在地、資格、紹介文ほか台帳の項目 (experts: what the register holds)",
        "相談への候補の順位づけと派遣 (ranking and sending)",
        _always("消去まで (until erased)"),
    ),
    Kept(
        "相談者: 名称、所在地、業種、従業員数 (clients: name, place, industry, employees)",
        "制度の回数の確認と派遣 (free visits, sending)",
        _always("消去まで (until erased)"),
    ),
    Kept(
        "専門家についての拠点の覚え書き (hubs' notes on experts)",
        "面識の代わりの手がかり (evidence in place of acquaintance)",
        _always("拠点が消すまで、または消去まで (until removed or erased)"),
    ),
    Kept(
        "相談の本文、派遣の所見 (consultations' words, comments on dispatches)",
        "順位づけと学習 (ranking and training)",
        _days("retain_consultations_days"),
        "consultations",
        lambda tx, settings: retention.silence_consultations(
            tx, (tx.now - timedelta(days=settings.retain_consultations_days)).date()
        ),
    ),
    Kept(
        "候補者リスト (shortlists)",
        "説明と監査 (accountability)",
        _days("retain_shortlists_days"),
        "shortlists",
        lambda tx, settings: retention.empty_shortlists(tx, tx.now - timedelta(days=settings.retain_shortlists_days)),
    ),
    Kept(
        "取り込んだファイル (uploaded files)",
        "検査と適用 (checks before they are applied)",
        _days("retain_imports_days"),
        "imports",
        lambda tx, settings: retention.empty_imports(tx, tx.now - timedelta(days=settings.retain_imports_days)),
    ),
    Kept(
        "ログインの記録 (sessions)",
        "本人確認 (authentication)",
        _days("retain_sessions_days"),
        "sessions",
        lambda tx, settings: users.forget_sessions(tx, tx.now - timedelta(days=settings.retain_sessions_days)),
    ),
    Kept(
        "再送のための応答 (answers kept for requests that come twice)",
        "二重の効果を防ぐ (no effect twice)",
        lambda settings: f"{settings.idempotency_hours} 時間 (hours)",
        "answers",
        lambda tx, settings: idempotency.forget(tx, tx.now - timedelta(hours=settings.idempotency_hours)),
    ),
    Kept(
        "監査証跡。人は仮名で (the audit trail, persons as pseudonyms)",
        "誰が何を見て変えたかの証明 (who saw and changed what)",
        _always("期限なし (without end)"),
    ),
)


def apply_retention(store: Store, settings: Settings) -> dict[str, int]:
    """Deletes what is older than the settings say; how much, by name."""
    with store.write() as tx:
        tx.hold()
        counts = {kept.name: kept.end(tx, settings) for kept in KEPT if kept.end is not None}
        audit.append(tx, "retention applied", principal_id=CONSOLE, detail=counts)
    if any(counts.values()):
        store.compact()
    return counts
