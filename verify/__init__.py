"""The checker: evidence as columns, rules over them, findings with both figures and both sources.

It reads bytes through `protocol` and shares no code with what it checks: neither `machine` nor `sim` is imported here.
"""
