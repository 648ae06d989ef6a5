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

TO_RETRY = """
SELECT mail.id, mail.inbox_id, mail.raw_hash, blob.size FROM mail JOIN blob ON blob.tenant_id = mail.tenant_id AND blob.hash = mail.raw_hash
WHERE mail.state = 'retry' AND mail.direction = 'in' ORDER BY mail.id LIMIT $1
"""
SET_COMMAND_ASIDE = """
UPDATE mail SET state = 'set_aside', reason = $2, headers = headers || jsonb_build_object('command', $3::text)
WHERE id = $1 AND direction = 'out' AND state IN ('submitted', 'held', 'set_aside', 'retry')
"""
COMMANDS_TO_RETRY = """
SELECT id, headers ->> 'command' AS command FROM mail WHERE state = 'retry' AND direction = 'out' AND headers ? 'command'
ORDER BY id LIMIT $1
"""
SUBMIT_AGAIN = """
UPDATE mail SET state = 'submitted', reason = '', headers = headers - 'command' WHERE id = $1 AND state = 'retry'
"""
DROP_RETRIED = "DELETE FROM mail WHERE id = $1 AND direction = 'out' AND state = 'retry'"
DELETE_SET_ASIDE = "DELETE FROM mail WHERE id = $1 AND state IN ('set_aside', 'retry') RETURNING id"

ADD_REPORT = """
INSERT INTO mail_report (tenant_id, id, mail_id, contact_id, outcome, detail, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
REPORTS_AFTER = """
SELECT id, mail_id, contact_id, outcome, detail, at FROM mail_report WHERE id > $1 ORDER BY id LIMIT $2
"""

FIND_BOOKMARK = """
SELECT folder, uid_validity, uid_next, listed_until, since FROM mail_bookmark WHERE inbox_id = $1 AND folder = $2
"""
SAVE_BOOKMARK = """
INSERT INTO mail_bookmark (tenant_id, inbox_id, folder, uid_validity, uid_next, listed_until, moved_at, since)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (tenant_id, inbox_id, folder) DO UPDATE SET
    uid_validity = excluded.uid_validity, uid_next = excluded.uid_next, listed_until = excluded.listed_until,
    moved_at = CASE WHEN mail_bookmark.uid_validity = excluded.uid_validity AND excluded.uid_next <= excluded.listed_until
        THEN mail_bookmark.moved_at ELSE excluded.moved_at END
"""
ADD_SEEN = """
INSERT INTO mail_seen (tenant_id, inbox_id, key, mail_id, seen_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, inbox_id, key) DO NOTHING RETURNING key
"""
ADD_SEEN_ALL = """
INSERT INTO mail_seen (tenant_id, inbox_id, key, seen_at) SELECT $1, $2, k.key, $4 FROM unnest($3::text[]) AS k (key) ORDER BY k.key
ON CONFLICT (tenant_id, inbox_id, key) DO NOTHING RETURNING key
"""
FIND_OUTGOING = """
SELECT id, contact_id, inbox_id, state FROM mail WHERE message_id = $1 AND direction = 'out' ORDER BY id LIMIT 1
"""
FIND_SEEN = "SELECT key FROM mail_seen WHERE inbox_id = $1 AND key = ANY($2::text[])"
FIND_BY_MESSAGE_ID = """
SELECT message_id FROM mail
WHERE message_id = ANY($2::text[]) AND inbox_id = $1 AND direction = 'in' AND ($3::boolean OR received_at < (
    SELECT moved_at FROM mail_bookmark b WHERE b.inbox_id = $1 AND b.folder = $4))
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
CLAIM = """
-- what people wrote goes before what was sent by itself: the inbox's rate is for both
UPDATE outbox SET claimed_until = $2, attempts = attempts + 1
WHERE mail_id IN (
    SELECT o.mail_id FROM outbox o JOIN mail m ON m.tenant_id = o.tenant_id AND m.id = o.mail_id
    WHERE o.next_at <= $1 AND (o.claimed_until IS NULL OR o.claimed_until < $1) AND o.inbox_id = $3
    ORDER BY m.agent_id IS NULL, o.next_at, o.mail_id LIMIT $4 FOR UPDATE OF o SKIP LOCKED)
RETURNING mail_id, inbox_id, not_before, attempts, smtp_marker
"""
RELEASE = """
UPDATE outbox SET claimed_until = NULL, attempts = greatest(attempts - 1, 0) WHERE mail_id = ANY($1::bigint[])
"""
DUE_INBOXES = """
SELECT DISTINCT inbox_id FROM outbox WHERE next_at <= $1 AND (claimed_until IS NULL OR claimed_until < $1)
"""
COMPOSED = "UPDATE mail SET raw_hash = $2, message_id = $3, thread_id = coalesce(thread_id, id) WHERE id = $1"
BEGIN_SENDING = "UPDATE outbox SET smtp_marker = $2 WHERE mail_id = $1"
MARK_SENDING = "UPDATE mail SET state = 'sending' WHERE id = $1"
MARK_SENT = "UPDATE mail SET state = 'sent', sent_at = $2, reason = $3 WHERE id = $1 AND state <> 'bounced'"
MARK_FAILED = "UPDATE mail SET state = 'failed', reason = $2 WHERE id = $1"
TRY_LATER = """
UPDATE outbox SET claimed_until = NULL, next_at = $2, last_error = $3, smtp_marker = $4 WHERE mail_id = $1
"""
MARK_QUEUED = "UPDATE mail SET state = 'queued', reason = $2 WHERE id = $1 AND state IN ('queued', 'sending', 'submitted')"
DELETE_FROM_OUTBOX = "DELETE FROM outbox WHERE mail_id = $1 RETURNING mail_id"
DROP_FROM_OUTBOX = """
DELETE FROM outbox WHERE mail_id = $1 AND claimed_until IS NULL AND smtp_marker = '' RETURNING mail_id
"""

