"""Workbooks, read sheet by sheet in a process of their own with limits on its memory and time."""
