"""Names that would run, hide or break something if they were anything but text."""

NAMES = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "\u202egnp.exe\u2066 \u200f",
    "\x1b[31mred\x07\x00\x0b",
    '#panic("x") #let a = 1 [*b*] $x^2$ `c` @d <e> \\u{41} // f /* g',
    "{{ 7*7 }} {% raw %}",
    "]]>&amp;<!--",
    "x" * 10_000,
    "中文 عربي 😀 e\u0301",
    "\udcff",
    "\ufffe\uffff\ufdd0\U0010ffff",
)
