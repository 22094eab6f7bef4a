"""Creates all tables."""

import secrets

import sqlalchemy as sa
from alembic import op

from service.store.cell_types import Moment, Text

revision = "v0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables, the secret of the pseudonyms, and the guard of the audit trail."""
    op.create_table(
        "api_keys",
        sa.Column("key_id", Text(), nullable=False),
        sa.Column("prefix", Text(), nullable=False),
        sa.Column("sha256", Text(), nullable=False),
        sa.Column("name", Text(), nullable=False),
        sa.Column("role", Text(), nullable=False),
        sa.Column("hub_id", Text(), nullable=True),
        sa.Column("scopes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_by", Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("sha256", name=op.f("uq_api_keys_sha256")),
    )
    op.create_index(op.f("ix_api_keys_prefix"), "api_keys", ["prefix"], unique=False)
    op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("principal_id", Text(), nullable=True),
        sa.Column("action", Text(), nullable=False),
        sa.Column("subject", Text(), nullable=True),
        sa.Column("request_id", Text(), nullable=True),
        sa.Column("detail", Text(), nullable=False),
        sa.Column("previous", Text(), nullable=False),
        sa.Column("hash", Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_action"), "audit", ["action"], unique=False)
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_index(op.f("ix_audit_principal_id"), "audit", ["principal_id"], unique=False)
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False)
    op.create_table(
        "categories",
        sa.Column("code", Text(), nullable=False),
        sa.Column("parent", Text(), nullable=True),
        sa.Column("name_ja", Text(), nullable=True),
        sa.Column("name_en", Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_categories")),
    )
    op.create_index(op.f("ix_categories_revision"), "categories", ["revision"], unique=False)
    op.create_table(
        "clients",
        sa.Column("client_id", Text(), nullable=False),
        sa.Column("name", Text(), nullable=True),
        sa.Column("prefecture_code", Text(), nullable=True),
        sa.Column("municipality", Text(), nullable=True),
        sa.Column("industry", Text(), nullable=True),
        sa.Column("employees", sa.BigInteger(), nullable=True),
        sa.Column("registered", sa.Boolean(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_clients")),
    )
    op.create_index(op.f("ix_clients_name"), "clients", ["name"], unique=False)
    op.create_index(op.f("ix_clients_revision"), "clients", ["revision"], unique=False)
    op.create_table(
        "consultations",
        sa.Column("consultation_id", Text(), nullable=False),
        sa.Column("category", Text(), nullable=False),
        sa.Column("hub_id", Text(), nullable=True),
        sa.Column("client_id", Text(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("secondary_categories", sa.JSON(), nullable=True),
        sa.Column("prefecture_code", Text(), nullable=True),
        sa.Column("municipality", Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("industry", Text(), nullable=True),
        sa.Column("employees", sa.BigInteger(), nullable=True),
        sa.Column("mode", Text(), nullable=True),
        sa.Column("description", Text(), nullable=True),
        sa.Column("status", Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_consultations")),
    )
    op.create_index(op.f("ix_consultations_client_id"), "consultations", ["client_id"], unique=False)
    op.create_index(op.f("ix_consultations_hub_id"), "consultations", ["hub_id"], unique=False)
    op.create_index(op.f("ix_consultations_received_on"), "consultations", ["received_on"], unique=False)
    op.create_index(op.f("ix_consultations_revision"), "consultations", ["revision"], unique=False)
    op.create_table(
        "erasures",
        sa.Column("erasure_id", Text(), nullable=False),
        sa.Column("pseudonym", Text(), nullable=False),
        sa.Column("kind", Text(), nullable=False),
        sa.Column("principal_id", Text(), nullable=True),
        sa.Column("counts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("erasure_id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_pseudonym"), "erasures", ["pseudonym"], unique=False)
    op.create_table(
        "experts",
        sa.Column("expert_id", Text(), nullable=False),
        sa.Column("name", Text(), nullable=False),
        sa.Column("kana", Text(), nullable=True),
        sa.Column("prefecture_code", Text(), nullable=True),
        sa.Column("municipality", Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("service_prefectures", sa.JSON(), nullable=True),
        sa.Column("remote", sa.Boolean(), nullable=True),
        sa.Column("categories", sa.JSON(), nullable=True),
        sa.Column("industries", sa.JSON(), nullable=True),
        sa.Column("qualifications", sa.JSON(), nullable=True),
        sa.Column("years_experience", sa.Double(), nullable=True),
        sa.Column("style", Text(), nullable=True),
        sa.Column("introduction", Text(), nullable=True),
        sa.Column("capacity_per_month", sa.BigInteger(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("status", Text(), nullable=True),
        sa.Column("affiliations", sa.JSON(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("expert_id", name=op.f("pk_experts")),
    )
    op.create_index(op.f("ix_experts_prefecture_code"), "experts", ["prefecture_code"], unique=False)
    op.create_index(op.f("ix_experts_revision"), "experts", ["revision"], unique=False)
    op.create_table(
        "hubs",
        sa.Column("hub_id", Text(), nullable=False),
        sa.Column("name", Text(), nullable=True),
        sa.Column("prefecture_code", Text(), nullable=True),
        sa.Column("municipality", Text(), nullable=True),
        sa.Column("kind", Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hub_id", name=op.f("pk_hubs")),
    )
    op.create_index(op.f("ix_hubs_revision"), "hubs", ["revision"], unique=False)
    op.create_table(
        "idempotency",
        sa.Column("principal_id", Text(), nullable=False),
        sa.Column("key", Text(), nullable=False),
        sa.Column("request_hash", Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("principal_id", "key", name=op.f("pk_idempotency")),
    )
    op.create_index(op.f("ix_idempotency_created_at"), "idempotency", ["created_at"], unique=False)
    op.create_table(
        "imports",
        sa.Column("import_id", Text(), nullable=False),
        sa.Column("principal_id", Text(), nullable=False),
        sa.Column("status", Text(), nullable=False),
        sa.Column("source", Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("content_sha256", Text(), nullable=False),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("difference", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("base_revision", sa.BigInteger(), nullable=False),
        sa.Column("applied_revision", sa.BigInteger(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("applied_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_created_at"), "imports", ["created_at"], unique=False)
    op.create_table(
        "models",
        sa.Column("model_id", Text(), nullable=False),
        sa.Column("file", Text(), nullable=False),
        sa.Column("sha256", Text(), nullable=False),
        sa.Column("fingerprint", Text(), nullable=False),
        sa.Column("card", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("figures", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("data_revision", sa.BigInteger(), nullable=True),
        sa.Column("created_by", Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("refused_at", Moment(), nullable=True),
        sa.Column("refused_because", Text(), nullable=True),
        sa.PrimaryKeyConstraint("model_id", name=op.f("pk_models")),
    )
    op.create_table(
        "revisions",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("number", "kind", name=op.f("pk_revisions")),
    )
    op.create_table(
        "row_versions",
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("table_name", Text(), nullable=False),
        sa.Column("row_id", Text(), nullable=False),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("from_revision", sa.BigInteger(), nullable=False),
        sa.Column("to_revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_row_versions")),
    )
    op.create_index(op.f("ix_row_versions_table_name_row_id"), "row_versions", ["table_name", "row_id"], unique=False)
    op.create_index(op.f("ix_row_versions_to_revision"), "row_versions", ["to_revision"], unique=False)
    kept_secrets = op.create_table(
        "secrets",
        sa.Column("name", Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secrets")),
    )
    op.bulk_insert(kept_secrets, [{"name": "pseudonyms", "value": secrets.token_bytes(32)}])
    op.create_table(
        "shortlists",
        sa.Column("shortlist_id", Text(), nullable=False),
        sa.Column("consultation_id", Text(), nullable=True),
        sa.Column("hub_id", Text(), nullable=True),
        sa.Column("principal_id", Text(), nullable=False),
        sa.Column("asked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("lang", Text(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("model_id", Text(), nullable=True),
        sa.Column("model_fingerprint", Text(), nullable=False),
        sa.Column("data_fingerprint", Text(), nullable=False),
        sa.Column("programme", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("answer", Text(), nullable=True),
        sa.Column("answer_sha256", Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("shortlist_id", name=op.f("pk_shortlists")),
    )
    op.create_index(op.f("ix_shortlists_consultation_id"), "shortlists", ["consultation_id"], unique=False)
    op.create_index(op.f("ix_shortlists_created_at"), "shortlists", ["created_at"], unique=False)
    op.create_index(op.f("ix_shortlists_hub_id"), "shortlists", ["hub_id"], unique=False)
    op.create_table(
        "users",
        sa.Column("user_id", Text(), nullable=False),
        sa.Column("login", Text(), nullable=False),
        sa.Column("name", Text(), nullable=False),
        sa.Column("password_hash", Text(), nullable=False),
        sa.Column("role", Text(), nullable=False),
        sa.Column("hub_id", Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("password_changed_at", Moment(), nullable=True),
        sa.Column("disabled_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_users")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
    )
    op.create_table(
        "activations",
        sa.Column("revision", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("model_id", Text(), nullable=False),
        sa.Column("principal_id", Text(), nullable=True),
        sa.Column("reason", Text(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["models.model_id"], name=op.f("fk_activations_model_id")),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_activations")),
    )
    op.create_index(op.f("ix_activations_model_id"), "activations", ["model_id"], unique=False)
    op.create_table(
        "conflicts",
        sa.Column("conflict_id", Text(), nullable=False),
        sa.Column("expert_id", Text(), nullable=False),
        sa.Column("client_id", Text(), nullable=True),
        sa.Column("hub_id", Text(), nullable=True),
        sa.Column("kind", Text(), nullable=True),
        sa.Column("from", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.expert_id"], name=op.f("fk_conflicts_expert_id")),
        sa.PrimaryKeyConstraint("conflict_id", name=op.f("pk_conflicts")),
    )
    op.create_index(op.f("ix_conflicts_client_id"), "conflicts", ["client_id"], unique=False)
    op.create_index(op.f("ix_conflicts_expert_id"), "conflicts", ["expert_id"], unique=False)
    op.create_index(op.f("ix_conflicts_hub_id"), "conflicts", ["hub_id"], unique=False)
    op.create_index(op.f("ix_conflicts_revision"), "conflicts", ["revision"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("decision_id", Text(), nullable=False),
        sa.Column("shortlist_id", Text(), nullable=False),
        sa.Column("consultation_id", Text(), nullable=True),
        sa.Column("hub_id", Text(), nullable=True),
        sa.Column("principal_id", Text(), nullable=False),
        sa.Column("kind", Text(), nullable=False),
        sa.Column("expert_id", Text(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("dispatch_id", Text(), nullable=True),
        sa.Column("reason", Text(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["shortlist_id"], ["shortlists.shortlist_id"], name=op.f("fk_decisions_shortlist_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("shortlist_id", name=op.f("uq_decisions_shortlist_id")),
    )
    op.create_index(op.f("ix_decisions_at"), "decisions", ["at"], unique=False)
    op.create_index(op.f("ix_decisions_consultation_id"), "decisions", ["consultation_id"], unique=False)
    op.create_index(op.f("ix_decisions_expert_id"), "decisions", ["expert_id"], unique=False)
    op.create_index(op.f("ix_decisions_hub_id"), "decisions", ["hub_id"], unique=False)
    op.create_table(
        "dispatches",
        sa.Column("dispatch_id", Text(), nullable=False),
        sa.Column("consultation_id", Text(), nullable=False),
        sa.Column("expert_id", Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("status", Text(), nullable=True),
        sa.Column("visits", sa.BigInteger(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("resolved", sa.Boolean(), nullable=True),
        sa.Column("satisfaction", sa.Double(), nullable=True),
        sa.Column("report_on_time", sa.Boolean(), nullable=True),
        sa.Column("comment", Text(), nullable=True),
        sa.Column("votes", sa.Double(), nullable=True),
        sa.Column("rating", sa.Double(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.consultation_id"], name=op.f("fk_dispatches_consultation_id")
        ),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.expert_id"], name=op.f("fk_dispatches_expert_id")),
        sa.PrimaryKeyConstraint("dispatch_id", name=op.f("pk_dispatches")),
    )
    op.create_index(op.f("ix_dispatches_consultation_id"), "dispatches", ["consultation_id"], unique=False)
    op.create_index(op.f("ix_dispatches_expert_id_decided_on"), "dispatches", ["expert_id", "decided_on"], unique=False)
    op.create_index(op.f("ix_dispatches_revision"), "dispatches", ["revision"], unique=False)
    op.create_index(op.f("ix_dispatches_status"), "dispatches", ["status"], unique=False)
    op.create_table(
        "impressions",
        sa.Column("impression_id", Text(), nullable=False),
        sa.Column("shortlist_id", Text(), nullable=False),
        sa.Column("consultation_id", Text(), nullable=False),
        sa.Column("expert_id", Text(), nullable=False),
        sa.Column("rank_shown", sa.BigInteger(), nullable=True),
        sa.Column("propensity", sa.Double(), nullable=True),
        sa.Column("shown_at", sa.Date(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.consultation_id"], name=op.f("fk_impressions_consultation_id")
        ),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.expert_id"], name=op.f("fk_impressions_expert_id")),
        sa.PrimaryKeyConstraint("impression_id", name=op.f("pk_impressions")),
    )
    op.create_index(op.f("ix_impressions_expert_id"), "impressions", ["expert_id"], unique=False)
    op.create_index(op.f("ix_impressions_revision"), "impressions", ["revision"], unique=False)
    op.create_index(op.f("ix_impressions_shortlist_id"), "impressions", ["shortlist_id"], unique=False)
    op.create_table(
        "notes",
        sa.Column("note_id", Text(), nullable=False),
        sa.Column("expert_id", Text(), nullable=False),
        sa.Column("hub_id", Text(), nullable=True),
        sa.Column("principal_id", Text(), nullable=False),
        sa.Column("text", Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.expert_id"], name=op.f("fk_notes_expert_id")),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_expert_id"), "notes", ["expert_id"], unique=False)
    op.create_index(op.f("ix_notes_hub_id"), "notes", ["hub_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("session_id", Text(), nullable=False),
        sa.Column("sha256", Text(), nullable=False),
        sa.Column("user_id", Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("last_seen_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("sha256", name=op.f("uq_sessions_sha256")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    for statement in _ONLY_ADDED[op.get_bind().dialect.name]:
        op.execute(statement)


_ONLY_ADDED = {
    "sqlite": [
        f"""CREATE TRIGGER audit_no_{action} BEFORE {action} ON audit
        BEGIN SELECT RAISE(ABORT, 'entries of the audit trail are only ever added'); END"""
        for action in ("update", "delete")
    ],
    "postgresql": [
        """CREATE FUNCTION audit_only_added() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'entries of the audit trail are only ever added'; END $$""",
        """CREATE TRIGGER audit_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        EXECUTE FUNCTION audit_only_added()""",
    ],
}
