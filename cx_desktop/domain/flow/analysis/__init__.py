"""The analysis of flows: what can be known of every call before there is one."""

from cx_desktop.domain.flow.analysis.whole import Analysis, analyse

__all__ = ["Analysis", "analyse"]
