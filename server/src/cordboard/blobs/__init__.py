"""Contents of any size, kept once each: raw mails, attachments, files that agents upload.

*Blob*: some bytes, named by their SHA-256 (`hash`). *Store*: the folder `blobs/<tenant>/<2 hex>/<hash>` below the data folder.
A blob is on the disk, safe against a power cut, before any row names it; what no row names is rubbish that a crash may leave.
"""
