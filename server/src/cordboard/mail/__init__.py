"""The desk of email: threads, drafts, answers, what waits for approval, and the inboxes' state. The core decides; the rows say what."""