ADD_SENT_COPY = """
INSERT INTO sent_copy (tenant_id, mail_id, inbox_id, next_at) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, mail_id) DO NOTHING
"""
DUE_SENT_COPIES = """
SELECT c.mail_id, c.attempts, m.message_id, m.raw_hash, coalesce(m.sent_at, m.received_at) AS sent_at
FROM sent_copy AS c JOIN mail AS m ON m.tenant_id = c.tenant_id AND m.id = c.mail_id
WHERE c.inbox_id = $1 AND c.next_at <= $2 ORDER BY c.mail_id LIMIT $3
"""
DROP_SENT_COPIES = "DELETE FROM sent_copy WHERE mail_id = ANY($1::bigint[])"
SENT_COPY_LATER = (
    "UPDATE sent_copy SET attempts = attempts + 1, next_at = $2, last_error = $3 WHERE mail_id = $1"
)

# -- between the mail process and the core

LAST_ID = "SELECT last_id FROM mail_counter"
MEND_CONTACTS = """
UPDATE mail SET contact_id = fact.contact_id FROM fact
WHERE mail.id > $1 AND mail.id <= $2 AND mail.contact_id IS NULL AND mail.direction = 'in'
  AND fact.kind = 'mail_received' AND (fact.body ->> 'mail_id')::bigint = mail.id
"""
LAST_QUEUE = """
SELECT queue_id FROM fact WHERE contact_id = $1 AND kind = 'contact_queued' ORDER BY seq DESC, ordinal DESC LIMIT 1
"""
KNOWN = """
SELECT
  (SELECT count(*) FROM (SELECT FROM mail WHERE sender = $2 AND direction = 'in' AND id < $1 LIMIT 100) AS m)::int AS sender_mails,
  (SELECT count(*) FROM (SELECT FROM mail WHERE thread_id = $3 AND id < $1 LIMIT 100) AS m)::int AS thread_mails,
  (SELECT agent_id FROM mail WHERE thread_id = $3 AND id < $1 AND direction = 'out' AND agent_id IS NOT NULL
     AND state IN ('queued', 'sending', 'sent', 'failed', 'bounced') ORDER BY id DESC LIMIT 1) AS agent_id,
  (SELECT greatest($8::timestamptz - received_at, interval '0') FROM mail
     WHERE sender = $2 AND direction = 'in' AND id < $1 AND inbox_id = $7 AND thread_id <> $3
     AND received_at > $8::timestamptz - interval '90 days' ORDER BY received_at DESC LIMIT 1) AS since_previous,
  EXISTS (SELECT FROM mail WHERE contact_id = $4 AND direction = 'out' AND headers ? 'expert'
     AND (message_id = $5 OR message_id = ANY($6::text[]) OR lower(headers ->> 'expert') = lower($2))) AS expert
"""

# -- what the core commands

QUEUE_MAIL = """
UPDATE mail SET state = 'queued', contact_id = coalesce(contact_id, $2)
WHERE id = $1 AND state IN ('submitted', 'held') RETURNING inbox_id
"""
DISCARD_MAIL = (
    "UPDATE mail SET state = 'recalled', reason = $2 WHERE id = $1 AND state IN ('submitted', 'held')"
)
FIND_BY_KEY = "SELECT id FROM mail WHERE headers ->> 'key' = $1"
THREAD_BY_KEY = "SELECT coalesce(thread_id, id) FROM mail WHERE headers ->> 'key' = $1"
BLOBS = "SELECT hash, size, media_type FROM blob WHERE hash = ANY($1::text[])"
HARMFUL = "SELECT hash FROM blob WHERE hash = ANY($1::text[]) AND scan = 'infected'"
