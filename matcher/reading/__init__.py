"""Data in: folders, workbooks, frames and typed consultations become checked data, or every fault is named."""

from matcher.reading.consultation import parse_consultation
from matcher.reading.loading import check_dataset, dataset_from_frames, read_dataset
from matcher.reading.report import Report

__all__ = ["Report", "check_dataset", "dataset_from_frames", "parse_consultation", "read_dataset"]
