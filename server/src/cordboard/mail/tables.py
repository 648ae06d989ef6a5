"""SQL of the mail desk. The rows of mails are the channel's; ids come from its counter, in the transaction that writes."""

_MAIL = """id, direction, inbox_id, state, contact_id, thread_id, raw_hash, message_id, in_reply_to, refs, sender, sender_name,
    recipients, subject, sent_at, received_at, text, html, quoted_text, signature_text, language, kind, attachments, headers,
    reason, agent_id"""

FIND_MAIL = f"SELECT {_MAIL} FROM mail WHERE id = $1"  # noqa: S608  # constants
THREAD_OF_CONTACT = "SELECT thread_id FROM mail WHERE contact_id = $1 ORDER BY id LIMIT 1"
MAILS_OF_THREAD = f"""
SELECT {_MAIL} FROM mail WHERE (thread_id = $1 OR contact_id = $2) AND (state <> 'set_aside' OR direction = 'out') ORDER BY id
"""  # noqa: S608  # constants
NEXT_ID = """
INSERT INTO mail_counter (tenant_id, last_id) VALUES ($1, 1)
ON CONFLICT (tenant_id) DO UPDATE SET last_id = mail_counter.last_id + 1 RETURNING last_id
"""
ADD_OUTGOING = """
INSERT INTO mail (tenant_id, id, direction, inbox_id, state, contact_id, thread_id, in_reply_to, refs, sender, sender_name,
    recipients, subject, received_at, text, html, quoted_text, language, kind, attachments, headers, agent_id)
VALUES ($1, $2, 'out', $3, 'submitted', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'person', $17, $18, $19)
"""
DROP_OUTGOING = "DELETE FROM mail WHERE id = $1 AND direction = 'out' AND state = 'submitted'"
_IS_DECIDED = """EXISTS (SELECT FROM fact
    WHERE fact.at BETWEEN mail.received_at - interval '5 minutes' AND mail.received_at + interval '1 day'
    AND (fact.body ->> 'mail_id' = mail.id::text OR fact.body ->> 'corrected_mail_id' = mail.id::text))"""
UNDECIDED = f"""
SELECT id FROM mail WHERE state = 'submitted' AND direction = 'out' AND received_at < $1 AND NOT {_IS_DECIDED} ORDER BY id
"""  # noqa: S608  # constants
IS_UNDECIDED = f"""
SELECT EXISTS (SELECT FROM mail WHERE id = $1 AND state = 'submitted' AND direction = 'out' AND NOT {_IS_DECIDED})
"""  # noqa: S608  # constants
DROP_STALE_DRAFTS = f"""
DELETE FROM mail_draft USING mail
WHERE mail.contact_id = mail_draft.contact_id AND mail.direction = 'out' AND mail.kind = 'person' AND mail.state <> 'recalled'
  AND NOT mail.headers ?| ARRAY['expert', 'corrects'] AND mail.received_at >= mail_draft.saved_at AND {_IS_DECIDED}
"""  # noqa: S608  # constants
NEVER_SENT = "UPDATE mail SET state = 'failed', reason = $2, headers = headers - 'key' WHERE id = $1 AND state = 'submitted'"
DRAFT_AGAIN = """
INSERT INTO mail_draft (tenant_id, contact_id, version, body, person_id, person_name, saved_at) VALUES ($1, $2, 1, $3, $4, $4, $5)
ON CONFLICT (tenant_id, contact_id) DO UPDATE SET version = mail_draft.version + 1, body = excluded.body, saved_at = excluded.saved_at
WHERE mail_draft.saved_at < excluded.saved_at
"""
LOCK_KEY = "SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))"
FIND_BY_KEY = "SELECT id, contact_id FROM mail WHERE headers ->> 'key' = $1"
SET_CONTACT = "UPDATE mail SET contact_id = $2 WHERE id = $1 AND contact_id IS NULL"
REMARKS = """
SELECT (body ->> 'mail_id')::bigint AS mail_id, body ->> 'remark' AS remark, body ->> 'person_id' AS person_id FROM fact
WHERE contact_id = ANY($1::bigint[]) AND kind = 'answer_sent_back'
"""
PEOPLE = "SELECT id, name FROM person WHERE id = ANY($1::text[])"
NOTES = """
SELECT at, agent_id, body ->> 'note' AS note FROM fact
WHERE contact_id = ANY($1::bigint[]) AND kind = 'wrapped_up' AND body ->> 'note' <> '' ORDER BY seq, ordinal
"""
LAST_QUEUE = """
SELECT queue_id FROM fact WHERE contact_id = $1 AND kind = 'contact_queued' ORDER BY seq DESC, ordinal DESC LIMIT 1
"""

