#!/usr/bin/env python3
"""Writes src/text/html_references.inc: the named character references of the HTML standard (§13.5), sorted by byte order.

    scripts/make-html-references.py > src/text/html_references.inc

The table comes from Python's html.entities, which holds the standard's list; the list never changes.
"""
import html.entities

row = ""
print("/* Made by scripts/make-html-references.py: NAME(name, first code point, second or 0). The list is final (HTML §13.5). */")
for name, text in sorted(html.entities.html5.items(), key=lambda pair: pair[0].encode()):
    codes = [ord(c) for c in text] + [0]
    cell = f'NAME("{name}", 0x{codes[0]:X}, {hex(codes[1]) if codes[1] else 0})'
    if len(row) + len(cell) > 118:
        print(row)
        row = ""
    row += (" " if row else "") + cell
print(row)
