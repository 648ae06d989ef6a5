"""Texts in attachments: those that a PDF carries, and those that only stand in a picture (option D10).

A **TextReader** takes a file and gives a **ReadText**. The one that is used (`process`) keeps a process of its own, which it
starts at the first file, ends after a while without one, and kills when a file takes too long: neither a slow nor a hostile file
can hold up anything. In it (`worker`) PDFium takes a PDF's own text, and makes pictures of its pages only where there is none;
Tesseract reads pictures. Nothing leaves the machine. Without these parts the product runs on and says so (`ABSENT`).
"""
