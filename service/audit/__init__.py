"""The audit trail for those who check: entries in pages, and whether the chain is whole."""
