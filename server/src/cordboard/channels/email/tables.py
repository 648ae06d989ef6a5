"""SQL of mail: what the mail process and the slices share."""

NEXT_IDS = """
INSERT INTO mail_counter (tenant_id, last_id) VALUES ($1, $2)
ON CONFLICT (tenant_id) DO UPDATE SET last_id = mail_counter.last_id + excluded.last_id
RETURNING last_id
"""

_MAIL = """id, direction, inbox_id, state, contact_id, thread_id, raw_hash, message_id, in_reply_to, refs, sender, sender_name,
    recipients, subject, subject_key, sent_at, received_at, text, html, quoted_text, signature_text, language, kind, spam_score,
    attachments, headers, reason, agent_id"""

ADD_MAIL = f"""
INSERT INTO mail (tenant_id, {_MAIL})
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
    $26, $27, $28, $29)
"""
FIND_MAIL = f"SELECT {_MAIL} FROM mail WHERE id = $1"
ARRIVED_AFTER = (
    f"SELECT {_MAIL} FROM mail WHERE id > $1 AND direction = 'in' AND state = 'stored' ORDER BY id LIMIT $2"
)
MAILS_OF_THREAD = f"SELECT {_MAIL} FROM mail WHERE thread_id = $1 ORDER BY id"
MAILS_OF_CONTACT = f"SELECT {_MAIL} FROM mail WHERE contact_id = $1 ORDER BY id"
MAILS_SET_ASIDE = f"SELECT {_MAIL} FROM mail WHERE state IN ('set_aside', 'retry') ORDER BY id DESC LIMIT $1"
SET_STATE = "UPDATE mail SET state = $2, reason = $3 WHERE id = $1"
SET_CONTACT = "UPDATE mail SET contact_id = $2 WHERE id = $1"
ASK_RETRY = "UPDATE mail SET state = 'retry' WHERE id = $1 AND state = 'set_aside' RETURNING id"

ADD_REPORT = """
INSERT INTO mail_report (tenant_id, id, mail_id, contact_id, outcome, detail, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
REPORTS_AFTER = """
SELECT id, mail_id, contact_id, outcome, detail, at FROM mail_report WHERE id > $1 ORDER BY id LIMIT $2
"""

FIND_BOOKMARK = """
SELECT folder, uid_validity, uid_next, listed_until FROM mail_bookmark WHERE inbox_id = $1 AND folder = $2
"""
SAVE_BOOKMARK = """
INSERT INTO mail_bookmark (tenant_id, inbox_id, folder, uid_validity, uid_next, listed_until, moved_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant_id, inbox_id, folder) DO UPDATE SET
    uid_validity = excluded.uid_validity, uid_next = excluded.uid_next, listed_until = excluded.listed_until,
    moved_at = excluded.moved_at
"""
ADD_SEEN = """
INSERT INTO mail_seen (tenant_id, inbox_id, key, mail_id, seen_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, inbox_id, key) DO NOTHING RETURNING key
"""
FIND_SEEN = "SELECT key FROM mail_seen WHERE inbox_id = $1 AND key = ANY($2::text[])"
FIND_BY_MESSAGE_ID = """
SELECT message_id FROM mail WHERE message_id = ANY($2::text[]) AND inbox_id = $1 AND direction = 'in'
"""

SAVE_INBOX_STATE = """
INSERT INTO inbox_state (tenant_id, inbox_id, looked_at, ok, stage, sentence, hint, failing_since)
VALUES ($1, $2, $3::timestamptz, $4::boolean, $5, $6, $7, CASE WHEN $4 THEN NULL ELSE $3::timestamptz END)
ON CONFLICT (tenant_id, inbox_id) DO UPDATE SET
    looked_at = excluded.looked_at, ok = excluded.ok, stage = excluded.stage, sentence = excluded.sentence,
    hint = excluded.hint,
    failing_since = CASE WHEN excluded.ok THEN NULL ELSE coalesce(inbox_state.failing_since, excluded.looked_at) END
"""
INBOX_STATES = """
SELECT inbox_id, looked_at, ok, stage, sentence, hint, failing_since FROM inbox_state ORDER BY inbox_id
"""

ADD_TO_OUTBOX = """
INSERT INTO outbox (tenant_id, mail_id, inbox_id, not_before, next_at) VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (tenant_id, mail_id) DO NOTHING
"""
DROP_FROM_OUTBOX = """
DELETE FROM outbox WHERE mail_id = $1 AND claimed_until IS NULL AND smtp_marker = '' RETURNING mail_id
"""
