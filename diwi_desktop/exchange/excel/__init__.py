"""The DIWI Excel template: from a workbook to drafts, with every finding of the file at once."""

from diwi_desktop.exchange.excel.reader import read_excel

__all__ = ["read_excel"]