FIND_DRAFT = "SELECT version, body, person_id, person_name, saved_at FROM mail_draft WHERE contact_id = $1"
SAVE_DRAFT = """
INSERT INTO mail_draft (tenant_id, contact_id, version, body, person_id, person_name, saved_at)
VALUES ($1, $2, 1, $3, $4, $5, $6)
ON CONFLICT (tenant_id, contact_id) DO UPDATE SET version = mail_draft.version + 1, body = excluded.body,
    person_id = excluded.person_id, person_name = excluded.person_name, saved_at = excluded.saved_at
WHERE mail_draft.version = $7 OR $7 < 0
RETURNING version
"""
DROP_DRAFT = "DELETE FROM mail_draft WHERE contact_id = $1"

NEW_DRAFTS = """
SELECT draft_id, version, body, saved_at FROM new_mail_draft WHERE person_id = $1 ORDER BY saved_at DESC, draft_id
"""
COUNT_NEW_DRAFTS = "SELECT count(*)::int FROM new_mail_draft WHERE person_id = $1"
FIND_NEW_DRAFT = "SELECT version, body, saved_at FROM new_mail_draft WHERE person_id = $1 AND draft_id = $2"
SAVE_NEW_DRAFT = """
INSERT INTO new_mail_draft (tenant_id, person_id, draft_id, version, body, saved_at) VALUES ($1, $2, $3, 1, $4, $5)
ON CONFLICT (tenant_id, person_id, draft_id) DO UPDATE SET version = new_mail_draft.version + 1, body = excluded.body,
    saved_at = excluded.saved_at
WHERE new_mail_draft.version = $6
RETURNING version
"""
PUT_BACK_NEW_DRAFT = """
INSERT INTO new_mail_draft (tenant_id, person_id, draft_id, version, body, saved_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, person_id, draft_id) DO NOTHING
"""
DROP_NEW_DRAFT = "DELETE FROM new_mail_draft WHERE person_id = $1 AND draft_id = $2"
KEY_IS_USED = "SELECT EXISTS (SELECT FROM mail WHERE headers ->> 'key' = $1)"

INBOX_STATES = """
SELECT inbox_id, looked_at, ok, sentence, hint, failing_since FROM inbox_state
"""
INBOX_COUNTS = """
SELECT inbox_id, count(*) FILTER (WHERE state = 'sent')::int AS sent, count(*) FILTER (WHERE state IN ('failed', 'bounced'))::int AS failed
FROM mail WHERE direction = 'out' AND received_at >= $1 GROUP BY inbox_id
"""
SET_ASIDE = """
SELECT mail.id, mail.direction, mail.recipients, mail.inbox_id, mail.received_at, mail.sender, mail.subject, mail.reason, mail.state,
    coalesce(blob.size, 0) AS size
FROM mail LEFT JOIN blob ON blob.hash = mail.raw_hash
WHERE mail.state IN ('set_aside', 'retry') ORDER BY mail.id DESC LIMIT $1
"""
RETRY = "UPDATE mail SET state = 'retry' WHERE id = $1 AND state = 'set_aside' RETURNING id"
